/** Chance with a seed: numbers from 0 to below 1 (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A seed for one of many: neighbours have nothing in common (a finalizer of MurmurHash3 over both). */
export function seedOf(seed: number, index: number): number {
  let mixed = Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca77);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** The least logarithm of a probability from which a sum can start: below it, a double is 0. */
const LEAST = -700;

/** The greatest sum of chances that rounding surely lets a sum reach. */
const CERTAIN = 1 - 1e-12;

/**
 * How many of so many requests meet a chance: the binomial distribution, by its inverse. The same number from chance
 * gives no fewer where requests or rate are higher, so what differs between two rules is what they did.
 *
 * @param rate 0–1
 * @param drawn 0–1, from chance
 * @throws RangeError beyond a thousand requests or so, where the sum would start at 0
 */
export function binomial(requests: number, rate: number, drawn: number): number {
  if (requests <= 0 || rate <= 0) return 0;
  if (rate > 0.5) return requests - binomial(requests, 1 - rate, CERTAIN - drawn);
  const first = requests * Math.log1p(-rate);
  if (first < LEAST) throw new RangeError(`${requests} requests are too many to be drawn at once`);
  const odds = rate / (1 - rate);
  return inverse(Math.exp(first), drawn, requests, (met) => ((requests - met) / (met + 1)) * odds);
}

/**
 * How many requests arrive: Poisson's distribution, by its inverse.
 *
 * @param mean above 0
 * @throws RangeError beyond a mean of 700
 */
export function poisson(mean: number, drawn: number): number {
  if (-mean < LEAST) throw new RangeError(`a mean of ${mean} is too great to be drawn at once`);
  return inverse(Math.exp(-mean), drawn, Infinity, (met) => mean / (met + 1));
}

/** The least number at which the sum of probabilities reaches what was drawn. */
function inverse(first: number, drawn: number, most: number, ratio: (met: number) => number): number {
  const wanted = Math.min(drawn, CERTAIN);
  let term = first;
  let sum = first;
  let met = 0;
  while (sum < wanted && met < most) {
    term *= ratio(met);
    met += 1;
    sum += term;
  }
  return met;
}
