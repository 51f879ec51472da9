import assert from "node:assert/strict";
import fc from "fast-check";
import { binomialInterval, FAILING_RISK, REPORTED_RISK } from "../../rehearsal/traffic/interval";

/**
 * [assignments, share in percent, fewest and most at a risk of 1/1000, fewest and most at 1/1000000],
 * computed in Python: up to 5,000 assignments with exact integers, summing
 * math.comb(n, k) * a**k * (b - a)**(n - k) from either end (share/100 = a/b) until the sum exceeded
 * b**n * risk / 2; for all, and for those above 5,000 alone, with decimal.Decimal at 60 digits by
 * w(0) = q**n, w(k + 1) = w(k) * (n - k) / (k + 1) * p / q. Where both were done they agreed.
 */
const VECTORS = [
  [1, 50, 0, 1, 0, 1],
  [7, 10, 0, 4, 0, 6],
  [100, 50, 34, 66, 26, 74],
  [100, 1, 0, 6, 0, 9],
  [1000, 10, 70, 132, 57, 149],
  [1000, 99, 978, 998, 971, 1000],
  [5000, 50, 2384, 2616, 2327, 2673],
  [20_000, 33, 6382, 6819, 6276, 6927],
  [1_000_000, 10, 99_014, 100_988, 98_536, 101_471],
  [1_000_000, 50, 498_355, 501_645, 497_554, 502_446],
  [1_000_000, 1, 9674, 10_329, 9517, 10_490],
] as const;

describe("interval of an observed share", () => {
  for (const [assignments, share, ...expected] of VECTORS) {
    it(`is exact for ${assignments} assignments at ${share} %`, () => {
      const reported = binomialInterval(assignments, share, REPORTED_RISK);
      const failing = binomialInterval(assignments, share, FAILING_RISK);
      assert.deepEqual([reported.fewest, reported.most, failing.fewest, failing.most], expected);
    });
  }

  it("permits nothing but the configured share at 0 and 100 percent", () => {
    assert.deepEqual(binomialInterval(1_000_000, 0, FAILING_RISK), { fewest: 0, most: 0, low: 0, high: 0 });
    assert.deepEqual(binomialInterval(9, 100, FAILING_RISK), { fewest: 9, most: 9, low: 100, high: 100 });
  });

  it("says nothing about the share when nothing was assigned", () => {
    assert.deepEqual(binomialInterval(0, 10, FAILING_RISK), { fewest: 0, most: 0, low: 0, high: 100 });
  });

  it("gives shares in percent", () => {
    assert.deepEqual(binomialInterval(100, 50, REPORTED_RISK), { fewest: 34, most: 66, low: 34, high: 66 });
  });

  it("is mirrored for the other colour, lies within one count of the share, and widens as the risk falls", () => {
    const assignments = fc.integer({ min: 1, max: 3000 });
    const shares = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(assignments, shares, fc.double({ min: 1e-9, max: 0.5, noNaN: true }), (n, share, risk) => {
        const here = binomialInterval(n, share, risk);
        const there = binomialInterval(n, 100 - share, risk);
        const wider = binomialInterval(n, share, risk / 10);
        assert.deepEqual([n - here.most, n - here.fewest], [there.fewest, there.most]);
        assert.ok(here.low - 100 / n <= share && share <= here.high + 100 / n);
        assert.ok(wider.fewest <= here.fewest && here.most <= wider.most);
      }),
      // The risk that a draw with one assignment at 94 % has at exactly half of 0.12, to the last bit.
      { examples: [[1, 94, 0.12]] },
    );
  });

  it("refuses what is no number of draws, no percentage, or no risk", () => {
    assert.throws(() => binomialInterval(1.5, 10, 0.1), /assignments is 1.5/);
    assert.throws(() => binomialInterval(10, 101, 0.1), /share is 101/);
    assert.throws(() => binomialInterval(10, NaN, 0.1), /share is NaN/);
    assert.throws(() => binomialInterval(10, 10, 0), /risk is 0/);
  });
});
