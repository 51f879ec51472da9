import type { Ends } from "./part";
import type { Outcome } from "./replay";
import type { Scenario } from "./scenario";
import { type Estimate, mean, median, proportion } from "./statistics";

/** What a rule did with all canaries of a scenario. */
export interface Summary {
  readonly rule: string;
  /** Proportions 0–1. False where the candidate is good. */
  readonly rolledBack: Estimate;
  /** Missed where the candidate is bad. */
  readonly reachedEnd: Estimate;
  readonly held: Estimate;
  /** Requests that the candidate answered before it was rolled back: see `Outcome`. */
  readonly exposed: Estimate;
  /** Median minute of those that ended as they should: rolled back if bad, else at the end. NaN if none did. */
  readonly minutes: number;
}

/** Sums up one rule, by its place among the rules. */
export function summarise(rule: string, place: number, scenario: Scenario, ends: readonly Ends[]): Summary {
  const outcomes = outcomesOf(place, ends);
  const that = (ended: Outcome["ended"]) => outcomes.filter((outcome) => outcome.ended === ended);
  const part = (ended: Outcome["ended"]) => proportion(that(ended).length, outcomes.length);
  const right = that(scenario.candidateIs === "bad" ? "rolled back" : "the end");
  return {
    rule,
    rolledBack: part("rolled back"),
    reachedEnd: part("the end"),
    held: part("held"),
    exposed: mean(outcomes.map(({ exposed }) => exposed)),
    minutes: median(right.map(({ minute }) => minute)),
  };
}

/** What one rule did with each canary. */
export const outcomesOf = (place: number, ends: readonly Ends[]): Outcome[] =>
  ends.flatMap((end) => end[place] ?? []);
