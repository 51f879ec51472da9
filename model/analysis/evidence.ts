import { type Payout, betsAgainst, payoutOf } from "./bets";
import type { Question } from "./questions";
import type { Tally } from "./samples";

/*
 * Always-valid evidence, by betting.
 *
 * Somebody bets against a claim, look after look, at odds that are fair or worse if the claim is true. Starting
 * with 1, he then has a chance of at most α of ever owning 1/α (Ville's inequality); who owns that has shown the
 * claim to be wrong, and it does not matter how often anybody looked, or why he stopped. Each look's odds are the
 * E-variable of R. Turner, A. Ly and P. Grünwald, "Generic E-variables for exact sequential k-sample tests that
 * allow for optional stopping" (Journal of Statistical Planning and Inference 230, 2024), with the margins of
 * R. Turner and P. Grünwald, "Exact anytime-valid confidence intervals for contingency tables and beyond" (2023,
 * arXiv:2203.09785): a likelihood ratio against the nearest point of the claim.
 *
 * Why this one:
 * - It asks look by look whether the candidate is worse than live in that very minute. The rates may change as they
 *   like, and the split of the traffic too, as long as the claim holds in each minute: a burst that meets both
 *   colours is no evidence, and neither is a step of the rollout, so a whole release is one test. A mixture over
 *   cumulative counts (mSPRT), and a confidence sequence for each colour (S. Howard, A. Ramdas, J. McAuliffe and
 *   J. Sekhon, 2021), compare averages over time: a share that rises while rates fall makes equal colours differ.
 * - It is exact for every number of requests: no normal approximation, which is wrong where three of 1,000 fail.
 * - Half of the stake is kept in cash, and the bets are placed anew with a small part of it at every look (fixed
 *   share: M. Herbster and M. Warmuth, "Tracking the best expert", 1998). So bets that do not suit cost half at most at once, and a candidate
 *   that turns bad after a good day is found nearly as fast as one that is bad from the start.
 *
 * What it takes for granted: within a minute, given that minute's rates, requests fail independently. A pod that
 * dies takes many requests of one colour with it at once; so against a candidate no look multiplies a bet by more
 * than `MOST`. Evidence can be thrown away at any time without harm to the promise. Looks are of minutes that are
 * over and the same whenever they are read again, and begin anew with another candidate.
 *
 * What it finds, with one look a minute, 5 % of the traffic and live at 0.1 % errors, in requests of the candidate
 * (half of the canaries, nine in ten): half of them failing 90, 90; 5 points more 150, 240; 1 point 900, 1,800; half a
 * point 3,100, 7,000; 0.3 points 12,400, 19,400. A candidate as good as live passes with 600, 1,000. Where live has
 * the lesser part of the traffic its requests count, and all take longer.
 */

/** What both colours did between two looks. */
export interface Block {
  readonly candidate: Tally;
  readonly live: Tally;
}

/** What is owned after all looks, as a multiple of the first stake: natural logarithms. */
export interface Evidence {
  /** After the last look. */
  readonly now: number;
  /** The most that was ever owned. */
  readonly most: number;
}

/** Of the stake at first, and of what is placed anew. */
const CASH = 0.5;
/** What is placed anew at each look. A day of minutes costs a factor of two at most. */
const ANEW = 0.001;
/** The most that one look may multiply a bet against a harmless candidate by: three looks at least make an alarm. */
export const MOST = 10;

/** The evidence against a claim after all looks. A look without requests of the candidate says nothing. */
export function evidenceAgainst(question: Question, blocks: Iterable<Block>): Evidence {
  const look = gather(question);
  let evidence: Evidence = { now: 0, most: 0 };
  for (const block of blocks) evidence = look(block);
  return evidence;
}

/**
 * The same, look after look, for who follows a release and need not begin again each time.
 *
 * @returns takes the next look and gives the evidence after it
 */
export function gather(question: Question): (block: Block) => Evidence {
  const bets = betsAgainst(question);
  const first = new Float64Array(bets.length + 1).fill((1 - CASH) / bets.length);
  first[bets.length] = CASH;
  // How what is owned is divided: the last part is cash.
  const parts = Float64Array.from(first);
  const gains = new Float64Array(bets.length + 1);
  const limit = question.claim === "harmful" ? Infinity : Math.log(MOST);
  let evidence: Evidence = { now: 0, most: 0 };
  let split = Number.NaN;
  let payouts: readonly (Payout | undefined)[] = [];
  return (block) => {
    const [requests, others] = [block.candidate.requests, block.live.requests];
    if (requests <= 0) return evidence;
    if (split !== requests / others) {
      split = requests / others;
      payouts = bets.map((bet) => payoutOf(bet, requests, others));
    }
    payouts.forEach((payout, index) => {
      gains[index] = payout === undefined ? 0 : Math.min(limit, gainOf(payout, block));
    });
    const now = evidence.now + grow(parts, gains);
    evidence = { now, most: Math.max(evidence.most, now) };
    for (let index = 0; index < parts.length; index += 1) {
      parts[index] = (1 - ANEW) * at(parts, index) + ANEW * at(first, index);
    }
    return evidence;
  };
}

/** Logarithm of what a bet is multiplied by. */
const gainOf = (payout: Payout, { candidate, live }: Block): number =>
  candidate.bad * payout.candidateBad +
  (candidate.requests - candidate.bad) * payout.candidateGood +
  live.bad * payout.liveBad +
  (live.requests - live.bad) * payout.liveGood;

const at = (numbers: Float64Array, index: number): number => numbers[index] ?? 0;

/**
 * Multiplies each part by its gain.
 *
 * @param gains logarithms
 * @returns logarithm of the factor by which the whole grew; the parts are parts of 1 again
 */
function grow(parts: Float64Array, gains: Float64Array): number {
  // Relative to the greatest, so that a billion requests neither overflow nor leave nothing.
  let greatest = 0;
  for (let index = 0; index < gains.length; index += 1) greatest = Math.max(greatest, at(gains, index));
  for (let index = 0; index < parts.length; index += 1) {
    parts[index] = at(parts, index) * Math.exp(at(gains, index) - greatest);
  }
  return greatest + Math.log(divide(parts));
}

/** Makes parts of 1 of them. @returns their former sum */
function divide(parts: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < parts.length; index += 1) sum += at(parts, index);
  for (let index = 0; index < parts.length; index += 1) parts[index] = at(parts, index) / sum;
  return sum;
}
