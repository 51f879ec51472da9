import assert from "node:assert/strict";
import { greenAt } from "../../../model/release";
import { judge } from "../../../model/transition";
import { LIMITS, at, promoted, recorded, refusedBy, release, transition } from "../fixtures";

const DAY = LIMITS.bakeSeconds;
/** The end of the predecessor's retention. */
const COLD = LIMITS.warmSeconds + LIMITS.coldSeconds;

describe("T5, a promote or flip before the candidate has baked", () => {
  it("refuses a promote one second early and permits it in time", () => {
    const full = recorded(release(100));
    const promote = release(100, { live: "green" });
    assert.deepEqual(refusedBy(transition(full, promote, { now: at(DAY - 1) })), ["T5"]);
    assert.deepEqual(refusedBy(transition(full, promote, { now: at(DAY) })), []);
  });

  it("says how long it has baked, how long it must and until when to wait", () => {
    const asked = transition(recorded(release(100)), release(100, { live: "green" }), { now: at(60) });
    const [violation] = judge(asked);
    assert.match(violation!.found, /^60 s/);
    assert.equal(violation!.limit, "86400 s");
    assert.equal(
      violation!.remedy,
      "pulumi config set --path 'sluice:release.live' blue until 2026-03-02T10:00:00.000Z",
    );
  });

  it("refuses a promote of a candidate that had one per cent less than all, at any rule", () => {
    const promote = transition(recorded(release(99)), release(100, { live: "green" }), { now: at(DAY) });
    assert.deepEqual(refusedBy(promote), ["T5"]);
    const uneven = recorded(release(100), {
      rules: { "api-gateway": greenAt(100), "voice-service": greenAt(99), "admin-panel": greenAt(100) },
    });
    assert.deepEqual(refusedBy(transition(uneven, release(100, { live: "green" }), { now: at(DAY) })), [
      "T5",
    ]);
  });

  it("refuses a colour that becomes live without all traffic", () => {
    const asked = transition(recorded(release(100)), release(99, { live: "green" }), { now: at(DAY) });
    assert.deepEqual(refusedBy(asked), ["T5"]);
  });

  it("refuses a flip one second early and permits it in time", () => {
    const ready = recorded(release(0, { strategy: "blue-green" }));
    const flip = release(100, { strategy: "blue-green", live: "green" });
    assert.deepEqual(refusedBy(transition(ready, flip, { now: at(DAY - 1) })), ["T5"]);
    assert.deepEqual(refusedBy(transition(ready, flip, { now: at(DAY) })), []);
  });

  it("takes no flip in the edit that sets the blue-green strategy", () => {
    const flip = release(100, { strategy: "blue-green", live: "green" });
    assert.deepEqual(refusedBy(transition(recorded(release(0)), flip, { now: at(DAY) })), [
      "T1",
      "T5",
      "T13",
    ]);
  });

  it("permits going back to the warm predecessor at once, in one edit or two", () => {
    const state = promoted();
    assert.deepEqual(refusedBy(transition(state, release(0), { now: at(1) })), []);
    const moved = recorded(release(0, { live: "green" }), {
      trusted: state.trusted,
      retention: state.retention,
    });
    assert.deepEqual(refusedBy(transition(moved, release(0), { now: at(1) })), []);
  });

  it("permits going back in one edit while the predecessor is cold, and not once retention is over", () => {
    for (const seconds of [86_400, 86_401, COLD - 1]) {
      assert.deepEqual(refusedBy(transition(promoted(), release(0), { now: at(seconds) })), []);
    }
    assert.deepEqual(refusedBy(transition(promoted(), release(0), { now: at(COLD) })), ["T1", "T5"]);
  });

  it("refuses a flip to what has stood without pods, and says how to release it anew", () => {
    const { release: before, ...state } = promoted();
    const from = { ...state, release: { ...before, strategy: "blue-green" as const } };
    const flip = transition(from, release(0, { strategy: "blue-green" }), { now: at(COLD) });
    assert.deepEqual(refusedBy(flip), ["T5"]);
    const [violation] = judge(flip);
    assert.match(violation!.found, /no replicas of blue since 2026-03-02T10:00:00.000Z/);
    assert.match(violation!.remedy, /pulumi config rm --path 'sluice:release.blue.version'; pulumi up/);
  });

  it("takes no shorter bake from the edit that makes it, and takes it from the one after", () => {
    const limits = { ...LIMITS, bakeSeconds: 0 };
    const promote = release(100, { live: "green" });
    const state = recorded(release(100), { limits: LIMITS });
    assert.deepEqual(refusedBy(transition(state, promote, { limits, now: at(DAY - 1) })), ["T5"]);
    assert.deepEqual(refusedBy(transition({ ...state, limits }, promote, { limits, now: at(1) })), []);
  });
});
