import assert from "node:assert/strict";
import type { Manifest } from "../../../model/release";
import { judge } from "../../../model/transition";
import { LIMITS, NEW, OLD, apply, at, promoted, recorded, refusedBy, release, transition } from "../fixtures";

const takenBack = [{ version: "2.4.0", at: at(-60) }];
const fallen = recorded(release(0), { takenBack });
const LEAVE = { rule: "T12", by: "somebody", reason: "it was the database", expires: at(3_600) };
const rolling = (blue: Manifest) => release(0, { strategy: "rolling", green: {}, blue });

describe("T12, a rise of a version that was taken back", () => {
  it("is refused from the first point on, and its deployment is not", () => {
    assert.deepEqual(refusedBy(transition(fallen, release(1))), ["T12"]);
    assert.deepEqual(refusedBy(transition(fallen, release(0))), []);
    const removed = { ...fallen, release: release(0, { green: {} }) };
    assert.deepEqual(refusedBy(transition(removed, release(0))), []);
  });

  it("is about that version alone, whatever its settings", () => {
    const green = { version: "2.4.1" };
    assert.deepEqual(
      refusedBy(transition(recorded(release(0, { green }), { takenBack }), release(1, { green }))),
      [],
    );
    const other = { ...NEW, settings: { PRIMARY_PROVIDER: "other" } };
    const changed = recorded(release(0, { green: other }), { takenBack });
    assert.deepEqual(refusedBy(transition(changed, release(1, { green: other }))), ["T12"]);
  });

  it("is refused in place and by a flip, too", () => {
    const inPlace = transition(recorded(rolling(OLD), { takenBack }), rolling(NEW));
    assert.deepEqual(refusedBy(inPlace), ["T12"]);
    assert.equal(judge(inPlace)[0]?.remedy, "pulumi config set --path 'sluice:release.blue.version' 2.3.1");
    const ready = recorded(release(0, { strategy: "blue-green" }), {
      takenBack,
      since: at(-LIMITS.bakeSeconds),
    });
    const flip = transition(ready, release(100, { strategy: "blue-green", live: "green" }));
    assert.deepEqual(refusedBy(flip), ["T12"]);
  });

  it("is never refused to what is trusted, even where that has the version's name", () => {
    const same = { ...OLD, settings: { PRIMARY_PROVIDER: "other" } };
    const half = recorded(release(50, { green: same }), {
      takenBack: [{ version: "2.3.1", at: at(-60) }],
    });
    assert.deepEqual(refusedBy(transition(half, release(0, { green: same }))), []);
    const state = { ...promoted(), takenBack: [{ version: "2.3.1", at: at(-60) }] };
    assert.deepEqual(refusedBy(transition(state, release(50, { live: "green" }), { now: at(60) })), []);
    const updated = apply(transition(recorded(rolling(OLD)), rolling(NEW)));
    const back = transition({ ...updated, takenBack: state.takenBack }, rolling(OLD), { now: at(60) });
    assert.deepEqual(refusedBy(back), []);
  });

  it("is refused where a version of that name takes the place of another one under traffic", () => {
    const from = recorded(release(10, { green: { version: "2.4.1" } }), { takenBack });
    assert.deepEqual(refusedBy(transition(from, release(10))), ["T4", "T12"]);
  });

  it("is permitted once where somebody answers for the retry, and in steps from then on", () => {
    const retried = apply(transition(fallen, release(10), { overrides: [LEAVE] }));
    assert.equal(retried.takenBack, undefined);
    assert.deepEqual(refusedBy(transition(retried, release(25), { now: at(60) })), []);
    const again = apply(transition(retried, release(0), { now: at(120) }));
    assert.deepEqual(again.takenBack, [{ version: "2.4.0", at: at(120) }]);
    const third = transition(again, release(1), { now: at(180), overrides: [LEAVE] });
    assert.deepEqual(refusedBy(third), ["T12"]);
    assert.match(
      judge(third)[0]!.message,
      /by somebody \("it was the database"\) lifts nothing: it was used at/,
    );
  });

  it("says when it was taken back, and the commands that leave it or declare the retry", () => {
    const [violation] = judge(transition(fallen, release(1)));
    assert.equal(violation?.where, "sluice:release.traffic.green");
    assert.equal(violation.found, "1 %");
    assert.equal(violation.limit, `0 %, since 2.4.0 was taken back at ${at(-60)}`);
    assert.match(violation.remedy, /traffic\.green' 0 && .*traffic\.blue' 100$/);
    assert.match(violation.message, /declare the retry, once and in your name \(sluice:overrides\)\.$/);
  });
});
