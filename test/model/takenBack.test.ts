import assert from "node:assert/strict";
import { type Manifest, greenAt } from "../../model/release";
import { next } from "../../model/transition";
import { LIMITS, NEW, OLD, PUBLIC, apply, at, promoted, recorded, release, transition } from "./fixtures";

const COLD = LIMITS.warmSeconds + LIMITS.coldSeconds;
const back = (version = "2.4.0", seconds = 60) => [{ version, at: at(seconds) }];
const rolling = (blue: Manifest) => release(0, { strategy: "rolling", green: {}, blue });
const later = { now: at(60) };

describe("a version that is taken back", () => {
  it("is one that had users, was not trusted, and has none any more", () => {
    for (const share of [1, 50, 100]) {
      assert.deepEqual(apply(transition(recorded(release(share)), release(0), later)).takenBack, back());
    }
  });

  it("is none that keeps some of them, or never had any", () => {
    assert.equal(apply(transition(recorded(release(50)), release(1), later)).takenBack, undefined);
    assert.equal(apply(transition(recorded(release(0)), release(0), later)).takenBack, undefined);
    const removed = transition(recorded(release(0)), release(0, { green: {} }), later);
    assert.equal(apply(removed).takenBack, undefined);
  });

  it("had users where one rule alone had got so far, or was asked to", () => {
    const rules = { ...Object.fromEntries(PUBLIC.map((name) => [name, greenAt(0)])) };
    const reached = recorded(release(0), { rules: { ...rules, "api-gateway": greenAt(10) } });
    assert.deepEqual(apply(transition(reached, release(0), later)).takenBack, back());
    const asked = recorded(release(10), { rules });
    assert.deepEqual(apply(transition(asked, release(0), later)).takenBack, back());
  });

  it("is told by its colour where both run the same version with other settings", () => {
    const green = { ...OLD, settings: { PRIMARY_PROVIDER: "other" } };
    const state = apply(transition(recorded(release(10, { green })), release(0, { green }), later));
    assert.deepEqual(state.takenBack, back("2.3.1"));
  });

  it("is one that another took the place of, under traffic, and none that gained a service", () => {
    const green = { version: "2.4.1" };
    assert.deepEqual(
      next(transition(recorded(release(10)), release(10, { green }), later)).takenBack,
      back(),
    );
    const lists = [PUBLIC, [...PUBLIC, "storage"]].map((services) => ({ ...NEW, services }));
    const [before, after] = lists.map((listed) => release(10, { green: listed }));
    assert.equal(apply(transition(recorded(before!), after!, later)).takenBack, undefined);
  });

  it("is the live version from which somebody goes back, warm, cold or in steps after it", () => {
    assert.deepEqual(apply(transition(promoted(), release(0), later)).takenBack, back());
    const cold = apply(transition(promoted(), release(0), { now: at(COLD - 1) }));
    assert.deepEqual(cold.takenBack, back("2.4.0", COLD - 1));
    const { retention: _, ...expired } = promoted();
    const full = { ...expired, release: release(0, { live: "green" }), since: at(0) };
    const rules = Object.fromEntries(PUBLIC.map((name) => [name, greenAt(0)]));
    const returned = apply(transition({ ...full, rules }, release(0), { now: at(COLD) }));
    assert.deepEqual(returned.takenBack, back("2.4.0", COLD));
  });

  it("is not yet the live version while traffic alone has gone to its predecessor", () => {
    const state = apply(transition(promoted(), release(0, { live: "green" }), later));
    assert.equal(state.takenBack, undefined);
    const forth = apply(transition(state, release(100, { live: "green" }), { now: at(120) }));
    assert.equal(forth.takenBack, undefined, "and the predecessor, which is trusted, is not by its return");
    assert.deepEqual(apply(transition(state, release(0), { now: at(120) })).takenBack, back("2.4.0", 120));
  });

  it("is not what a promote or a flip leaves behind as the way back", () => {
    assert.equal(promoted().takenBack, undefined);
    const ready = recorded(release(0, { strategy: "blue-green" }), { since: at(-LIMITS.bakeSeconds) });
    const flip = transition(ready, release(100, { strategy: "blue-green", live: "green" }));
    assert.equal(apply(flip).takenBack, undefined);
  });

  it("is in place the one from which it goes back, and not one that a newer version mends", () => {
    const forth = apply(transition(recorded(rolling(OLD)), rolling(NEW)));
    assert.equal(forth.takenBack, undefined);
    assert.deepEqual(apply(transition(forth, rolling(OLD), later)).takenBack, back());
    assert.equal(apply(transition(forth, rolling({ version: "2.4.1" }), later)).takenBack, undefined);
  });
});

describe("a version stays taken back", () => {
  const overrides = [{ rule: "T12", by: "somebody", reason: "again", expires: at(3_600) }];
  const fallen = recorded(release(0), { takenBack: [...back("2.2.0", -90), ...back("2.4.0", -60)] });

  it("while others come and go", () => {
    const green = { version: "2.5.0" };
    const deployed = apply(transition(fallen, release(0, { green })));
    const risen = apply(transition(deployed, release(10, { green }), later));
    assert.deepEqual(risen.takenBack, fallen.takenBack);
    const gone = apply(transition(risen, release(0, { green }), { now: at(120) }));
    assert.deepEqual(gone.takenBack, [...fallen.takenBack!, ...back("2.5.0", 120)]);
  });

  it("until it gets users again, for which somebody has answered", () => {
    const risen = apply(transition(fallen, release(1), { overrides }));
    assert.deepEqual(risen.takenBack, back("2.2.0", -90));
    const state = recorded(rolling(OLD), { takenBack: back("2.4.0", -60) });
    assert.equal(apply(transition(state, rolling(NEW), { overrides })).takenBack, undefined);
  });

  it("until it is trusted", () => {
    const full = recorded(release(100), { takenBack: back(), since: at(-LIMITS.bakeSeconds) });
    assert.equal(apply(transition(full, release(100, { live: "green" }))).takenBack, undefined);
  });

  it("once, by the latest time", () => {
    const risen = { ...recorded(release(10)), takenBack: back("2.4.0", -60) };
    assert.deepEqual(apply(transition(risen, release(0), later)).takenBack, back());
  });

  it("while it is among the last twenty", () => {
    const many = Array.from({ length: 20 }, (_, index) => ({ version: `1.${index}.0`, at: at(-60) }));
    const state = apply(transition(recorded(release(10), { takenBack: many }), release(0), later));
    assert.deepEqual(state.takenBack, [...many.slice(1), ...back()]);
  });
});
