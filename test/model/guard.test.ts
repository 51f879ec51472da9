import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Fence,
  type Observation,
  type Rise,
  judgeRise,
  parseFence,
  targetsNeeded,
} from "../../model/guard";

const RISE: Rise = {
  service: "api-gateway",
  colour: "green",
  version: "2.4.0",
  from: 10,
  to: 50,
  replicas: 3,
};

const FENCE: Fence = {
  version: "2.4.0",
  reason: "wrong totals",
  by: "on-call",
  at: "2026-03-01T10:00:00.000Z",
};

const judged = (observed: Partial<Observation>, rise: Partial<Rise> = {}) =>
  judgeRise({ ...RISE, ...rise }, { share: 10, healthy: 3, ...observed });

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

describe("a rise", () => {
  it("is permitted with exactly the healthy targets that it needs, and refused with one less", () => {
    assert.deepEqual(judged({ healthy: 2 }), []);
    const [refusal, ...others] = judged({ healthy: 1 });
    assert.deepEqual(others, []);
    assert.match(refusal!, /^1 healthy targets for api-gateway green; 50 % needs 2\./);
    assert.match(refusal!, /kubectl get pods -l app=api-gateway,colour=green$/);
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
