import assert from "node:assert/strict";
import fc from "fast-check";
import { type Bet, type Payout, betsAgainst, payoutOf } from "../../../model/analysis/bets";
import { MARGINS, type Question, questionOf } from "../../../model/analysis/questions";
import { SIGNALS } from "../../../model/analysis/observation";

const QUESTIONS: Question[] = SIGNALS.flatMap((signal) => [
  questionOf(signal, "harmless"),
  questionOf(signal, "harmful"),
]);

/** What a bet is expected to be multiplied by, as a logarithm, where the colours' rates are these. */
function expected(payout: Payout, candidate: [number, number], live: [number, number]): number {
  const part = (rate: number, bad: number, good: number) =>
    Math.log(rate * Math.exp(bad) + (1 - rate) * Math.exp(good));
  return (
    candidate[0] * part(candidate[1], payout.candidateBad, payout.candidateGood) +
    live[0] * part(live[1], payout.liveBad, payout.liveGood)
  );
}

/** Close to a number that was computed independently, for a sum of so many terms. */
const close = (found: number, wanted: number) =>
  assert.ok(Math.abs(found - wanted) <= 1e-12 * Math.max(1, Math.abs(wanted)), `${found}, not ${wanted}`);

describe("a bet", () => {
  /*
   * Python: y = edge + shift, z = live − (n/m)·shift·live(1 − live) / (edge(1 − edge)) as fractions, the shift cut
   * down where z would go beyond nine tenths of the way to 0 or 1; then log(y/edge), log((1 − y)/(1 − edge)),
   * log(z/live), log((1 − z)/(1 − live)) with mpmath at 60 digits. That `live` is where m·KL(z‖t) + n·KL(y‖t +
   * margin) is least was found there too, by bisection of its derivative, to 45 digits for every bet.
   */
  const vectors: [Bet, number, number, [number, number, number, number]][] = [
    [
      { live: 0.001, edge: 0.002, shift: 0.001 },
      30,
      570,
      [0.40546510810816438, -0.0010025063496256445, -0.026695328638269194, 2.6368178883253308e-5],
    ],
    [
      { live: 0.001, edge: 0.002, shift: 0.01 },
      570,
      30,
      [0.046235480137170079, -9.48361705865135e-5, -2.3025850929940457, 0.00090049533325017516],
    ],
    [
      { live: 0.01, edge: 0.02, shift: -0.009 },
      50,
      50,
      [-0.59783700075562045, 0.0091417599580945106, 0.37472533668810908, -0.004602411601451702],
    ],
  ];

  it("pays what was computed independently", () => {
    for (const [bet, candidate, live, wanted] of vectors) {
      const payout = payoutOf(bet, candidate, live)!;
      const { candidateBad, candidateGood, liveBad, liveGood } = payout;
      [candidateBad, candidateGood, liveBad, liveGood].forEach((found, index) =>
        close(found, wanted[index]!),
      );
    }
  });

  it("expects no gain wherever the claim is true, for any traffic, split and rates", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...QUESTIONS),
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 0, max: 5_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (question, candidate, live, rate, away) => {
          const { claim, margin } = question;
          const base = claim === "harmful" ? rate * (1 - margin) : rate;
          const rest = claim === "harmful" ? 1 - base - margin : -Math.min(1, base + margin);
          const theirs = Math.min(1, base + margin) + away * rest;
          for (const bet of betsAgainst(question)) {
            const payout = payoutOf(bet, candidate, live);
            if (!payout) continue;
            const gain = expected(payout, [candidate, theirs], [live, base]);
            assert.ok(gain <= 1e-9, `${JSON.stringify(bet)} expects ${gain}`);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is fair at the point that it names, and gains where it is right", () => {
    for (const question of QUESTIONS) {
      for (const bet of betsAgainst(question)) {
        const payout = payoutOf(bet, 30, 570)!;
        close(expected(payout, [30, bet.edge], [570, bet.live]), 0);
        assert.ok(expected(payout, [30, bet.edge + bet.shift], [570, bet.live]) > 0);
      }
    }
  });

  it("pays against a harmless candidate by its bad requests, and by live's good ones", () => {
    for (const signal of SIGNALS) {
      for (const bet of betsAgainst(questionOf(signal, "harmless"))) {
        const payout = payoutOf(bet, 5, 95)!;
        assert.ok(payout.candidateBad > 0 && payout.candidateGood < 0);
        assert.ok(payout.liveBad < 0 && payout.liveGood > 0);
      }
    }
  });

  it("without live's requests can only be that nobody below the margin is worse by it", () => {
    for (const question of QUESTIONS) {
      const placed = betsAgainst(question).filter((bet) => payoutOf(bet, 100, 0));
      assert.equal(placed.length > 0, question.claim === "harmful");
      assert.ok(placed.every((bet) => bet.live === 0 && bet.edge === question.margin));
    }
  });

  it("has more to answer for harm than for what is harmless", () => {
    for (const { harmless, harmful } of Object.values(MARGINS)) assert.ok(0 < harmless && harmless < harmful);
  });
});
