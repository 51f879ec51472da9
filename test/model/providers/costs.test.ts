import assert from "node:assert/strict";
import fc from "fast-check";
import { COST_PERCENT } from "../../../model/monitoring/alerts/providers";
import { type CostsSeen, REQUESTS, costQueries, costsOf, judgeCost } from "../../../model/providers/costs";

const NONE = { unseen: "no series" };

const NAMES = ["dollars", "requests", "liveDollars", "liveRequests", "today", "baseline"] as const;

/** What was seen; a figure that is left out could not be. */
const seen = (figures: Partial<Record<keyof CostsSeen, number>>): CostsSeen => {
  return Object.fromEntries(
    NAMES.map((name) => [name, figures[name] === undefined ? NONE : { value: figures[name] }]),
  ) as unknown as CostsSeen;
};
const LIVE = { liveDollars: 100, liveRequests: 100_000 };
const DAY = { today: 10, baseline: 10 };
const judged = (figures: Parameters<typeof seen>[0]) => {
  const { verdict, urgency } = judgeCost(seen(figures), "green");
  return urgency === undefined ? verdict : `${verdict}, ${urgency}`;
};
const evidence = (figures: Parameters<typeof seen>[0]) => judgeCost(seen(figures), "green").evidence;

describe("the cost of a candidate that calls other providers", () => {
  it("is that of its requests, so that a share of a tenth is no saving", () => {
    assert.equal(judged({ dollars: 1.5, requests: 1_000, ...LIVE, ...DAY }), "success");
    assert.equal(judged({ dollars: 1.51, requests: 1_000, ...LIVE, ...DAY }), "failure, hold");
    assert.equal(
      evidence({ dollars: 3, requests: 1_000, ...LIVE, ...DAY }),
      "1000 requests of green cost $3, $1 in the live colour; " +
        "the last day cost $10, a day of the week before $10; allowed is 150 %",
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
    assert.equal(judged({ dollars: 1, requests: 1, ...LIVE, ...dear }), "failure, hold");
  });

  it("is judged by requests alone in a first week, and that is said", () => {
    const first = { ...LIVE, today: 5, baseline: 0 };
    assert.equal(judged({ dollars: 1, requests: 1_000, ...first }), "success");
    assert.match(
      evidence({ dollars: 1, requests: 1_000, ...first }),
      /; the last day cost \$5, and there is no week before it to compare with$/,
    );
    assert.equal(judged({ dollars: 2, requests: 1_000, ...first }), "failure, hold");
    assert.deepEqual(costsOf(seen(first)), { live: 1, today: 5 });
  });

  it("passes by enough requests of both colours only, and never where anything was not seen", () => {
    const both = (requests: number, liveRequests: number) =>
      judged({ dollars: 0.1, requests, liveDollars: 1, liveRequests, ...DAY });
    assert.equal(both(REQUESTS - 1, REQUESTS), "inconclusive");
    assert.equal(both(REQUESTS, REQUESTS - 1), "inconclusive");
    assert.equal(both(REQUESTS, 0), "inconclusive");
    assert.equal(both(REQUESTS, REQUESTS), "success");
    assert.match(
      evidence({ dollars: 1, requests: 1_000, liveDollars: 1, liveRequests: 3.2, ...DAY }),
      /: the live colour has answered 3 of 200; /,
    );
    const whole = { dollars: 1, requests: 1_000, ...LIVE, ...DAY };
    for (const name of Object.keys(whole) as (keyof typeof whole)[]) {
      const { [name]: _, ...others } = whole;
      assert.equal(judged(others), "could-not-observe", name);
    }
  });

  it("fails by exactly the ratios, whatever the amounts, and with less than all of it never passes", () => {
    const amount = fc.integer({ min: 1, max: 1_000_000 });
    const count = fc.integer({ min: REQUESTS, max: 10_000_000 });
    const figures = fc.record({
      ...{ dollars: amount, requests: count, liveDollars: amount, liveRequests: count },
      ...{ today: amount, baseline: amount },
    });
    fc.assert(
      fc.property(figures, fc.subarray([...NAMES]), (all, lost) => {
        const { candidate, live } = costsOf(seen(all));
        const dear = [
          100 * candidate! > COST_PERCENT * live!,
          100 * all.today > COST_PERCENT * all.baseline,
        ].filter((is) => is).length;
        assert.equal(judged(all), ["success", "failure, hold", "failure, retreat"][dear]);
        const rest = Object.fromEntries(
          Object.entries(all).filter(([name]) => !lost.some((one) => one === name)),
        );
        if (lost.length > 0) assert.doesNotMatch(judged(rest), /success|retreat/);
      }),
    );
  });

  it("is asked of one version of one colour each, the live one for seven days", () => {
    const { dollars, liveRequests, today, baseline } = costQueries(
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
    const all = 'sum by (namespace, provider) (increase(api_cost_dollars{namespace="voiceassist"}';
    assert.equal(today, `sum(${all}[1d])))`);
    assert.ok(baseline.startsWith(`sum(${all}[7d] offset 1d)) / 7 and `), baseline);
    assert.ok(baseline.endsWith(") or vector(0)"), "that nothing is so old is an answer");
  });
});
