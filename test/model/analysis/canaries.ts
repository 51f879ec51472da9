import type { Block } from "../../../model/analysis/evidence";

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

/** How many of so many requests fail at such a rate (0–1): the binomial distribution, by its inverse. */
export function binomial(requests: number, rate: number): (random: () => number) => number {
  if (rate === 0) return () => 0;
  const sums: number[] = [];
  let term = Math.exp(requests * Math.log1p(-rate));
  let sum = 0;
  for (let bad = 0; bad <= requests && sum < 1 - 1e-12; bad += 1) {
    sum += term;
    sums.push(sum);
    term *= ((requests - bad) / (bad + 1)) * (rate / (1 - rate));
  }
  return (random) => {
    const drawn = random();
    let bad = 0;
    while (bad < sums.length - 1 && sums[bad]! < drawn) bad += 1;
    return bad;
  };
}

/** One colour's minute. */
export interface Minute {
  readonly requests: number;
  /** 0–1. */
  readonly rate: number;
}

/** Minutes of a canary, drawn one after the other. */
export function canary(candidate: Minute, live: Minute, minutes: number): (random: () => number) => Block[] {
  const [mine, theirs] = [binomial(candidate.requests, candidate.rate), binomial(live.requests, live.rate)];
  return (random) =>
    Array.from({ length: minutes }, () => ({
      candidate: { requests: candidate.requests, bad: mine(random) },
      live: { requests: live.requests, bad: theirs(random) },
    }));
}
