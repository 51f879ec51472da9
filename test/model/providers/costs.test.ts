import assert from "node:assert/strict";
import fc from "fast-check";
import { COST_PERCENT } from "../../../model/monitoring/alerts/providers";
import { type CostsSeen, REQUESTS, costQueries, costsOf, judgeCost } from "../../../model/providers/costs";
import { judgeQuota } from "../../../model/providers/quota";

const NONE = { unseen: "no series" };

/** What was seen; a figure that is left out could not be. */
const seen = (figures: Partial<Record<keyof CostsSeen, number>>): CostsSeen => {
  const names = ["dollars", "requests", "liveDollars", "liveRequests", "today", "baseline"] as const;
  return Object.fromEntries(
    names.map((name) => [name, figures[name] === undefined ? NONE : { value: figures[name] }]),
  ) as unknown as CostsSeen;
};
const LIVE = { liveDollars: 100, liveRequests: 100_000 };
const judged = (figures: Parameters<typeof seen>[0]) => {
  const { verdict, urgency } = judgeCost(seen(figures), "green");
  return urgency === undefined ? verdict : `${verdict}, ${urgency}`;
};

describe("the cost of a candidate that calls other providers", () => {
  it("is that of its requests, so that a share of a tenth is no saving", () => {
    assert.equal(judged({ dollars: 1.5, requests: 1_000, ...LIVE }), "success");
    assert.equal(judged({ dollars: 1.51, requests: 1_000, ...LIVE }), "failure, hold");
    assert.match(
      judgeCost(seen({ dollars: 3, requests: 1_000, ...LIVE }), "green").evidence,
      /^1000 requests of green cost \$3, \$1 in the live colour; allowed is 150 %$/,
    );
  });

  it("takes traffic back where the day was dear too, and holds where the day alone was", () => {
    const [dear, cheap] = [
      { today: 16, baseline: 10 },
      { today: 15, baseline: 10 },
    ];
    assert.equal(judged({ dollars: 2, requests: 1_000, ...LIVE, ...dear }), "failure, retreat");
    assert.equal(judged({ dollars: 2, requests: 1_000, ...LIVE, ...cheap }), "failure, hold");
    assert.equal(judged({ dollars: 1, requests: 1_000, ...LIVE, ...dear }), "failure, hold");
    assert.equal(judged({ dollars: 1, requests: 1_000, ...LIVE, ...cheap }), "success");
    assert.equal(judged({ dollars: 1, requests: 1_000, ...LIVE, today: 5, baseline: 0 }), "success");
  });

  it("passes by enough requests only, and never where something that it needs was not seen", () => {
    assert.equal(judged({ dollars: 0.1, requests: REQUESTS - 1, ...LIVE }), "inconclusive");
    assert.equal(judged({ dollars: 0.1, requests: REQUESTS, ...LIVE }), "success");
    const whole = { dollars: 1, requests: 1_000, ...LIVE };
    for (const name of Object.keys(whole) as (keyof typeof whole)[]) {
      const { [name]: _, ...others } = whole;
      assert.equal(judged(others), "could-not-observe", name);
    }
    assert.equal(judged({ ...whole, liveRequests: 0 }), "could-not-observe");
  });

  it("fails by exactly the ratio, whatever the amounts", () => {
    const amount = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(
        amount,
        amount,
        fc.integer({ min: REQUESTS, max: 10_000_000 }),
        amount,
        (dollars, spent, requests, served) => {
          const costs = { dollars, requests, liveDollars: spent, liveRequests: served };
          const { candidate, live } = costsOf(seen(costs));
          const dearer = 100 * candidate! > COST_PERCENT * live!;
          assert.equal(judged(costs), dearer ? "failure, hold" : "success");
        },
      ),
    );
  });

  it("is asked of one version of one colour each, the live one for seven days", () => {
    const { dollars, liveRequests } = costQueries(
      "voiceassist",
      { colour: "green", version: "2.4.0" },
      { colour: "blue", version: "2.3.1" },
      600,
    );
    assert.equal(
      dollars,
      'sum(increase(api_cost_dollars{namespace="voiceassist",colour="green",version="2.4.0"}[600s]))',
    );
    assert.match(
      liveRequests,
      /^sum\(increase\(http_requests_total\{.*colour="blue",version="2\.3\.1"\}\[604800s\]\)\)$/,
    );
  });
});

describe("a provider's quota", () => {
  const asked = { provider: "openai", quota: 500, share: 10, next: 25 };
  const verdict = (calls: number) => judgeQuota({ ...asked, calls: { value: calls } }).verdict;

  it("carries the next share by what the present one asks of it, and exactly so much", () => {
    assert.equal(verdict(200), "success");
    assert.equal(verdict(200.1), "failure");
    const { urgency, evidence } = judgeQuota({ ...asked, calls: { value: 300 } });
    assert.equal(urgency, "hold");
    assert.equal(
      evidence,
      "openai would be called 750 times a minute at 25 % (300 at 10 % now); its quota is 500",
    );
  });

  it("passes never where nobody could count", () => {
    assert.equal(judgeQuota({ ...asked, calls: NONE }).verdict, "could-not-observe");
  });
});
