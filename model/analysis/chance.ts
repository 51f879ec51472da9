import type { Block } from "./evidence";
import type { Tally } from "./samples";

/**
 * The Kullback–Leibler divergence of two Bernoulli distributions, in nats: how much one request that behaves as
 * `p` says, on average, against its behaving as `q`. 0 ≤ p, q ≤ 1; infinite where `q` rules out what `p` does.
 */
export function divergence(p: number, q: number): number {
  const part = (a: number, b: number) => (a === 0 ? 0 : a * Math.log(a / b));
  return Math.max(0, part(p, q) + part(1 - p, 1 - q));
}

/** The chance of a mistaken early breach in one look: one in a million, so under 0.15 % in a day of minutes. */
export const EARLY = 1e-6;

/** The chance of taking equal colours for different in one window. */
export const DIFFERENT = 1e-3;

/**
 * Whether so many bad requests are beyond chance, were the rate `limit` (0–1): by Chernoff's bound
 * exp(−n·divergence), which holds for any number of requests. Five of five is beyond 5 %, and so is 13 of 40.
 */
export const isBeyond = ({ requests, bad }: Tally, limit: number): boolean =>
  requests > 0 &&
  bad / requests > limit &&
  requests * divergence(bad / requests, limit) >= Math.log(1 / EARLY);

/**
 * Whether the candidate is worse than live beyond chance, look by look: what it had of bad requests is held against
 * its part of both colours' bad ones, by its part of their requests. A share that changes between a calm minute and
 * a bad one makes no difference of two equal colours, as it does where minutes are added up first.
 *
 * Given how many requests of a look are the candidate's and how many of both are bad, the candidate's bad ones are
 * hypergeometric, so Chernoff's bound holds of their sum: as that of the candidate's requests, which are bad or not,
 * and as that of the bad requests, which are the candidate's or not. The fewer of them say more.
 */
export function isWorse(looks: readonly Block[]): boolean {
  const both = looks.filter(({ candidate, live }) => candidate.requests > 0 && live.requests > 0);
  const sum = (figure: (look: Block) => number) => both.reduce((all, look) => all + figure(look), 0);
  const requests = sum(({ candidate }) => candidate.requests);
  const bad = sum(({ candidate }) => candidate.bad);
  const expected = sum(
    ({ candidate, live }) =>
      (candidate.requests * (candidate.bad + live.bad)) / (candidate.requests + live.requests),
  );
  const trials = Math.min(
    requests,
    sum((look) => look.candidate.bad + look.live.bad),
  );
  return isBeyond({ requests: trials, bad }, expected / trials);
}

/** Whether one tally's rate is above another's beyond chance, by their likelihood ratio against one common rate. */
export function isAbove(one: Tally, other: Tally): boolean {
  if (one.requests <= 0 || other.requests <= 0) return false;
  const rate = (tally: Tally) => tally.bad / tally.requests;
  const common = (one.bad + other.bad) / (one.requests + other.requests);
  const evidence =
    one.requests * divergence(rate(one), common) + other.requests * divergence(rate(other), common);
  return rate(one) > rate(other) && evidence >= Math.log(1 / DIFFERENT);
}
