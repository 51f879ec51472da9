/** How figures are written: always the same, so that one can be found again. */

/** `1,234`. */
export const count = (value: number): string => value.toLocaleString("en");

/** `9.4 %`, and `10 %` where it is whole. */
export const percent = (value: number): string => `${Number(value.toFixed(1))} %`;

/** `12.3 s`. */
export const seconds = (value: number): string => `${value.toFixed(1)} s`;

/** Seconds as `14 ms`, or `1,250 ms`. */
export const milliseconds = (value: number): string => `${count(Math.round(1000 * value))} ms`;

/** Seconds from the beginning as `1:05`, or `1:02:05` where there are hours. */
export function clock(value: number): string {
  const whole = Math.floor(value);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = String(rest).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

/** Where a value lies on an axis, as an attribute: `33.333%`. */
export const place = (value: number, most: number): string => `${Number(((100 * value) / most).toFixed(3))}%`;
