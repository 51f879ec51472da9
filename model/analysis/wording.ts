const NUMBERS = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A count, its thousands apart. */
export const count = (value: number): string => NUMBERS.format(value);

/** A fraction 0–1 in percent, with two digits after the point: the objective is 0.1 %. */
export const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)} %`;

/** `12 of 3,400 requests (0.35 %)`. */
export const ratio = (part: number, of: number): string =>
  of > 0 ? `${count(part)} of ${count(of)} requests (${percent(part / of)})` : "none of 0 requests";

/** `90 s`, `15 min`, `2.5 h`. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3_600).toFixed(1)} h`;
}
