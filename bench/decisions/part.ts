import { type Outcome, replay } from "./replay";
import { RULES } from "./rules";
import type { Scenario } from "./scenario";
import { seriesOf } from "./series";

/** Some canaries of a scenario, by their places in `SCENARIOS` and in its thousand. */
export interface Part {
  readonly scenario: number;
  readonly from: number;
  readonly to: number;
}

/** How one canary ended, under each of `RULES`. */
export type Ends = readonly Outcome[];

/** Replays canaries through all rules: each on one series. */
export const replayPart = (scenario: Scenario, { from, to }: Part): Ends[] =>
  Array.from({ length: to - from }, (_, index) => {
    const series = seriesOf(scenario, from + index);
    return RULES.map((rule) => replay(rule, scenario, series));
  });
