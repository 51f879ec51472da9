import assert from "node:assert/strict";
import { greenAt } from "../../../model/release";
import { judge } from "../../../model/transition";
import { at, promoted, recorded, refusedBy, release, transition } from "../fixtures";

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

  it("lets the unchanged predecessor rise at once while it is warm, and not once it is cold", () => {
    const state = promoted();
    const back = release(0, { live: "green" });
    assert.deepEqual(refusedBy(transition(state, back, { now: at(86_399) })), []);
    assert.deepEqual(refusedBy(transition(state, back, { now: at(86_400) })), ["T1", "T2"]);
  });

  it("leaves a blue-green flip to T5, and refuses the same rise where live stays", () => {
    const ready = recorded(release(0, { strategy: "blue-green" }));
    const later = { now: at(86_400) };
    const flip = release(100, { strategy: "blue-green", live: "green" });
    assert.deepEqual(refusedBy(transition(ready, flip, later)), []);
    assert.deepEqual(refusedBy(transition(ready, { ...flip, live: "blue" }, later)), ["T1"]);
  });
});
