import type { Violation, Transition } from "./rule";
import { isRetreat } from "./movement";
import { RULES } from "./rules";

export { classify } from "./classify";
export { candidate, isRetreat, isRise, rises } from "./movement";
export { next } from "./next";
export type { Rule, Transition, Violation } from "./rule";
export { coldColour, isDraining, isTrusted, retentionPhase, trustedColours } from "./trust";

/**
 * Every reason why a transition is refused; empty where it is permitted.
 *
 * A retreat is never refused: only shares that are no legal shares can be wrong about it.
 */
export function judge(transition: Transition): Violation[] {
  const rules = isRetreat(transition) ? RULES.filter((rule) => rule.judgesRetreat) : RULES;
  return rules.flatMap((rule) => rule.judge(transition));
}
