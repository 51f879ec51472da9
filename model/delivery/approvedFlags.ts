import { isRecord } from "../schema/faults";
import { canonical } from "./canonical";
import { withoutHold } from "./waiting";

/**
 * Keys of flags that configuration gives to more sessions than when somebody was asked, or declares otherwise. A fall
 * needs nobody's approval, and what a tick has raised since was begun with one: the state has it.
 *
 * @param approved the value of `sluice:flags` then, as JSON; which flags there are is another question
 * @param asked its value now
 * @param has percent of the sessions that the state gives each flag
 */
export function unapprovedFlags(
  approved: string | undefined,
  asked: string | undefined,
  has: Readonly<Record<string, number>>,
): string[] {
  const [before, after] = [byName(approved), byName(asked)];
  return Object.entries(after).flatMap(([name, flag]) => {
    const old = before[name];
    if (!isRecord(flag) || !isRecord(old)) return [];
    const isMore = exposure(flag) > Math.max(exposure(old), has[name] ?? 0);
    return isMore || canonical(declared(flag)) !== canonical(declared(old)) ? [`sluice:flags.${name}`] : [];
  });
}

const byName = (text: string | undefined): Readonly<Record<string, unknown>> => {
  const value: unknown = JSON.parse(text ?? "{}");
  return isRecord(value) ? value : {};
};

/** Settings have been read, and so these are what they say. */
const exposure = ({ enabled, rollout_percentage = 0 }: Readonly<Record<string, unknown>>): number =>
  enabled === false ? 0 : Number(rollout_percentage);

/** A flag without what ticks and commands write. */
const declared = ({
  enabled: _,
  rollout_percentage: __,
  plan,
  ...rest
}: Readonly<Record<string, unknown>>) => ({
  ...rest,
  plan: withoutHold(plan),
});
