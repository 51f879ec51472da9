import assert from "node:assert/strict";
import { CLOCK, paceText } from "../../cloud/clock";
import type { Struck } from "../../rehearsal/faults/strike";
import { reactionTo, signalSeconds } from "../../rehearsal/reaction";

const struck = (more: Partial<Struck> = {}): Struck => ({
  fault: { kind: "crash" },
  text: "green crashes",
  colour: "green",
  isMeasured: false,
  at: 1_000,
  ...more,
});
const retreat = (at: number) => ({ kind: "retreat", evidence: "green fails", at });

describe("a reaction", () => {
  it("is timed from the first fault that users met", () => {
    const others = { text: "metrics fail", isMeasured: false, at: 0 };
    const faults = [
      { fault: { kind: "metrics-outage" }, ...others } as Struck,
      struck(),
      struck({ at: 2_000 }),
    ];
    const found = reactionTo(faults, [retreat(500), retreat(4_500)], { moved: 4_750, ended: 9_000 }, {});
    assert.deepEqual(found, {
      ...{ fault: "green crashes", colour: "green", isAnswered: false, signal: 0 },
      ...{ decided: 3.5, moved: 3.75, complete: 8 },
    });
  });

  it("is without times of what did not come", () => {
    const found = reactionTo([struck()], [], { moved: undefined, ended: 2_000 }, {});
    assert.deepEqual(found, {
      fault: "green crashes",
      colour: "green",
      isAnswered: false,
      signal: 0,
      complete: 1,
    });
  });

  it("is none where nothing was broken that users met", () => {
    assert.equal(reactionTo([], [retreat(1)], { moved: 1, ended: 2 }, {}), undefined);
  });
});

describe("the signal of a fault that only metrics tell of", () => {
  const at = Date.parse("2026-03-01T12:00:15Z");

  it("is there when CloudWatch has the first whole minute after it, and that has settled", () => {
    // The minute from 12:01 on, which ends at 12:02 and is settled at 12:04.
    assert.equal(signalSeconds(at, {}), 225);
  });

  it("comes sooner as time passes faster", () => {
    const pace = paceText({ speed: 60, beginning: at });
    assert.equal(signalSeconds(at, { [CLOCK]: pace ?? "" }), 3.75);
  });
});
