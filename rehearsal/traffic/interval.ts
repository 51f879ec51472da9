/** A share outside its interval at this risk fails a rehearsal: one honest run in a million does. */
export const FAILING_RISK = 1e-6;

/** The risk of the interval that is reported beside it: 99.9 %. */
export const REPORTED_RISK = 1e-3;

/** Where the number of assignments to a group of known share will lie. */
export interface Interval {
  /** The fewest and the most assignments that are still within the interval. */
  readonly fewest: number;
  readonly most: number;
  /** The same as shares in percent; 0 and 100 when nothing was assigned, since that tells nothing. */
  readonly low: number;
  readonly high: number;
}

/**
 * The exact two-sided interval for how many of `assignments` independent draws go to a group whose share
 * is `share`: each tail that is cut off has a probability of at most half the risk. These are the counts
 * whose Clopper–Pearson confidence interval (C. J. Clopper and E. S. Pearson, "The use of confidence or
 * fiducial limits illustrated in the case of the binomial", Biometrika 26, 1934) holds the share.
 *
 * The probabilities are built up from the distribution's mode by the ratio of neighbours and then
 * normalised. So no factorial is needed, nothing overflows, and what underflows is far beyond any risk.
 *
 * @param assignments a whole number from 0.
 * @param share the configured share in percent, 0–100.
 * @param risk the probability that an honest count lies outside, from 1e-15 up to but not including 1.
 * @throws RangeError for arguments out of these ranges.
 */
export function binomialInterval(assignments: number, share: number, risk: number): Interval {
  if (!Number.isInteger(assignments) || assignments < 0) {
    throw new RangeError(`assignments is ${assignments}; it must be a whole number from 0`);
  }
  if (!(share >= 0 && share <= 100)) throw new RangeError(`share is ${share}; it must be from 0 to 100`);
  if (!(risk >= 1e-15 && risk < 1)) throw new RangeError(`risk is ${risk}; it must be from 1e-15 to below 1`);
  if (assignments === 0) return { fewest: 0, most: 0, low: 0, high: 100 };
  const [fewest, most] =
    share > 50 ? mirrored(assignments, share, risk) : countsWithin(assignments, share / 100, risk);
  return { fewest, most, low: (100 * fewest) / assignments, high: (100 * most) / assignments };
}

/** Weights below this, relative to the mode's, add nothing that counts even to the tail of the smallest risk. */
const NEGLIGIBLE = 1e-40;

/** Of the two colours only one is computed, so that rounding can't tell their sums apart at the edge of a tail. */
function mirrored(n: number, share: number, risk: number): [fewest: number, most: number] {
  const [fewest, most] = countsWithin(n, (100 - share) / 100, risk);
  return [n - most, n - fewest];
}

/** For a probability up to 0.5. */
function countsWithin(n: number, p: number, risk: number): [fewest: number, most: number] {
  if (p === 0) return [0, 0];
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const odds = p / (1 - p);
  const above = fallingFrom(n - mode, (i) => ((n - mode - i + 1) / (mode + i)) * odds);
  const below = fallingFrom(mode, (i) => (mode - i + 1) / (n - mode + i) / odds);
  // From the smallest on, so that nothing is lost beside larger terms.
  const total = 1 + above.reduceRight((sum, w) => sum + w, 0) + below.reduceRight((sum, w) => sum + w, 0);
  const tail = (risk / 2) * total;
  const fewest = mode - within(below, tail);
  return [fewest, p === 0.5 ? n - fewest : mode + within(above, tail)];
}

/** The weights on one side of the mode, from it outwards, relative to the mode's. */
function fallingFrom(steps: number, ratio: (i: number) => number): number[] {
  const weights: number[] = [];
  let weight = 1;
  for (let i = 1; i <= steps; i += 1) {
    weight *= ratio(i);
    if (weight < NEGLIGIBLE) break;
    weights.push(weight);
  }
  return weights;
}

/** How many steps from the mode one can go before what lies at or beyond has at most the tail's weight. */
function within(weights: readonly number[], tail: number): number {
  let beyond = 0;
  for (let i = weights.length; i > 0; i -= 1) {
    beyond += weights[i - 1] as number;
    if (beyond > tail) return i;
  }
  return 0;
}
