/** Requests a second, as many as a machine can bear. */
export interface Rates {
  readonly least: number;
  readonly most: number;
}

/**
 * Where three in four answers take longer than this, in milliseconds, the machine has too much to do. Answers of one
 * colour that is slow for a reason of its own leave the others quick.
 */
const SLOW = 40;

/** By how much it goes on after a second of quick answers, of slow ones, and of such as take several times as long. */
const [MORE, LESS, FAR_LESS] = [1.3, 0.75, 0.5];

/** Requests that are under way at the same time: where more are, each takes so long that it would count as failed. */
export const MOST_UNDER_WAY = 250;

/** The rate of the next second. @param milliseconds what the answers of the last one took */
export function nextRate(rate: number, milliseconds: readonly number[], { least, most }: Rates): number {
  const quickest = milliseconds.toSorted((one, other) => one - other);
  const quarter = quickest[Math.floor(quickest.length / 4)];
  if (quarter === undefined) return rate;
  const by = quarter > 4 * SLOW ? FAR_LESS : quarter > SLOW ? LESS : MORE;
  return Math.min(most, Math.max(least, rate * by));
}
