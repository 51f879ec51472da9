import { stricter } from "./limits";
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
 * A retreat is hardly ever refused: shares that are no legal shares can be wrong about it, and a schema that
 * no longer serves the version that it goes back to. Limits that the same edit relaxes do not count yet.
 */
export function judge(transition: Transition): Violation[] {
  const { from, limits } = transition;
  const counted = judged({ ...transition, limits: stricter(from?.limits, limits) });
  const asked = counted.length > 0 ? judged(transition) : [];
  return counted.map((violation) =>
    asked.some(({ id, where }) => id === violation.id && where === violation.where)
      ? violation
      : { ...violation, message: `${violation.message} ${RELAXED}` },
  );
}

/** Said where the limits that the edit asks for would permit what the recorded ones refuse. */
const RELAXED = "A limit that is relaxed counts from the update after the one that sets it.";

function judged(transition: Transition): Violation[] {
  const rules = isRetreat(transition) ? RULES.filter((rule) => rule.judgesRetreat) : RULES;
  return rules.flatMap((rule) => rule.judge(transition));
}
