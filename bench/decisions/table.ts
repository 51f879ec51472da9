import { ALL, type Comparison } from "./criteria";
import type { Scenario } from "./scenario";
import type { Estimate } from "./statistics";
import type { Summary } from "./summary";

const NUMBERS = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const whole = (value: number): string => NUMBERS.format(value);
const points = (value: number): string => (100 * value).toFixed(1);

const interval = ({ value, low, high }: Estimate, said: (value: number) => string): string =>
  `${said(value)} (${said(low)} to ${said(high)})`;

/** What columns mean, once above all tables. */
export const LEGEND = `Each figure with its 95 % interval. Rolled back and missed, or at the end, in
percent of the canaries; what is left of 100 was held. Exposed: requests that
the candidate answered before it was rolled back, on average. Min: median
minute of the right end, rolled back if bad, and else at the end.`;

/** One scenario, in 80 columns. */
export function tableOf(scenario: Scenario, summaries: readonly Summary[]): string {
  const { name, candidateIs, because, perMinute, minutes, seed } = scenario;
  const end = candidateIs === "bad" ? "missed" : "at the end";
  const head = row(["", "rolled back", end, "exposed", "min"]);
  const rows = summaries.map((summary) =>
    row([
      summary.rule,
      interval(summary.rolledBack, points),
      interval(summary.reachedEnd, points),
      `${whole(summary.exposed.value)} ± ${whole(summary.exposed.high - summary.exposed.value)}`,
      Number.isNaN(summary.minutes) ? "-" : whole(summary.minutes),
    ]),
  );
  const title = [
    `${name} (${candidateIs}): ${because}`,
    `${perMinute} requests a minute for ${whole(minutes)} min, seed ${seed}`,
  ];
  return [...title.flatMap((line) => wrapped(line)), head, ...rows].join("\n");
}

const WIDTHS = [-7, 25, 25, 17, 6] as const;

const row = (cells: readonly string[]): string =>
  cells
    .map((cell, index) => {
      const width = WIDTHS[index] ?? 0;
      return width < 0 ? cell.padEnd(-width) : cell.padStart(width);
    })
    .join("");

/** A line in at most 80 columns. */
function wrapped(line: string): string[] {
  if (line.length <= 80) return [line];
  const end = line.lastIndexOf(" ", 78);
  return [line.slice(0, end), ...wrapped(`  ${line.slice(end + 1)}`)];
}

/** What was compared and does not hold, or was not compared; and how much does. */
export function verdictOf(comparisons: readonly Comparison[]): string {
  const that = (found: Comparison["found"]) => comparisons.filter((comparison) => comparison.found === found);
  const lines = (found: Comparison["found"], said: string) =>
    that(found).map(
      ({ scenario, about, rule, difference }) =>
        `${said}: ${scenario},\n  ${about}, ours less ${rule}'s: ${interval(difference, scaleOf(about))}`,
    );
  const over = comparisons.filter(({ scenario }) => scenario === ALL);
  return [
    ...over.map(
      ({ rule, difference }) =>
        `False rollbacks over ${ALL}, ours less ${rule}'s, in points:\n  ${interval(difference, points)}`,
    ),
    ...lines("not compared", "Not compared (it rolls the good twin back)"),
    ...lines("fails", "FAILS"),
    `${that("holds").length} of ${comparisons.length - that("not compared").length} comparisons hold.`,
  ].join("\n");
}

const scaleOf = (about: Comparison["about"]) => (about === "false rollbacks" ? points : whole);
