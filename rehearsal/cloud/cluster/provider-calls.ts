import { KNOWN } from "../../../model/providers/providers";
import { kindOfPrimary, tasksOf } from "../../../model/providers/tasks";
import type { Chance } from "../../chance";
import type { Status } from "../../../model/monitoring/families";

/** How a provider of models (mis)behaves. Without it a provider answers at once. */
export interface ProviderFault {
  /** Which provider; without a name all of them. */
  readonly name?: string;
  /** Share of requests to it that fail, in percent, 0-100. Default 0. */
  readonly errorRate?: number;
  /** Share of requests to it that it answers with 429, in percent, 0-100. Default 0. */
  readonly rateLimited?: number;
  /** What each request to it takes, in milliseconds. Default 0. */
  readonly latencyMs?: number;
}

/** What a pod asks of providers for each ordinary request. */
export interface ProviderUse {
  readonly work: "transcription" | "analysis";
  /** Who is asked first, and who is asked where those before failed. */
  readonly chain: readonly string[];
}

/** One request to a provider. */
export interface ProviderCall {
  readonly provider: string;
  readonly status: Status;
  readonly milliseconds: number;
}

/** Whom an application asks that has no settings: the one that the guide of the migration sets out from. */
const FIRST = "groq";

/** Services that turn speech into text; all others work on texts. */
const SPEECH = /voice|speech|transcri/;

/**
 * What a service's pods ask, by their variables: `PRIMARY_STT_PROVIDER` and who takes over from that for speech,
 * `PRIMARY_PROVIDER` for texts.
 */
export function providerUse(service: string, variables: Readonly<Record<string, string>>): ProviderUse {
  const speech = SPEECH.test(service);
  const kind = speech ? "STT_" : "";
  const task = tasksOf(variables, Object.keys(KNOWN)).find((one) => kindOfPrimary(one.variable) === kind);
  return {
    work: speech ? "transcription" : "analysis",
    chain: task ? [task.primary, ...task.fallbacks] : [FIRST],
  };
}

/**
 * The requests to providers behind one ordinary request: one after another until one succeeds or nobody is left.
 *
 * @param chance decides which fail, where some do
 */
export function providerCalls(
  { chain }: ProviderUse,
  fault: ProviderFault | undefined,
  chance: Chance,
): ProviderCall[] {
  const calls: ProviderCall[] = [];
  for (const provider of chain) {
    const met = fault && (fault.name ?? provider) === provider ? fault : {};
    const drawn = 100 * chance();
    const { rateLimited = 0, errorRate = 0, latencyMs: milliseconds = 0 } = met;
    const status =
      drawn < rateLimited ? "rate_limited" : drawn < rateLimited + errorRate ? "error" : "success";
    calls.push({ provider, status, milliseconds });
    if (status === "success") break;
  }
  return calls;
}

/** What one answer is billed. */
export interface Bill {
  readonly tokens: number;
  readonly dollars: number;
}

/** Tokens of one analysis, question and answer together. */
const TOKENS = 800;

/** Minutes of speech in one transcription, which providers bill by time and not by tokens. */
const MINUTES = 0.25;

/**
 * US dollars for a million tokens, and for a minute of speech: near list prices of 2025, which move. What matters is
 * that a change of provider is a change of cost.
 */
const PRICES: Readonly<Record<string, { readonly million: number; readonly minute: number }>> = {
  groq: { million: 0.6, minute: 0.0019 },
  openai: { million: 2.5, minute: 0.006 },
  openrouter: { million: 0.9, minute: 0.004 },
};

/** A provider that has no price here costs as much as this one. */
const LIKE = "openrouter";

/** What a provider bills for one answer. */
export function billOf(provider: string, work: ProviderUse["work"]): Bill {
  const { million, minute } = PRICES[provider] ?? PRICES[LIKE]!;
  return work === "transcription"
    ? { tokens: 0, dollars: MINUTES * minute }
    : { tokens: TOKENS, dollars: (TOKENS * million) / 1e6 };
}
