import type { Ends } from "./part";
import type { Outcome } from "./replay";
import type { Scenario } from "./scenario";
import { CRITERIA } from "./scenarios";
import { type Estimate, mean } from "./statistics";
import { outcomesOf } from "./summary";

/** All canaries of a scenario. */
export interface Replayed {
  readonly scenario: Scenario;
  readonly ends: readonly Ends[];
}

/** Ours against another rule, in one respect. */
export interface Comparison {
  readonly scenario: string;
  readonly about: "false rollbacks" | "requests exposed";
  readonly rule: string;
  /** Ours less the other's, canary by canary: a mean, with its interval. */
  readonly difference: Estimate;
  /** `not compared`: the other rolls back the good twin. */
  readonly found: "holds" | "fails" | "not compared";
}

/** The name under which the false rollbacks of all good scenarios stand. */
export const ALL = "all good candidates";

/**
 * Holds ours against each other rule, as `CRITERIA` declares.
 *
 * @param rules names, ours first, as in each canary's ends
 */
export function compareAll(rules: readonly string[], replayed: readonly Replayed[]): Comparison[] {
  return rules.flatMap((rule, place) => {
    if (place === 0) return [];
    const good = replayed.filter(({ scenario }) => scenario.candidateIs === "good");
    const each = good.map(({ scenario, ends }): Comparison => {
      const difference = differenceOf(place, ends, isRolledBack);
      return {
        scenario: scenario.name,
        about: "false rollbacks",
        rule,
        difference,
        found: difference.low <= 0 ? "holds" : "fails",
      };
    });
    const over = differenceOf(
      place,
      good.flatMap(({ ends }) => ends),
      isRolledBack,
    );
    const all: Comparison = {
      scenario: ALL,
      about: "false rollbacks",
      rule,
      difference: over,
      found: over.value <= 0 ? "holds" : "fails",
    };
    return [...each, all, ...exposures(rule, place, replayed)];
  });
}

function exposures(rule: string, place: number, replayed: readonly Replayed[]): Comparison[] {
  const bad = replayed.filter(({ scenario }) => scenario.candidateIs === "bad");
  return bad.map(({ scenario, ends }) => {
    const difference = differenceOf(place, ends, ({ exposed }) => exposed);
    const twin = replayed.find((other) => other.scenario.name === scenario.twin);
    if (!twin) throw new Error(`${scenario.name}: there is no scenario "${scenario.twin}"`);
    const isRule = mean(outcomesOf(place, twin.ends).map(isRolledBack)).value < CRITERIA.twinRolledBackBelow;
    const holds = difference.high < 0 ? "holds" : "fails";
    return {
      scenario: scenario.name,
      about: "requests exposed",
      rule,
      difference,
      found: isRule ? holds : "not compared",
    };
  });
}

const isRolledBack = ({ ended }: Outcome): number => (ended === "rolled back" ? 1 : 0);

function differenceOf(place: number, ends: readonly Ends[], figure: (outcome: Outcome) => number): Estimate {
  const [ours, theirs] = [outcomesOf(0, ends).map(figure), outcomesOf(place, ends).map(figure)];
  return mean(ours.map((value, index) => value - (theirs[index] ?? Number.NaN)));
}
