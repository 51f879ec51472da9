import assert from "node:assert/strict";
import { SLOW_SECONDS, THRESHOLDS, type Threshold } from "../../../model/analysis/thresholds";

const ALL = Object.entries<Threshold>(THRESHOLDS);

/** The chance that more than this percentage of so many requests are bad, were each so with such a chance. */
function breaches(samples: number, above: number, rate: number): number {
  let sum = 0;
  let term = (1 - rate) ** samples;
  for (let bad = 0; bad <= samples; bad += 1) {
    if (bad > (samples * above) / 100) sum += term;
    term *= ((samples - bad) / (bad + 1)) * (rate / (1 - rate));
  }
  return sum;
}

describe("thresholds", () => {
  it("are those of the guides", () => {
    const read = ALL.map(([name, { above, unit, urgency }]) => `${name} > ${above} ${unit}: ${urgency}`);
    assert.deepEqual(read, [
      "errorRate > 5 percent: retreat",
      "errorGate > 1 percent: hold",
      "latency > 5 percent: retreat",
      "latencyGate > 5 percent: hold",
      "failedChecks > 2 count: retreat",
      "crashLoop > 2 count: retreat",
      "readiness > 540 seconds: retreat",
      "unavailable > 30 seconds: retreat",
    ]);
    assert.equal(SLOW_SECONDS, 5);
  });

  it("name their source", () => {
    for (const [name, { source }] of ALL) assert.match(source, /\b00[0-4]\b/, name);
  });

  it("ask for so many requests that errors within the objective do not breach them by chance", () => {
    for (const [name, threshold] of ALL) {
      if (threshold.kind !== "rate") continue;
      assert.ok(breaches(threshold.samples, threshold.above, 0.001) < 1 / 70_000, name);
    }
  });

  it("retreat no later than people are paged", () => {
    for (const [name, { kind, urgency, windowSeconds, alert }] of ALL) {
      if (kind === "rate" && urgency === "retreat") assert.ok(windowSeconds <= alert.afterSeconds, name);
    }
  });
});
