import type { Distribution } from "../../balancer/measurements";

type Entry = readonly [value: number, count: number];

const countOf = (entries: readonly Entry[]): number => entries.reduce((sum, [, count]) => sum + count, 0);
const sumOf = (entries: readonly Entry[]): number =>
  entries.reduce((sum, [value, count]) => sum + value * count, 0);

/** By name, of values in ascending order. */
const SIMPLE: Readonly<Record<string, (entries: readonly Entry[]) => number>> = {
  SampleCount: countOf,
  Sum: sumOf,
  Average: (entries) => sumOf(entries) / countOf(entries),
  Minimum: (entries) => entries[0]![0],
  Maximum: (entries) => entries.at(-1)![0],
};

const PERCENTILE = /^p(\d+(?:\.\d+)?)$/;
/** Trimmed count and percentile rank between values, either of which may be left out. */
const RANGE = /^(TC|PR)\((\d+(?:\.\d+)?)?:(\d+(?:\.\d+)?)?\)$/;

/**
 * How a statistic is taken of a minute's values, which are not none.
 *
 * @returns undefined for a statistic that CloudWatch does not have, or that nobody has asked for here
 */
export function statistic(name: string): ((values: Distribution) => number) | undefined {
  const simple = Object.hasOwn(SIMPLE, name) ? SIMPLE[name] : undefined;
  if (simple) return (values) => simple(ascending(values));
  const percent = PERCENTILE.exec(name)?.[1];
  if (percent !== undefined && Number(percent) <= 100) {
    return (values) => percentile(ascending(values), Number(percent));
  }
  const [, kind, above, upTo] = RANGE.exec(name) ?? [];
  if (kind === undefined || (above === undefined && upTo === undefined)) return undefined;
  // CloudWatch's ranges exclude their lower bound and include the upper.
  const within = ([value]: Entry) => value > Number(above ?? -Infinity) && value <= Number(upTo ?? Infinity);
  return (values) => {
    const count = countOf(ascending(values).filter(within));
    return kind === "TC" ? count : (100 * count) / countOf([...values]);
  };
}

const ascending = (values: Distribution): Entry[] => [...values].sort(([a], [b]) => a - b);

/** The least value that this many percent of the values do not exceed. */
function percentile(entries: readonly Entry[], percent: number): number {
  let left = (percent / 100) * countOf(entries);
  for (const [value, count] of entries) {
    left -= count;
    if (left <= 0) return value;
  }
  return entries.at(-1)![0];
}
