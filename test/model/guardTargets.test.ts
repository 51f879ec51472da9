import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Serving,
  type Sizing,
  demandOf,
  neededFor,
  targetObjections,
  targetsNeeded,
} from "../../model/guardTargets";

const RISE = {
  service: "api-gateway",
  namespace: "voiceassist",
  colour: "green",
  from: 10,
  to: 50,
  replicas: 3,
  floors: { blue: 3, green: 3 },
} as const;

const serving = (changes: Partial<Serving> = {}): Serving => ({
  healthy: 3,
  registered: 3,
  other: 3,
  ...changes,
});
const judged = (changes: Partial<Serving>, rise: Partial<Sizing> = {}) =>
  targetObjections({ ...RISE, ...rise }, serving(changes));

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
  const of = (rise: Partial<Sizing>, healthy: number, other?: number) =>
    demandOf({ ...RISE, ...rise }, serving({ healthy, ...(other !== undefined && { other }) }));

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
          const needed = neededFor(rise, serving({ healthy, other }));
          assert.ok(needed >= targetsNeeded(to, rise.replicas));
          const demand = demandOf(rise, serving({ healthy, other }));
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
          const serving = { healthy: size, registered: size, other: size };
          assert.deepEqual(targetObjections(rise, serving), []);
        },
      ),
    );
  });
});

describe("a rise under load", () => {
  it("needs a tenth more than its part of the demand, and says by how much to raise the capacity", () => {
    // Nine pods carry 90 %, so ten carry all and five and a half a half and its headroom.
    const floors = (green: number) => ({ floors: { blue: 3, green } });
    assert.deepEqual(judged({ healthy: 6, other: 9 }, floors(6)), []);
    const [refusal] = judged({ healthy: 5, other: 9 }, floors(5));
    assert.match(
      refusal!.why,
      /^5 healthy targets for api-gateway green; 50 % needs 6 for the load of the moment and 10 % above it/,
    );
    assert.match(refusal!.why, /pulumi config set --path 'sluice:release\.capacity\.green' 167$/);
  });
});

describe("a rise by targets", () => {
  it("is permitted with exactly the healthy targets that it needs, and refused with one less", () => {
    assert.deepEqual(judged({ healthy: 2 }), []);
    const [refusal, ...others] = judged({ healthy: 1 });
    assert.deepEqual(others, []);
    assert.match(refusal!.why, /^1 healthy targets for api-gateway green; 50 % needs 2\./);
    assert.match(refusal!.why, /kubectl get pods -n voiceassist -l app=api-gateway,colour=green$/);
  });

  it("needs a healthy target however small its share is", () => {
    assert.equal(judged({ healthy: 0 }, { from: 0, to: 1 }).length, 1);
    assert.deepEqual(judged({ healthy: 1 }, { from: 0, to: 1 }), []);
  });

  it("waits for those that the floor asks for, and tells those to come from those that are there and fail", () => {
    const kinds = (...asked: Parameters<typeof judged>) => judged(...asked).map(({ kind }) => kind);
    const short = { healthy: 3, other: 9 };
    assert.deepEqual(kinds(short, { floors: { blue: 3, green: 6 } }), ["coming"]);
    assert.deepEqual(kinds(short), ["standing"], "no autoscaler would raise it");
    assert.deepEqual(kinds({ healthy: 0, registered: 1 }), ["coming"]);
    assert.deepEqual(kinds({ healthy: 0, registered: 2 }), ["failing"]);
    assert.equal(judged({ healthy: 0, registered: 1 })[0]?.progress, "2 healthy targets, 0 so far");
  });

  const pods = fc.integer({ min: 0, max: 30 });
  const rises = fc
    .record({
      one: fc.nat(100),
      two: fc.nat(100),
      replicas: fc.integer({ min: 1, max: 20 }),
      blue: pods,
      green: pods,
    })
    .filter(({ one, two }) => one !== two)
    .map(({ one, two, replicas, blue, green }) => {
      const from = Math.min(one, two);
      const floors = { blue: Math.max(1, blue), green: Math.max(1, green) };
      return { ...RISE, from, to: Math.max(one, two), replicas, floors };
    });
  const permits = (rise: Sizing, healthy: number, other: number) =>
    targetObjections({ ...RISE, ...rise }, { healthy, registered: healthy, other }).length === 0;

  /**
   * The pod that exceeds the floor is another matter: it was made by load, so it shows a demand that nobody knew of.
   */
  it("a healthy target more never turns a permit into a refusal, but for the first that shows load", () => {
    fc.assert(
      fc.property(rises, pods, pods, (rise, healthy, other) => {
        const floor = rise.floors.green;
        if (rise.from > 0 && healthy === floor && other <= rise.floors.blue) return;
        if (!permits(rise, healthy, other)) return;
        assert.ok(permits(rise, healthy + 1, other));
      }),
      { numRuns: 2_000 },
    );
  });
});
