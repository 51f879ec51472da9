/** Steps between ticks: people count in these. */
const DECIMAL = [1, 2, 2.5, 5] as const;

/** The same of time, in seconds. */
const TIMES = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200,
] as const;

/**
 * Round values from 0 to `most` or a little beyond, so that a line below the last has room.
 *
 * @param most above 0
 * @param count about how many steps
 */
export function ticks(most: number, count: number): number[] {
  const power = 10 ** Math.floor(Math.log10(most / count));
  const step = [...DECIMAL.map((one) => one * power), 10 * power].find((one) => one * count >= most) ?? most;
  // Counted, not summed: a sum of tenths drifts.
  return Array.from({ length: Math.ceil(round(most / step)) + 1 }, (_, at) => round(at * step));
}

/** Powers of ten from `least` or below to `most` or above; both above 0. */
export function powers(least: number, most: number): number[] {
  // The logarithm of a thousandth is a little off.
  const [from, to] = [Math.floor(Math.log10(least) + 1e-9), Math.ceil(Math.log10(most) - 1e-9)];
  return Array.from({ length: Math.max(1, to - from) + 1 }, (_, at) => round(10 ** (from + at)));
}

/**
 * Round times in seconds from 0 to `most` at the latest.
 *
 * @param count how many steps at most
 */
export function timeTicks(most: number, count: number): number[] {
  const days = 86_400 * Math.ceil(most / 86_400 / count);
  const step = TIMES.find((one) => one * count >= most) ?? days;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, at) => at * step);
}

/** Without what binary fractions add in the last places. */
const round = (value: number): number => Number(value.toPrecision(12));
