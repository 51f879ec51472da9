import assert from "node:assert/strict";
import { ENVIRONMENTS } from "../../model/environments";
import { LIMITS, LIMIT_NAMES, defaultLimits, drainSeconds, stepsOf, stricter } from "../../model/limits";
import { parseSettings } from "../../model/settings";
import { configuration } from "./fixtures";

describe("limits", () => {
  it("have defaults inside their own ranges in every environment", () => {
    for (const environment of ENVIRONMENTS) {
      const limits = defaultLimits(environment);
      // Steps are the plan's.
      const { steps: _, ...asked } = limits;
      const raw = { ...configuration(), environment, limits: asked };
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
      exposure: 100,
      samples: 0,
    };
    assert.deepEqual(stricter(recorded, relaxed), recorded);
    assert.deepEqual(stricter(relaxed, recorded), recorded);
    const mixed = { ...recorded, step: 10, bakeSeconds: 0, coldSeconds: 1, steps: [100] };
    const { bakeSeconds, coldSeconds } = recorded;
    assert.deepEqual(stricter(recorded, mixed), { ...mixed, bakeSeconds, coldSeconds });
    assert.deepEqual(stricter(undefined, relaxed), relaxed);
  });

  it("leave alone what was not recorded yet, or what an organisation says nothing of", () => {
    const asked = defaultLimits("prod");
    assert.deepEqual(stricter({}, asked), asked);
    assert.deepEqual(stricter({ step: 10 }, asked), { ...asked, step: 10 });
    assert.deepEqual(stricter({ samples: 1_000, exposure: 30 }, asked), { ...asked, samples: 1_000 });
  });

  it("keep a freeze until the update after the one that removes it, and each once", () => {
    const [one, other] = ["01", "02"].map((day) => ({
      reason: "inventory",
      from: `2026-03-${day}T00:00:00Z`,
      until: `2026-03-${day}T12:00:00Z`,
    }));
    const limits = defaultLimits("dev");
    const merged = stricter({ freezes: [one!] }, { ...limits, freezes: [one!, other!] });
    assert.deepEqual(merged.freezes, [one, other]);
    assert.deepEqual(stricter({ freezes: [one!] }, limits).freezes, [one]);
  });

  it("stop a canary on its way and no other strategy", () => {
    const limits = defaultLimits("prod");
    assert.deepEqual(stepsOf("canary", limits), [10, 25, 50, 75, 100]);
    assert.deepEqual(stepsOf("blue-green", limits), [100]);
    assert.deepEqual(stepsOf("rolling", limits), [100]);
  });
});
