import type { Flags } from "../flags";
import { stepAt } from "../rollout/plan";
import { format, set } from "../schema/faults";
import { secondsBetween } from "../trust";
import { type Flag, exposureOf } from "./flag";

/** Why a flag may not get as many sessions as configuration asks for. */
export interface FlagObjection {
  readonly flag: string;
  /** Path in configuration. */
  readonly where: string;
  /** What was found and what is allowed, in a sentence without a full stop. */
  readonly why: string;
  /** The command that mends it. */
  readonly remedy: string;
}

/**
 * The rises that a flag's plan does not have: past its next stop, or any while the plan is held. A fall is always
 * permitted.
 *
 * @param before as the state has them; undefined where nothing has been recorded, and nobody has anything to lose
 */
export function offPlan(
  flags: Readonly<Record<string, Flag>>,
  before: { readonly flags?: Flags } | undefined,
): FlagObjection[] {
  if (!before) return [];
  return Object.entries(flags).flatMap(([name, flag]) => {
    const { plan } = flag;
    const [had, asked] = [before.flags?.[name]?.percentage ?? 0, exposureOf(flag)];
    if (asked <= had) return [];
    const where = format(["flags", name, "rollout_percentage"]);
    const back = set(["flags", name, "rollout_percentage"], had);
    const rise = `${name} would rise from ${had} % of the sessions to ${asked} %`;
    if (plan.hold !== undefined) {
      return [{ flag: name, where, why: `${rise}, and its plan is held: ${plan.hold}`, remedy: back }];
    }
    const stop = nextStop(flag, had);
    if (asked <= stop) return [];
    const why = `${rise}, and the next stop of its plan (${plan.name}) is ${stop} %`;
    return [{ flag: name, where, why, remedy: set(["flags", name, "rollout_percentage"], stop) }];
  });
}

/**
 * The flags that would end while sessions have them. Processes keep what they have read of a parameter that is gone, and
 * those that start have nothing to read: the fleet would be of two minds. So a flag is disabled first.
 *
 * @param before as the state has them
 */
export const endsInUse = (
  flags: Readonly<Record<string, Flag>>,
  before: { readonly flags?: Flags } | undefined,
): FlagObjection[] =>
  Object.entries(before?.flags ?? {})
    .filter(([flag, { percentage }]) => percentage > 0 && !flags[flag])
    .map(([flag, { percentage }]) => ({
      ...{ flag, where: format(["flags", flag]) },
      why: `${flag} would end while ${percentage} % of the sessions have it, and running processes would keep it`,
      remedy: `declare it as before, then: sluice flags disable ${flag}; and then remove it`,
    }));

/** The percentage at which a flag's plan stops next on its way up from `had`; 100 where nothing is in the way. */
export const nextStop = ({ plan }: Pick<Flag, "plan">, had: number): number =>
  plan.steps.find(({ share }) => share > had)?.share ?? 100;

/** The stop of a flag's plan before the one that it has reached, in percent; 0 where there is none. */
export const stopBefore = (stops: readonly number[], from: number): number =>
  stops.findLast((share) => share < from) ?? 0;

/**
 * How long a flag must still stay where it is before its plan's next step, in seconds; 0 where it may go on.
 *
 * @param before as the state has it
 * @param now ISO time
 */
export function bakesFor(
  { plan }: Pick<Flag, "plan">,
  before: Flags[string] | undefined,
  now: string,
): number {
  if (before?.since === undefined) return 0;
  const { bakeSeconds } = stepAt(plan, before.percentage);
  return Math.max(0, Math.ceil(bakeSeconds - secondsBetween(before.since, now)));
}
