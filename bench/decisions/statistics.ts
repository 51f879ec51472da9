/** An estimate with the ends of its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Of a standard normal distribution, 95 % lie between this and its opposite. */
const Z = 1.959964;

/** A proportion, 0–1, with Wilson's interval, which is right for few and for none as well. */
export function proportion(met: number, of: number): Estimate {
  const value = met / of;
  const square = Z ** 2 / of;
  const centre = (value + square / 2) / (1 + square);
  const half = (Z / (1 + square)) * Math.sqrt((value * (1 - value)) / of + square / (4 * of));
  return { value, low: met === 0 ? 0 : centre - half, high: met === of ? 1 : centre + half };
}

/** A mean with the normal interval, which a thousand canaries are enough for. */
export function mean(values: readonly number[]): Estimate {
  const value = values.reduce((total, each) => total + each, 0) / values.length;
  const squares = values.reduce((total, each) => total + (each - value) ** 2, 0);
  const half = Z * Math.sqrt(squares / Math.max(1, values.length - 1) / values.length);
  return { value, low: value - half, high: value + half };
}

/** The middle one of all values, or of the two in the middle the greater; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
