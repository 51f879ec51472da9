import assert from "node:assert/strict";
import { ENVIRONMENTS } from "../../../model/environments";
import { defaultLimits } from "../../../model/limits";
import { stepAt, stopsOf } from "../../../model/rollout/plan";
import { PLANS, PLAN_NAMES, defaultPlan, namedPlan } from "../../../model/rollout/plans";
import { THRESHOLDS } from "../../../model/analysis/thresholds";
import { PLAN } from "./situations";

const HOUR = 3_600;

describe("plans", () => {
  it("ascend to 100 and say who asks for them", () => {
    for (const name of PLAN_NAMES) {
      const { steps, source } = PLANS[name];
      const shares: number[] = steps.map(({ share }) => share);
      assert.deepEqual(
        shares,
        [...new Set(shares)].sort((one, other) => one - other),
      );
      assert.equal(shares.at(-1), 100);
      assert.match(source, /^00[0-4]/);
    }
  });

  it("are by default the guides' for each environment, with no stop further away than a rise may be", () => {
    const stops = ENVIRONMENTS.map((environment) => stopsOf(defaultPlan(environment)));
    assert.deepEqual(stops, [
      [10, 50, 100],
      [10, 25, 75, 100],
      [10, 25, 50, 75, 100],
    ]);
    for (const environment of ENVIRONMENTS) {
      const { step } = defaultLimits(environment);
      stopsOf(defaultPlan(environment)).forEach((share, index, all) =>
        assert.ok(share - (all[index - 1] ?? 0) <= step),
      );
    }
    const bakes = defaultPlan("prod").steps.map(({ bakeSeconds }) => bakeSeconds / HOUR);
    assert.deepEqual(bakes, [24, 12, 12, 24, 0]);
  });

  it("give a hotfix the greatest rises of prod, and each the time in which the gate can judge it", () => {
    const { steps } = namedPlan("hotfix");
    steps.forEach(({ share }, index) =>
      assert.equal(share - (steps[index - 1]?.share ?? 0), defaultLimits("prod").step),
    );
    for (const { share, bakeSeconds } of steps) {
      assert.ok(share === 100 || bakeSeconds >= THRESHOLDS.errorGate.windowSeconds);
    }
  });

  it("have a release leave the last step that it has reached, and one before the first without waiting", () => {
    assert.equal(stepAt(PLAN, 10).share, 10);
    assert.equal(stepAt(PLAN, 49).share, 10);
    assert.equal(stepAt(PLAN, 100).share, 100);
    assert.deepEqual(stepAt(PLAN, 9), { share: 0, bakeSeconds: 0, gates: [] });
    const [first] = PLAN.steps;
    const standing = { ...PLAN, steps: [{ ...first!, share: 0 }, ...PLAN.steps] };
    assert.equal(stepAt(standing, 9).bakeSeconds, 60);
    assert.deepEqual(stopsOf(standing), [10, 50, 100]);
  });
});
