import { stricter } from "./limits";
import { type Action, type Reason, earliest } from "./rollout/action";
import { standsStill } from "./rollout/outlook";
import { stepAt } from "./rollout/plan";
import { valueOf } from "./rollout/seen";
import { type Lock, type Scene, type Situation, sceneOf } from "./rollout/situation";
import type { Judgement } from "./analysis/finding";
import { leastOf } from "./shares";
import { secondsBetween } from "./trust";

/** Where a candidate stands on its way. */
export interface Step {
  /** The plan's name, and its shares in percent. */
  readonly plan: string;
  readonly shares: readonly number[];
  /** The candidate's share, in percent. */
  readonly share: number;
  /** Seconds that it has baked there, and that it must. */
  readonly seconds: number;
  readonly needed: number;
}

/** What a release does next, and what it waits for. */
export interface Progress {
  /** Absent where nothing is under way. */
  readonly step?: Step;
  /** What is decided on now; of a hold everything that stands against going on, the decisive first. */
  readonly decision: {
    readonly kind: Action["kind"];
    readonly reasons: readonly Reason[];
    /** ISO time before which what only time ends has not ended. */
    readonly notBefore?: string;
  };
  /** What the metrics say; absent where they were not asked or could not be. */
  readonly judged?: Pick<Judgement, "verdict"> & { readonly evidence?: string };
  /** Whose update holds the stack; `null`: nobody's; absent where that could not be seen. */
  readonly lock?: Lock | null;
}

/** What is told of a decision and what it was made from. */
export function progressOf(situation: Situation, action: Action): Progress {
  const { recorded, analysis, lock } = situation;
  const state = valueOf(recorded);
  const step = state && stepOf(sceneOf(situation, state));
  const judgement = valueOf(analysis)?.judgement;
  const evidence = judgement?.findings[0]?.evidence;
  const until = action.kind === "hold" ? earliest(action) : undefined;
  return {
    ...(step && { step }),
    decision: {
      ...{ kind: action.kind, reasons: action.reasons },
      ...(until !== undefined && { notBefore: until }),
    },
    ...(judgement && { judged: { verdict: judgement.verdict, ...(evidence !== undefined && { evidence }) } }),
    ...("value" in lock && { lock: lock.value ?? null }),
  };
}

function stepOf(scene: Scene): Step | undefined {
  const { asked, state, colour, now } = scene;
  if (standsStill(scene) !== undefined) return undefined;
  const { name: plan, steps } = asked.plan;
  const share = leastOf(state, colour);
  const { bakeSeconds } = stepAt(asked.plan, share);
  // Before a promote the limit counts as well.
  const least = share === 100 ? stricter(state.limits, asked.limits).bakeSeconds : 0;
  return {
    ...{ plan, shares: steps.map((step) => step.share), share },
    seconds: Math.max(0, Math.floor(secondsBetween(state.since, now))),
    needed: Math.max(bakeSeconds, least),
  };
}
