import assert from "node:assert/strict";
import { greenAt } from "../../../model/release";
import { judge } from "../../../model/transition";
import { LIMITS, at, promoted, recorded, refusedBy, release, transition } from "../fixtures";

/** The end of the predecessor's retention. */
const COLD = LIMITS.warmSeconds + LIMITS.coldSeconds;

describe("T1, a rise beyond the step", () => {
  it("permits a rise by exactly the step and refuses one point more", () => {
    assert.deepEqual(refusedBy(transition(recorded(release(10)), release(35))), []);
    assert.deepEqual(refusedBy(transition(recorded(release(10)), release(36))), ["T1"]);
  });

  it("names what was found, the limit and the commands that take the largest permitted step", () => {
    const [violation] = judge(transition(recorded(release(10)), release(60)));
    assert.equal(violation?.where, "sluice:release.traffic.green");
    assert.match(violation.found, /60 %.*10 %/);
    assert.equal(violation.limit, "25 points");
    assert.equal(
      violation.remedy,
      "pulumi config set --path 'sluice:release.traffic.green' 35 && pulumi config set --path 'sluice:release.traffic.blue' 65",
    );
    for (const part of ["60 %", "10 %", "25 points", violation.remedy])
      assert.ok(violation.message.includes(part));
  });

  it("lets the live colour rise by any amount", () => {
    assert.deepEqual(refusedBy(transition(recorded(release(100)), release(0))), []);
  });

  it("counts each service from its own rule: a jump over uneven rules is refused, the lowest's step is not", () => {
    const uneven = recorded(release(25), {
      rules: { "api-gateway": greenAt(25), "voice-service": greenAt(10), "admin-panel": greenAt(25) },
    });
    assert.deepEqual(refusedBy(transition(uneven, release(35))), []);
    assert.deepEqual(refusedBy(transition(uneven, release(36))), ["T1"]);
    assert.match(judge(transition(uneven, release(36)))[0]!.message, /at voice-service, by 26 points/);
  });

  it("permits levelling uneven rules to the share that was asked for and reached, however far", () => {
    const uneven = recorded(release(75), {
      rules: { "api-gateway": greenAt(75), "voice-service": greenAt(0), "admin-panel": greenAt(50) },
    });
    assert.deepEqual(refusedBy(transition(uneven, release(75))), []);
    assert.deepEqual(refusedBy(transition(uneven, release(76))), ["T1"]);
  });

  it("takes no share for reached that was asked for and that no rule has", () => {
    const lowered = recorded(release(50), {
      rules: { "api-gateway": greenAt(0), "voice-service": greenAt(0), "admin-panel": greenAt(0) },
    });
    assert.deepEqual(refusedBy(transition(lowered, release(25))), []);
    assert.deepEqual(refusedBy(transition(lowered, release(50))), ["T1"]);
  });

  it("lets the unchanged predecessor rise at once while it is kept, warm or cold, to the second", () => {
    const state = promoted();
    const back = release(0, { live: "green" });
    for (const seconds of [86_399, 86_400, 86_401, COLD - 1]) {
      assert.deepEqual(refusedBy(transition(state, back, { now: at(seconds) })), []);
    }
    assert.deepEqual(refusedBy(transition(state, back, { now: at(COLD) })), ["T1"]);
  });

  it("takes no larger step from the edit that makes it, and takes it from the one after", () => {
    const limits = { ...LIMITS, step: 100 };
    const relaxed = transition(recorded(release(0), { limits: LIMITS }), release(100), { limits });
    assert.deepEqual(refusedBy(relaxed), ["T1"]);
    assert.match(judge(relaxed)[0]!.message, /by 25 points at a time.*relaxed counts from the update after/);
    assert.deepEqual(refusedBy({ ...relaxed, from: recorded(release(0), { limits }) }), []);
    const small = { ...relaxed, limits: LIMITS };
    assert.doesNotMatch(judge(small)[0]!.message, /relaxed/);
  });

  it("takes a smaller step from the edit that makes it", () => {
    const limits = { ...LIMITS, step: 5 };
    const state = recorded(release(0), { limits: LIMITS });
    assert.deepEqual(refusedBy(transition(state, release(6), { limits })), ["T1"]);
    assert.deepEqual(refusedBy(transition(state, release(5), { limits })), []);
  });

  it("leaves a blue-green flip to T5, and refuses the same rise where live stays", () => {
    const ready = recorded(release(0, { strategy: "blue-green" }));
    const later = { now: at(86_400) };
    const flip = release(100, { strategy: "blue-green", live: "green" });
    assert.deepEqual(refusedBy(transition(ready, flip, later)), []);
    assert.deepEqual(refusedBy(transition(ready, { ...flip, live: "blue" }, later)), ["T1"]);
  });
});
