import { type Finding, unseen } from "../analysis/finding";
import { FAMILIES } from "../monitoring/families";
import { matchers, quoted } from "../monitoring/promql";
import type { Colour } from "../release";
import type { Seen } from "../rollout/seen";

/** How long requests are counted for a rate, as PromQL says it. */
const WINDOW = "5m";

/** Requests a minute of a colour to a provider. One number; 0 where the colour calls others. */
export const callsQuery = (app: string, colour: Colour, provider: string): string => {
  const own = matchers({ app }, `colour=${quoted(colour)}`);
  const count = (more: string) => `sum(rate(${FAMILIES.providerRequests.name}{${own}${more}}[${WINDOW}]))`;
  return `60 * (${count(`,provider=${quoted(provider)}`)} or 0 * ${count("")})`;
};

/** What a provider is to carry once the candidate's share has risen. */
export interface QuotaAsked {
  readonly provider: string;
  /** Requests a minute that the account has. */
  readonly quota: number;
  /** The share in percent of the colour whose requests to it were counted, or to the one that it replaces. */
  readonly share: number;
  /** The candidate's next share. */
  readonly next: number;
  /** Requests a minute that were counted. */
  readonly calls: Seen<number>;
}

/**
 * Whether a provider's quota carries the next share, by what was asked of it, or of its predecessor, at the present one.
 * Beyond it the provider answers 429, which no other limit tells from the version's own faults.
 */
export function judgeQuota({ provider, quota, share, next, calls }: QuotaAsked): Finding {
  const criterion = `quota of ${provider}`;
  if ("unseen" in calls) return unseen(criterion, `calls of ${provider} could not be seen: ${calls.unseen}`);
  const expected = (calls.value * next) / share;
  const figures = { expected, quota, share, next };
  const evidence =
    `${provider} would be called ${Math.round(expected)} times a minute at ${next} % ` +
    `(${Math.round(calls.value)} at ${share} % now); its quota is ${quota}`;
  return expected > quota
    ? { criterion, verdict: "failure", urgency: "hold", evidence, figures }
    : { criterion, verdict: "success", evidence, figures };
}
