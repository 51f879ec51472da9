import { leaveFor, voidLeaves } from "./leave";
import { stricter } from "./limits";
import { isRetreat } from "./movement";
import type { Override } from "./override";
import type { Rule, Transition, Violation } from "./rule";
import { RULES } from "./rules";

/** A violation for which somebody answers. */
export interface Overridden {
  readonly violation: Violation;
  readonly override: Override;
}

/** What the rules say of a transition, and what they would say if nobody answered for it. */
export interface Verdict {
  /** Every reason why it is refused; empty where it is permitted. */
  readonly refused: readonly Violation[];
  readonly overridden: readonly Overridden[];
}

/** {@link Verdict.refused}, for whoever asks no more. */
export const judge = (transition: Transition, rules?: readonly Rule[]): Violation[] => [
  ...verdict(transition, rules).refused,
];

/**
 * Judges a transition. An override lifts all that its rule says about one update, by whatever limits.
 *
 * A retreat is hardly ever refused: shares that are no legal shares can be wrong about it, and a schema that
 * no longer serves the version that it goes back to. Limits that the same edit relaxes do not count yet.
 *
 * @param rules those that are asked. Default: every rule
 */
export function verdict(transition: Transition, rules: readonly Rule[] = RULES): Verdict {
  const asked = isRetreat(transition) ? rules.filter((rule) => rule.judgesRetreat) : rules;
  const found = asked.map((rule) => ({ rule, violations: violationsOf(rule, transition) }));
  const judged = found
    .filter(({ violations }) => violations.length > 0)
    .map(({ rule, violations }) => ({ rule, violations, override: leaveFor(rule, transition) }));
  return {
    refused: judged.flatMap(({ rule, violations, override }) =>
      override ? [] : violations.map((violation) => said(violation, voidLeaves(rule, transition))),
    ),
    overridden: judged.flatMap(({ violations, override }) =>
      override ? violations.map((violation) => ({ violation, override })) : [],
    ),
  };
}

/** The overrides that a transition makes use of, each once. */
export const usedOverrides = (transition: Transition): Override[] =>
  transition.overrides?.length
    ? [...new Set(verdict(transition).overridden.map(({ override }) => override))]
    : [];

/** Said where the limits that the edit asks for would permit what the recorded ones refuse. */
const RELAXED = "A limit that is relaxed counts from the update after the one that sets it.";

function violationsOf(rule: Rule, transition: Transition): Violation[] {
  const { from, limits } = transition;
  const counted = rule.judge({ ...transition, limits: stricter(from?.limits, limits) });
  const asked = counted.length > 0 ? rule.judge(transition) : [];
  return counted.map((violation) =>
    asked.some(({ where }) => where === violation.where) ? violation : said(violation, [RELAXED]),
  );
}

const said = (violation: Violation, sentences: readonly string[]): Violation =>
  sentences.length === 0 ? violation : { ...violation, message: [violation.message, ...sentences].join(" ") };
