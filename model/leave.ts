import { LONGEST_OVERRIDE_DAYS, type Override, type UsedOverride } from "./override";
import type { Rule, Transition } from "./rule";
import { set } from "./schema/faults";

const DAY = 86_400_000;

/** How many used overrides are kept; those that have not expired are kept beside them, so that none counts twice. */
const KEPT = 20;

/** The override that lifts a rule's violations at this moment; undefined where none does. */
export const leaveFor = (rule: Rule, transition: Transition): Override | undefined =>
  overridesOf(rule, transition).find((override) => voidBecause(rule, override, transition) === undefined);

/** Why the overrides that name a rule lift nothing, a sentence each; empty where there are none, or one lifts. */
export const voidLeaves = (rule: Rule, transition: Transition): string[] =>
  overridesOf(rule, transition).flatMap((override) => {
    const reason = voidBecause(rule, override, transition);
    return reason === undefined
      ? []
      : [`The override by ${override.by} ("${override.reason}") lifts nothing: ${reason}.`];
  });

const overridesOf = ({ id }: Rule, { overrides = [] }: Transition): readonly Override[] =>
  overrides.filter((override) => override.rule === id);

function voidBecause(rule: Rule, override: Override, { from, now }: Transition): string | undefined {
  if (rule.absolute) return `nobody can answer for what ${rule.id} refuses, because it cannot work`;
  const used = from?.overrides?.find((one) => sameLeave(one, override));
  if (used) return `it was used at ${used.at}, and each counts for one update`;
  const left = Date.parse(override.expires) - Date.parse(now);
  if (left <= 0) return `it expired at ${override.expires}`;
  if (left <= LONGEST_OVERRIDE_DAYS * DAY) return undefined;
  return (
    `it would expire at ${override.expires}, and none counts for longer than ${LONGEST_OVERRIDE_DAYS} days; ` +
    `what is right for longer is a change of the limit`
  );
}

/** However the time is written: another spelling of it is not another decision. */
const sameLeave = (one: Override, other: Override): boolean =>
  one.rule === other.rule &&
  one.by === other.by &&
  one.reason === other.reason &&
  Date.parse(one.expires) === Date.parse(other.expires);

/**
 * The overrides that have been used once these have been, too.
 *
 * @param at ISO time of the update that used them
 */
export function withUsed(
  before: readonly UsedOverride[] = [],
  used: readonly Override[],
  at: string,
): readonly UsedOverride[] {
  if (used.length === 0) return before;
  const all = [...before, ...used.map((override) => ({ ...override, at }))];
  return all.filter(
    ({ expires }, index) => index >= all.length - KEPT || Date.parse(expires) > Date.parse(at),
  );
}

/**
 * The commands by which somebody answers once for what a rule refuses, for a day from now: the last way out, to be
 * told after the better ones. Who and why are the words of whoever does.
 *
 * @param after how many others are told in the same breath, before this one
 */
export function leaveCommands(rule: string, { overrides = [], now }: Transition, after = 0): string {
  const entry: Override = {
    rule,
    by: "<your name>",
    reason: "<why>",
    expires: new Date(Date.parse(now) + DAY).toISOString(),
  };
  return Object.entries(entry)
    .map(([key, value]) => set(["overrides", overrides.length + after, key], value as string))
    .join(" && ");
}
