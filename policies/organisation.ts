import { stricter } from "../model/limits";
import { type Rule, type Transition, isRetreat, judge } from "../model/transition";
import { format, set } from "../model/schema/faults";
import { isRestored } from "../model/trust";
import type { Demands } from "./configuration";

/** What an organisation that demands nothing gets: the stack's own limits and overrides. */
export const NO_DEMANDS: Demands = { limits: {}, overrides: true };

/**
 * What a rule refuses of a transition where an organisation's demands count beside the stack's own limits. They can
 * only add to what the stack's own refuse.
 */
export function judgeFor(rule: Rule, transition: Transition, demands: Demands): string[] {
  const { overrides = [], limits } = transition;
  const others = overrides.filter((override) => override.rule !== rule.id);
  const unaccepted = !demands.overrides && others.length < overrides.length;
  const asked = unaccepted ? { ...transition, overrides: others } : transition;
  const own = judge(asked, [rule]);
  const demandsLimits = Object.keys(demands.limits).length > 0;
  const found = demandsLimits ? judge({ ...asked, limits: stricter(demands.limits, limits) }, [rule]) : own;
  return [
    ...found.map(({ where, message }) => {
      const demanded = own.some((violation) => violation.where === where) ? [] : [DEMANDED];
      return told(where, message, ...demanded, ...(unaccepted ? [UNACCEPTED] : []));
    }),
    ...(rule.id === "T6" ? shortRetention(transition, demands) : []),
  ];
}

const DEMANDED = "Your organisation's policies set this limit, not the stack.";
const UNACCEPTED = "Your organisation's policies accept no override of this rule.";

const told = (where: string, ...sentences: readonly string[]): string => `${where}: ${sentences.join(" ")}`;

/**
 * How long a predecessor stays at full size is the stack's doing and not a question of one edit, so that the limit
 * itself must be long enough; a way back, in place too, waits for nothing.
 */
function shortRetention(transition: Transition, { limits: { warmSeconds } }: Demands): string[] {
  const { from, limits } = transition;
  const kept = stricter(from?.limits, limits).warmSeconds;
  if (warmSeconds === undefined || kept >= warmSeconds) return [];
  if (isRetreat(transition) || isRestored(transition)) return [];
  const path = ["limits", "warmSeconds"] as const;
  const message =
    `a predecessor would stay at full size for ${kept} s. The limit: ${warmSeconds} s at least. ` +
    `Set it: ${set(path, warmSeconds)}.`;
  return [told(format(path), message, DEMANDED)];
}
