import assert from "node:assert/strict";
import fc from "fast-check";
import { binomial, chance } from "../../../bench/decisions/chance";
import { divergence, isAbove, isBeyond, isWorse } from "../../../model/analysis/chance";

/** The chance that so many or more of them fail, were the rate this: the sum of all terms. */
function tail(requests: number, bad: number, rate: number): number {
  let sum = 0;
  let term = 1;
  for (let failed = 0; failed <= requests; failed += 1) {
    if (failed > 0) term *= (requests - failed + 1) / failed;
    if (failed >= bad) sum += term * rate ** failed * (1 - rate) ** (requests - failed);
  }
  return sum;
}

describe("chance", () => {
  it("measures by the divergence, as computed with mpmath at 60 digits from its definition", () => {
    const vectors: [number, number, number][] = [
      [0.5, 0.05, 0.83036560341082545],
      [0.001, 0.002, 0.000307353654192509],
      [0.325, 0.05, 0.37765493423062894],
    ];
    for (const [p, q, wanted] of vectors) assert.ok(Math.abs(divergence(p, q) - wanted) < 1e-15);
    assert.equal(divergence(0, 0), 0);
    assert.equal(divergence(1, 1), 0);
    assert.equal(divergence(0.1, 0), Infinity);
  });

  it("does not call beyond chance what happens more often than once in a million", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 150 }),
        fc.nat(150),
        fc.constantFrom(0.01, 0.05),
        (requests, bad, rate) => {
          if (!isBeyond({ requests, bad: Math.min(bad, requests) }, rate)) return;
          assert.ok(tail(requests, Math.min(bad, requests), rate) <= 1e-6 * (1 + 1e-9));
        },
      ),
    );
  });

  it("knows a candidate that answers nothing by its fifth request", () => {
    assert.ok(!isBeyond({ requests: 4, bad: 4 }, 0.05));
    assert.ok(isBeyond({ requests: 5, bad: 5 }, 0.05));
    assert.ok(!isBeyond({ requests: 40, bad: 12 }, 0.05));
    assert.ok(isBeyond({ requests: 40, bad: 13 }, 0.05));
    assert.ok(!isBeyond({ requests: 0, bad: 0 }, 0.05));
  });

  it("calls one rate above another in one direction only, and never where a colour has no requests", () => {
    assert.ok(isAbove({ requests: 200, bad: 20 }, { requests: 4_000, bad: 120 }));
    assert.ok(!isAbove({ requests: 4_000, bad: 120 }, { requests: 200, bad: 20 }));
    assert.ok(!isAbove({ requests: 200, bad: 8 }, { requests: 4_000, bad: 120 }));
    assert.ok(!isAbove({ requests: 200, bad: 200 }, { requests: 0, bad: 0 }));
    assert.ok(isAbove({ requests: 1e9, bad: 1.003e7 }, { requests: 1e9, bad: 1e7 }));
  });

  const look = (requests: number, bad: number, others: number, theirs: number) => ({
    candidate: { requests, bad },
    live: { requests: others, bad: theirs },
  });

  it("calls a candidate worse look by look, not by a share that is greater in the worse minutes", () => {
    const [calm, bad] = [look(100, 0, 900, 0), look(500, 100, 500, 100)];
    assert.ok(!isWorse([calm, bad]));
    assert.ok(
      isAbove({ requests: 600, bad: 100 }, { requests: 1_400, bad: 100 }),
      "as sums, it would seem so",
    );
    assert.ok(isWorse([calm, look(500, 200, 500, 100)]));
    assert.ok(!isWorse([calm, look(500, 100, 500, 200)]));
    assert.ok(!isWorse([]));
    assert.ok(!isWorse([look(100, 100, 0, 0), look(0, 0, 100, 5)]), "a look at one of them compares nothing");
    assert.ok(!isWorse([look(100, 100, 100, 100)]));
    assert.ok(isWorse([look(5, 5, 600, 12)]));
  });

  it("calls none of 20,000 equal colours worse, whatever their rate in each minute", () => {
    const random = chance(9);
    for (let run = 0; run < 20_000; run += 1) {
      const looks = [0.2, 0.01, 0.5].map((rate) => {
        const [mine, theirs] = [10 + Math.floor(50 * random()), 200];
        return look(mine, binomial(mine, rate, random()), theirs, binomial(theirs, rate, random()));
      });
      assert.ok(!isWorse(looks));
    }
  });
});
