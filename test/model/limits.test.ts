import assert from "node:assert/strict";
import { ENVIRONMENTS } from "../../model/environments";
import { LIMITS, LIMIT_NAMES, defaultLimits, drainSeconds, stepsOf, stricter } from "../../model/limits";
import { parseSettings } from "../../model/settings";
import { configuration } from "./fixtures";

describe("limits", () => {
  it("have defaults inside their own ranges in every environment", () => {
    for (const environment of ENVIRONMENTS) {
      const limits = defaultLimits(environment);
      const raw = { ...configuration(), environment, limits };
      assert.deepEqual(parseSettings(raw).limits, limits);
    }
  });

  it("say where each comes from and in what unit", () => {
    for (const name of LIMIT_NAMES) {
      assert.ok(LIMITS[name].source.length > 20, name);
      assert.ok(LIMITS[name].unit.length > 0, name);
    }
  });

  it("have default steps of which none is further than a rise may be", () => {
    for (const environment of ENVIRONMENTS) {
      const { steps, step } = defaultLimits(environment);
      steps.forEach((share, index) => assert.ok(share - (steps[index - 1] ?? 0) <= step));
    }
  });

  it("keep the predecessor warm for longer than clients hold on to it", () => {
    for (const environment of ENVIRONMENTS) {
      const limits = defaultLimits(environment);
      assert.ok(drainSeconds(limits) < limits.warmSeconds);
    }
  });

  it("are the stricter of recorded and asked ones, each by itself", () => {
    const recorded = defaultLimits("prod");
    const relaxed = {
      ...recorded,
      step: 100,
      bakeSeconds: 0,
      warmSeconds: 0,
      stickinessSeconds: 1,
      deregistrationSeconds: 0,
    };
    assert.deepEqual(stricter(recorded, relaxed), recorded);
    assert.deepEqual(stricter(relaxed, recorded), recorded);
    const mixed = { ...recorded, step: 10, bakeSeconds: 0, coldSeconds: 1, steps: [100] };
    const bakeSeconds = recorded.bakeSeconds;
    assert.deepEqual(stricter(recorded, mixed), { ...mixed, bakeSeconds });
    assert.deepEqual(stricter(undefined, relaxed), relaxed);
  });

  it("stop a canary on its way and no other strategy", () => {
    const limits = defaultLimits("prod");
    assert.deepEqual(stepsOf("canary", limits), [10, 25, 50, 75, 100]);
    assert.deepEqual(stepsOf("blue-green", limits), [100]);
    assert.deepEqual(stepsOf("rolling", limits), [100]);
  });
});
