import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Fence,
  type Observation,
  type Rise,
  demandOf,
  isOnItsWay,
  isWorthWaiting,
  judgeRise,
  neededFor,
  parseFence,
  targetsNeeded,
} from "../../model/guard";

const RISE: Rise = {
  service: "api-gateway",
  namespace: "voiceassist",
  colour: "green",
  version: "2.4.0",
  from: 10,
  to: 50,
  replicas: 3,
  floors: { blue: 3, green: 3 },
};

const FENCE: Fence = {
  version: "2.4.0",
  reason: "wrong totals",
  by: "on-call",
  at: "2026-03-01T10:00:00.000Z",
};

const judged = (observed: Partial<Observation>, rise: Partial<Rise> = {}) =>
  judgeRise({ ...RISE, ...rise }, seen(observed));

const seen = (observed: Partial<Observation> = {}): Observation => ({
  share: 10,
  healthy: 3,
  registered: 3,
  other: 3,
  ...observed,
});

describe("targets needed", () => {
  it("are the share's part of full size, rounded up, and one at least", () => {
    const needed = [0, 1, 33, 34, 66, 67, 100].map((share) => targetsNeeded(share, 3));
    assert.deepEqual(needed, [1, 1, 1, 2, 2, 3, 3]);
  });

  it("are the least number that carries its share, to the exact target", () => {
    fc.assert(
      fc.property(fc.nat(100), fc.integer({ min: 1, max: 1_000 }), (share, replicas) => {
        const needed = targetsNeeded(share, replicas);
        assert.ok(needed * 100 >= share * replicas, "too few");
        assert.ok(needed === 1 || (needed - 1) * 100 < share * replicas, "too many");
      }),
    );
    assert.equal(targetsNeeded(7, 100), 7);
  });
});

describe("the demand of the moment", () => {
  const of = (rise: Partial<Rise>, healthy: number, other?: number) =>
    demandOf({ ...RISE, ...rise }, seen({ healthy, ...(other !== undefined && { other }) }));

  it("is not known while both colours are at their floors: those pods are there without load too", () => {
    assert.equal(of({ from: 50 }, 3, 3), undefined);
    assert.equal(of({ from: 50 }, 2, 1), undefined);
  });

  it("is the other colour's pods by its share, where load has made more of them than its floor", () => {
    assert.equal(of({ from: 10 }, 3, 9), 10);
    assert.equal(of({ from: 0 }, 3, 9), 9);
  });

  it("does not count the pods of a colour without a share", () => {
    assert.equal(of({ from: 0, floors: { blue: 3, green: 3 } }, 50, 4), 4);
    assert.equal(of({ from: 0 }, 50, 3), undefined);
    assert.equal(of({ from: 100 }, 3, 50), undefined);
  });

  it("is not above all pods that have traffic: a fall leaves the other colour with more than it needs", () => {
    assert.equal(of({ from: 75 }, 6, 6), 12);
  });

  it("counts a raised floor for what it is, and not for load", () => {
    assert.equal(of({ from: 10, floors: { blue: 3, green: 6 } }, 6, 3), undefined);
    assert.equal(of({ from: 10, floors: { blue: 3, green: 6 } }, 7, 3), 10);
  });

  const pods = fc.integer({ min: 0, max: 200 });
  const share = fc.integer({ min: 0, max: 99 });
  const floors = fc.record({ blue: fc.integer({ min: 1, max: 50 }), green: fc.integer({ min: 1, max: 50 }) });

  it("is never above the pods that there are, nor below those of a colour that has all traffic", () => {
    fc.assert(
      fc.property(share, pods, pods, floors, (from, healthy, other, floors) => {
        const demand = of({ from, floors }, healthy, other);
        if (demand === undefined) return;
        assert.ok(demand <= healthy + other);
        if (from === 0) assert.equal(demand, other);
      }),
    );
  });

  it("asks for no fewer targets than the share's part of full size, and for more only where load is known", () => {
    fc.assert(
      fc.property(
        share,
        fc.integer({ min: 1, max: 100 }),
        pods,
        pods,
        floors,
        (from, to, healthy, other, floors) => {
          const rise = { ...RISE, from, to, floors };
          const needed = neededFor(rise, seen({ healthy, other }));
          assert.ok(needed >= targetsNeeded(to, rise.replicas));
          const demand = demandOf(rise, seen({ healthy, other }));
          if (demand === undefined) assert.equal(needed, targetsNeeded(to, rise.replicas));
          else assert.ok(needed * 10_000 + 0.01 >= to * demand * 110);
        },
      ),
    );
  });

  it("lets a canary at its floors pass every step with its full size", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        share,
        fc.integer({ min: 1, max: 100 }),
        (size, from, to) => {
          const rise = {
            ...RISE,
            from,
            to: Math.max(from, to),
            replicas: size,
            floors: { blue: size, green: size },
          };
          assert.deepEqual(judgeRise(rise, { healthy: size, registered: size, other: size }), []);
        },
      ),
    );
  });
});

describe("a rise under load", () => {
  it("needs a tenth more than its part of the demand, and says by how much to raise the capacity", () => {
    // Nine pods carry 90 %, so ten carry all and five and a half a half and its headroom.
    assert.deepEqual(judged({ healthy: 6, other: 9 }, { floors: { blue: 3, green: 6 } }), []);
    const [refusal] = judged({ healthy: 5, other: 9 }, { floors: { blue: 3, green: 5 } });
    assert.match(
      refusal!,
      /^5 healthy targets for api-gateway green; 50 % needs 6 for the load of the moment and 10 % above it/,
    );
    assert.match(refusal!, /pulumi config set --path 'sluice:release\.capacity\.green' 167$/);
  });
});

describe("waiting", () => {
  const raised = { ...RISE, floors: { blue: 3, green: 6 } };

  it("is worth it while the floor asks for the targets that lack, and not where no floor does", () => {
    assert.ok(isWorthWaiting(raised, seen({ healthy: 3, other: 9 })));
    assert.ok(!isWorthWaiting(raised, seen({ healthy: 6, other: 9 })), "nothing lacks");
    assert.ok(!isWorthWaiting(RISE, seen({ healthy: 3, other: 9 })), "no autoscaler would raise it");
  });

  it("mends no fence and no share that somebody has moved", () => {
    assert.ok(!isWorthWaiting(raised, seen({ healthy: 3, other: 9, fence: FENCE })));
    assert.ok(!isWorthWaiting(raised, seen({ healthy: 3, other: 9, share: 11 })));
  });

  it("tells targets that are still to come from those that are there and fail", () => {
    assert.ok(isOnItsWay(RISE, seen({ healthy: 0, registered: 1 })));
    assert.ok(!isOnItsWay(RISE, seen({ healthy: 0, registered: 2 })));
  });
});

describe("a rise", () => {
  it("is permitted with exactly the healthy targets that it needs, and refused with one less", () => {
    assert.deepEqual(judged({ healthy: 2 }), []);
    const [refusal, ...others] = judged({ healthy: 1 });
    assert.deepEqual(others, []);
    assert.match(refusal!, /^1 healthy targets for api-gateway green; 50 % needs 2\./);
    assert.match(refusal!, /kubectl get pods -n voiceassist -l app=api-gateway,colour=green$/);
  });

  it("needs a healthy target however small its share is", () => {
    assert.equal(judged({ healthy: 0, share: 0 }, { from: 0, to: 1 }).length, 1);
    assert.deepEqual(judged({ healthy: 1, share: 0 }, { from: 0, to: 1 }), []);
  });

  it("is refused where the load balancer has a point more or less than the state: somebody moved it", () => {
    assert.deepEqual(judged({ share: 10 }), []);
    assert.match(
      judged({ share: 9 }).join(),
      /9 % at the load balancer and 10 % in state: somebody lowered it/,
    );
    const [refusal, ...others] = judged({ share: 11 });
    assert.deepEqual(others, []);
    assert.match(refusal!, /11 % at the load balancer and 10 % in state.*pulumi refresh$/);
  });

  it("is refused for the fenced version, with who, when and why, and for no other version", () => {
    assert.deepEqual(judged({ fence: { ...FENCE, version: "2.3.9" } }), []);
    const [refusal, ...others] = judged({ fence: FENCE });
    assert.deepEqual(others, []);
    assert.equal(
      refusal,
      "version 2.4.0 is fenced since 2026-03-01T10:00:00.000Z by on-call: wrong totals. Release another version.",
    );
  });

  it("hears of every reason at once", () => {
    assert.equal(judged({ healthy: 0, share: 60, fence: FENCE }).length, 3);
  });
});

describe("a fence", () => {
  it("is read from what was written", () => {
    assert.deepEqual(parseFence(JSON.stringify(FENCE)), FENCE);
  });

  it("that lacks a part is an error that names the part, and not no fence", () => {
    const { by: _, at: __, ...half } = FENCE;
    assert.throws(() => parseFence(JSON.stringify(half)), /the fence lacks by, at: found \{"version"/);
    assert.throws(() => parseFence(JSON.stringify({ ...FENCE, version: 2 })), /the fence lacks version:/);
  });

  it("is an error where the value is no object at all", () => {
    for (const value of ["null", "true", "[]", '"2.4.0"', "{}"]) {
      assert.throws(() => parseFence(value), /the fence lacks version, reason, by, at/, value);
    }
  });

  it("that is no JSON is an error that shows what was found", () => {
    for (const value of ["", "2.4.0 is bad", '{"version":']) {
      assert.throws(
        () => parseFence(value),
        (error: Error) => error.message.includes("the fence is no JSON") && error.message.endsWith(value),
      );
    }
  });
});
