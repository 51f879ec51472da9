import assert from "node:assert/strict";
import { type Fence, parseFence } from "../../model/guardFence";

const FENCE: Fence = {
  version: "2.4.0",
  reason: "wrong totals",
  by: "on-call",
  at: "2026-03-01T10:00:00.000Z",
};

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
