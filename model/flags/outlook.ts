import type { Flags } from "../flags";
import type { Reason } from "../rollout/action";
import type { Stop } from "../rollout/outlook";
import type { FlagAction } from "./action";
import { type Flag, exposureOf } from "./flag";
import { type FlagSituation, liveValue, recordedOf } from "./situation";

/** A flag's way from where it is, if all goes well: its stops, and when it may be there by its bake times. */
export interface FlagOutlook {
  /** Shares are of sessions, in percent. */
  readonly stops: readonly Stop[];
  /** Of the sessions that have it, in percent. */
  readonly percentage: number;
  /** ISO time since which they do. Absent: not recorded yet. */
  readonly since?: string;
  /** Why it goes nowhere by itself. */
  readonly standsStill?: string;
}

/** Why a flag's plan goes nowhere by itself; undefined where it does. */
function standsStill({ enabled, plan, settled }: Flag, percentage: number): string | undefined {
  if (plan.hold !== undefined) return `held: ${plan.hold}`;
  if (!enabled) return "it is disabled";
  if (percentage === 100) return settled ? "all sessions have it, and it is settled" : "all sessions have it";
  return percentage === 0 && plan.steps[0]?.share !== 0 ? "a person begins it" : undefined;
}

/**
 * Where a flag is on its plan.
 *
 * @param recorded as the state has it. Absent: it has none
 * @param now ISO time
 */
export function flagOutlook(flag: Flag, recorded: Flags[string] | undefined, now: string): FlagOutlook {
  const { percentage = 0, since } = recorded ?? {};
  const still = standsStill(flag, percentage);
  const here = flag.plan.steps.findLast(({ share }) => share <= percentage)?.share;
  let free = Date.parse(since ?? now);
  const stops = flag.plan.steps.map((step): Stop => {
    const place = here === undefined || step.share > here ? "ahead" : step.share === here ? "here" : "behind";
    const at = new Date(Math.max(free, Date.parse(now))).toISOString();
    if (place === "here") free = Date.parse(since ?? now) + 1_000 * step.bakeSeconds;
    if (place === "ahead") free = Math.max(free, Date.parse(now)) + 1_000 * step.bakeSeconds;
    return { ...step, place, ...(place === "ahead" && still === undefined && { notBefore: at }) };
  });
  return {
    ...{ stops, percentage },
    ...(since !== undefined && { since }),
    ...(still !== undefined && { standsStill: still }),
  };
}

/** A flag at a glance. */
export interface FlagStatus {
  readonly name: string;
  /** By configuration, and by the state, in percent of sessions. */
  readonly configured: number;
  readonly recorded: number;
  /** As SSM has it. Absent: it could not be seen, or there is none. */
  readonly live?: number;
  /** The plan's name, and its shares in percent. */
  readonly plan: string;
  readonly shares: readonly number[];
  /** What is decided on now. */
  readonly decision: { readonly kind: FlagAction["kind"]; readonly reasons: readonly Reason[] };
}

/** What is told of a flag and of what is decided about it. */
export function flagStatus(scene: FlagSituation, { kind, reasons }: FlagAction): FlagStatus {
  const { name, flag } = scene;
  const live = liveValue(scene);
  return {
    ...{ name, configured: exposureOf(flag), recorded: recordedOf(scene) },
    ...(live && { live: exposureOf(live) }),
    ...{ plan: flag.plan.name, shares: flag.plan.steps.map(({ share }) => share) },
    decision: { kind, reasons },
  };
}
