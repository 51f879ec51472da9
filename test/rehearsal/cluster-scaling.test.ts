import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Memory,
  type Scaling,
  replicas,
  scalingOf,
  wanted,
} from "../../rehearsal/cloud/cluster/scaling-rules";

/** As components/service/scaling.ts has it. */
const spec = {
  minReplicas: 2,
  maxReplicas: 10,
  metrics: [
    { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
  ],
  behavior: {
    scaleDown: {
      stabilizationWindowSeconds: 300,
      policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
    },
  },
};
const scaling = scalingOf(spec);

/** Looks every 15 s at a load, in pods that would carry it at the target; gives the pods after each look. */
function follow(told: Scaling, loads: readonly number[], first = told.min): number[] {
  let memory: Memory = { wanted: [], changed: [] };
  let current = first;
  return loads.map((pods, look) => {
    const now = 15 * look;
    const seen = [...memory.wanted, { at: now, pods }];
    const next = replicas(told, current, { ...memory, wanted: seen }, now);
    const changed = next === current ? [] : [{ at: now, by: next - current }];
    memory = { wanted: seen, changed: [...memory.changed, ...changed] };
    return (current = next);
  });
}

describe("what an autoscaler wants", () => {
  it("is as many pods as keep the use at the target", () => {
    assert.equal(wanted(70, 2, { used: [140, 140], unready: 0 }), 4);
    assert.equal(wanted(70, 4, { used: [20, 20, 20, 20], unready: 0 }), 2);
  });

  it("is what there is, where use is within a tenth of the target or nobody knows it", () => {
    assert.equal(wanted(70, 3, { used: [76, 76, 76], unready: 0 }), 3);
    assert.equal(wanted(70, 3, { used: [], unready: 3 }), 3);
  });

  it("counts pods that are on their way as carrying their part", () => {
    assert.equal(wanted(70, 4, { used: [140, 140], unready: 2 }), 4);
    assert.equal(wanted(70, 3, { used: [210, 210], unready: 1 }), 6);
  });
});

describe("what an autoscaler does", () => {
  it("stays within its bounds, whatever the load", () => {
    const load = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(load, (loads) => {
        for (const pods of follow(scaling, loads)) assert.ok(pods >= scaling.min && pods <= scaling.max);
      }),
    );
  });

  it("adds pods at once, at most twice as many or four more in 15 s", () =>
    assert.deepEqual(follow(scaling, [10, 10, 10]), [6, 10, 10]));

  it("takes pods away only after the load has been gone for the window, one in a minute", () => {
    const counts = follow(scaling, [5, ...Array.from({ length: 40 }, () => 2)]);
    // The last look that wanted five is 300 s old at look 20; then one goes each fourth look.
    assert.equal(
      counts.findIndex((count, at) => at > 0 && count < 5),
      21,
    );
    assert.deepEqual(counts.slice(21, 31), [4, 4, 4, 4, 3, 3, 3, 3, 2, 2]);
  });

  it("comes to what a steady load wants, and stays there", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 2, max: 10 }), (pods, first) => {
        const counts = follow(
          scaling,
          Array.from({ length: 80 }, () => pods),
          first,
        );
        const end = Math.min(scaling.max, Math.max(scaling.min, pods));
        assert.deepEqual(
          counts.slice(-5),
          Array.from({ length: 5 }, () => end),
        );
      }),
    );
  });

  it("goes by Kubernetes' defaults where it is told nothing", () => {
    const { min, target, up, down } = scalingOf({ maxReplicas: 3 });
    assert.deepEqual([min, target, up.windowSeconds, down.windowSeconds], [1, 80, 0, 300]);
  });
});
