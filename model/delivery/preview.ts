import type { CostTotal } from "../cost";
import { isRetreat } from "../movement";
import type { Transition } from "../rule";
import { RULES } from "../rules";
import { verdict } from "../verdict";
import type { EngineEvent } from "./events";
import { type Move, moveOf } from "./move";
import { type PlannedChange, isSettling, plannedIn } from "./planned";
import { type Loss, lossesOf } from "./precious";
import { type Refusal, adviceIn, plainText, refusalsIn } from "./refusals";

/** A preview as it was made. */
export interface Previewed {
  readonly stack: string;
  /** What git calls the previewed text. Absent: not in a repository. */
  readonly commit?: string;
  /** From what the state has to what configuration asks for. Absent: one of them cannot be read. */
  readonly transition?: Transition;
  readonly events: readonly EngineEvent[];
  readonly ended: "succeeded" | "failed";
  /** What the engine printed to standard error: the reason of a failure that came before the first event. */
  readonly printed: string;
  /** What the stack would cost a month. Absent: settings are at fault. */
  readonly cost?: CostTotal;
  /** What could not be looked at, a sentence each. */
  readonly unseen?: readonly string[];
}

/** What came of a preview: `refused` by Sluice, or `failed` by anything else. */
export type PreviewResult = "nothing" | "changes" | "refused" | "failed";

/** Which rules about releases judged a transition, by id. */
export interface Judgement {
  readonly refused: readonly string[];
  /** Somebody answers for what they refuse. */
  readonly overridden: readonly { readonly rule: string; readonly by: string; readonly reason: string }[];
  readonly passed: readonly string[];
  /** Not asked, and why. */
  readonly notAsked: readonly { readonly rules: readonly string[]; readonly why: string }[];
}

/** What a reviewer is told of a preview. */
export interface PreviewFacts {
  readonly schema: 1;
  readonly stack: string;
  readonly commit?: string;
  readonly result: PreviewResult;
  readonly move?: Move;
  /** What would be lost or interrupted, which must stand out. */
  readonly losses: readonly Loss[];
  readonly refusals: readonly Refusal[];
  readonly judgement?: Judgement;
  readonly advice: readonly Refusal[];
  readonly warnings: readonly string[];
  readonly changes: readonly PlannedChange[];
  /** How many resources stay as they are. */
  readonly same: number;
  /** USD a month, before as the state has it. */
  readonly cost: { readonly before?: CostTotal; readonly after?: CostTotal };
  /** Why the cluster could not be reached. Absent: it could, or nobody tried. */
  readonly unreachable?: string;
  /** What could not be looked at. */
  readonly unseen: readonly string[];
  /** Why a preview failed that Sluice did not refuse. */
  readonly errors: readonly string[];
}

const STACK = "pulumi:pulumi:Stack";

/** How the Kubernetes provider, and what it is made of, say that they have no way to the API. */
const UNREACHABLE =
  /cluster is unreachable|unable to load schema information from the API server|failed to fetch OpenAPI schema|dial tcp .*(?:timeout|refused|no such host|no route)/i;

/** What is worth telling of a preview. */
export function factsOf(previewed: Previewed): PreviewFacts {
  const { stack, commit, transition, events, ended, printed } = previewed;
  const judged = transition && verdict(transition);
  const refusals = refusalsIn(events, judged?.refused ?? []);
  const { changes, same } = plannedIn(events);
  const said = diagnosticsIn(events);
  const unreachable = said.all.find((message) => UNREACHABLE.test(message));
  const settles = changes.every(isSettling);
  const move = transition && moveOf(transition);
  const before = costBefore(events);
  const isRefused = refusals.length > 0 && ended === "failed";
  const nothing = settles && (move === undefined || move.kind === "hold");
  return {
    ...{ schema: 1, stack },
    ...(commit !== undefined && { commit }),
    result: isRefused ? "refused" : ended === "failed" ? "failed" : nothing ? "nothing" : "changes",
    ...(move && { move }),
    losses: lossesOf(changes),
    refusals,
    ...(transition && judged && { judgement: judgementOf(transition, refusals, judged.overridden) }),
    advice: adviceIn(events),
    warnings: said.warnings.filter((message) => message !== unreachable),
    changes,
    same,
    cost: { ...(before && { before }), ...(previewed.cost && { after: previewed.cost }) },
    ...(unreachable !== undefined && { unreachable }),
    unseen: previewed.unseen ?? [],
    errors:
      isRefused || ended === "succeeded" ? [] : (reasons(said.errors, unreachable) ?? [plainText(printed)]),
  };
}

/** Why it failed, without what is said elsewhere or says nothing; undefined where the engine gave no reason. */
function reasons(errors: readonly string[], unreachable: string | undefined): string[] | undefined {
  const told = errors.filter((error) => error !== unreachable && error !== "preview failed");
  return told.length > 0 || unreachable !== undefined ? told : undefined;
}

function judgementOf(
  transition: Transition,
  refusals: readonly Refusal[],
  overridden: ReturnType<typeof verdict>["overridden"],
): Judgement {
  // Settings are at fault before any rule is asked.
  if (refusals.some(({ layer }) => layer === "settings")) {
    const why = "settings are at fault, and come before the rules";
    return { refused: [], overridden: [], passed: [], notAsked: [{ rules: RULES.map(({ id }) => id), why }] };
  }
  const retreat = isRetreat(transition);
  const blind = transition.baked === "unknown" ? ["T9"] : [];
  const refused = [...new Set(refusals.flatMap(({ rule }) => rule ?? []))];
  const answered = [
    ...new Map(
      overridden.map(({ violation: { id }, override: { by, reason } }) => [id, { rule: id, by, reason }]),
    ).values(),
  ];
  const isAsked = (rule: (typeof RULES)[number]) =>
    (!retreat || rule.judgesRetreat === true) && !blind.includes(rule.id);
  const passed = RULES.filter(isAsked).map(({ id }) => id);
  const given = RULES.filter(({ judgesRetreat }) => retreat && judgesRetreat !== true).map(({ id }) => id);
  return {
    refused,
    overridden: answered,
    passed: passed.filter((id) => !refused.includes(id) && !answered.some(({ rule }) => rule === id)),
    notAsked: [
      ...(given.length > 0 ? [{ rules: given, why: "going back is judged by no others" }] : []),
      ...(blind.length > 0 && !given.includes("T9")
        ? [{ rules: blind, why: "nobody can say what has baked in the environment before this one" }]
        : []),
    ],
  };
}

/** What the stack's outputs last said. */
function costBefore(events: readonly EngineEvent[]): CostTotal | undefined {
  for (const { resourcePreEvent, resOutputsEvent } of events) {
    const step = resourcePreEvent?.metadata ?? resOutputsEvent?.metadata;
    if (step?.type !== STACK) continue;
    const found = step.old?.outputs?.["monthlyCost"] as Partial<CostTotal> | undefined;
    if (typeof found?.oneColour === "number" && typeof found.bothColours === "number") {
      return { oneColour: found.oneColour, bothColours: found.bothColours };
    }
  }
  return undefined;
}

function diagnosticsIn(events: readonly EngineEvent[]) {
  const of = (severity: string): string[] =>
    [
      ...new Set(
        events.flatMap(({ diagnosticEvent }) =>
          diagnosticEvent?.severity === severity && diagnosticEvent.ephemeral !== true
            ? [plainText(diagnosticEvent.message)]
            : [],
        ),
      ),
    ].filter(Boolean);
  const [warnings, errors] = [of("warning"), of("error")];
  return { warnings, errors, all: [...warnings, ...errors] };
}
