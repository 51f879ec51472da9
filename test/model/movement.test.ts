import assert from "node:assert/strict";
import { BACKENDS } from "../../model/backends";
import type { Flags } from "../../model/flags";
import { gaining } from "../../model/movement";
import type { Platform } from "../../model/platform";
import { isRetreat } from "../../model/transition";
import { LIMITS, NEW, OLD, apply, at, promoted, recorded, refusedBy, release, transition } from "./fixtures";

const flag = (percentage: number, settled = false): Flags => ({ partial: { percentage, settled } });
const half = recorded(release(50), { flags: flag(10) });
const [whole, part] = [release(0), release(49)];

describe("a retreat in an edit that says more", () => {
  const PLATFORM: Platform = { kubernetes: "1.35", backends: BACKENDS.prod };

  it("is one whatever changes under it, for that may have begun and cannot be taken back", () => {
    const from = { ...half, platform: PLATFORM };
    const asked = transition(from, whole, { platform: { ...PLATFORM, kubernetes: "1.36" } });
    assert.ok(isRetreat(asked));
    assert.deepEqual(refusedBy(asked), []);
  });

  it("is one whatever flags do, as long as no untrusted version keeps a user", () => {
    assert.ok(isRetreat(transition(half, whole, { flags: flag(100) })));
    assert.ok(isRetreat(transition(promoted(), release(0), { flags: flag(100), now: at(60) })));
    assert.ok(!isRetreat(transition(half, part, { flags: flag(11) })), "T11 is asked");
    assert.ok(isRetreat(transition(half, part, { flags: flag(10) })));
    assert.ok(isRetreat(transition(half, part, { flags: flag(9) })));
    assert.ok(isRetreat(transition(half, part, { flags: flag(100, true) })));
    assert.ok(isRetreat(transition(half, part)), "a flag that goes");
  });

  it("is one with another strategy, as long as no untrusted version keeps a user", () => {
    assert.ok(isRetreat(transition(half, release(0, { strategy: "rolling" }))));
    assert.ok(!isRetreat(transition(half, release(49, { strategy: "blue-green" }))));
    assert.deepEqual(refusedBy(transition(half, release(49, { strategy: "blue-green" }))), ["T13"]);
  });

  it("is one where something is given up, or somebody answers for something: it needs neither", () => {
    assert.ok(isRetreat(transition(half, release(49, { supersedes: "2.3.0" }))));
    const overrides = [{ rule: "T1", by: "somebody", reason: "why not", expires: at(60) }];
    assert.ok(isRetreat(transition(half, part, { overrides })));
    const freezes = [{ reason: "inventory", from: at(0), until: at(60) }];
    assert.ok(isRetreat(transition(half, part, { limits: { ...LIMITS, freezes } })));
    assert.ok(isRetreat(transition(half, part, { baked: [] })));
  });
});

describe("what gains users", () => {
  const rolling = (blue: object) => release(0, { strategy: "rolling", green: {}, blue });

  it("is an untrusted version whose share rises", () => {
    assert.deepEqual(gaining(transition(half, release(51))), ["green"]);
    assert.deepEqual(gaining(transition(half, release(50))), []);
    assert.deepEqual(gaining(transition(half, part)), []);
  });

  it("is what takes another one's place: in place whatever differs, else another version", () => {
    assert.deepEqual(gaining(transition(recorded(rolling(OLD)), rolling(NEW))), ["blue"]);
    const settings = { ...OLD, settings: { A: "1" } };
    assert.deepEqual(gaining(transition(recorded(rolling(OLD)), rolling(settings))), ["blue"]);
    assert.deepEqual(gaining(transition(half, release(50, { green: { version: "2.4.1" } }))), ["green"]);
    assert.deepEqual(gaining(transition(half, release(50, { green: { ...NEW, settings: { A: "1" } } }))), []);
    const idle = recorded(release(0));
    assert.deepEqual(gaining(transition(idle, release(0, { green: { version: "2.4.1" } }))), []);
  });

  it("is not what comes back in place", () => {
    const updated = apply(transition(recorded(rolling(OLD)), rolling(NEW)));
    assert.deepEqual(gaining(transition(updated, rolling(OLD), { now: at(60) })), []);
  });
});
