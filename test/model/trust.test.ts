import assert from "node:assert/strict";
import type { Recorded, Release } from "../../model/release";
import {
  coldColour,
  goesBack,
  isDraining,
  isFlip,
  isInPlace,
  isRestored,
  isTrusted,
  predecessorColour,
  retentionPhase,
  trustedColours,
} from "../../model/trust";
import { LIMITS, NEW, OLD, at, promoted, recorded, release, transition } from "./fixtures";

const rolling = (changes: Partial<Release> = {}): Release =>
  release(0, { strategy: "rolling", green: {}, ...changes });
const COLD = LIMITS.warmSeconds;
const OVER = LIMITS.warmSeconds + LIMITS.coldSeconds;
const after = (seconds: number, to: Release, from: Recorded = promoted()) =>
  transition(from, to, { now: at(seconds) });
const stays = release(100, { live: "green" });

describe("what is replaced in place", () => {
  const inPlace = (from: Recorded | undefined, to: Release) => isInPlace(transition(from, to), "blue");
  const state = recorded(rolling());

  it("is the live colour under rolling, before the update and after it", () => {
    assert.ok(inPlace(state, rolling({ blue: NEW })));
    assert.ok(!inPlace(undefined, rolling()));
    assert.ok(!inPlace(recorded(release(0)), rolling()));
    assert.ok(!inPlace(state, release(0)));
    assert.ok(!isInPlace(transition(state, rolling()), "green"));
    assert.ok(!inPlace(state, rolling({ live: "green" })));
    assert.ok(!inPlace(recorded(rolling({ live: "green" })), rolling()));
  });

  it("has all traffic throughout, as the rules truly have it", () => {
    assert.ok(!inPlace(state, rolling({ traffic: { blue: 99, green: 1 } })));
    const uneven = { ...state.rules, "api-gateway": { blue: 99, green: 1 } };
    assert.ok(!inPlace({ ...state, rules: uneven }, rolling()));
  });
});

describe("a flip", () => {
  const blueGreen = (share: number, changes: Partial<Release> = {}) =>
    release(share, { strategy: "blue-green", ...changes });
  const flips = (from: Recorded | undefined, to: Release) => isFlip(transition(from, to));
  const ready = recorded(blueGreen(0));

  it("takes who is live and all traffic at once, under blue-green before and after", () => {
    const flip = blueGreen(100, { live: "green" });
    assert.ok(flips(ready, flip));
    assert.ok(!flips(undefined, flip));
    assert.ok(!flips(recorded(release(0)), flip));
    assert.ok(!flips(ready, { ...flip, strategy: "canary" }));
    assert.ok(!flips(ready, blueGreen(100, { live: "blue" })));
    assert.ok(!flips(ready, blueGreen(0)));
    assert.ok(!flips(ready, blueGreen(99, { live: "green" })));
  });
});

describe("a predecessor", () => {
  it("is the other colour while it keeps what it ran, and never the live one", () => {
    assert.equal(predecessorColour(promoted()), "blue");
    assert.equal(
      predecessorColour({ ...promoted(), release: release(100, { live: "green", blue: {} }) }),
      undefined,
    );
    assert.equal(predecessorColour({ ...promoted(), release: release(0) }), undefined);
    assert.equal(predecessorColour(recorded(release(0))), undefined);
  });

  it("is warm, then cold, then no way back, to the second", () => {
    const phases = [COLD - 1, COLD, OVER - 1, OVER].map((seconds) => retentionPhase(promoted(), at(seconds)));
    assert.deepEqual(phases, ["warm", "cold", "cold", "expired"]);
    const changed = { ...promoted(), release: release(100, { live: "green", blue: NEW }) };
    assert.equal(retentionPhase(changed, at(0)), undefined);
  });

  it("has no pods once it is cold, unless it has traffic, gets some, drains, or is changed", () => {
    const cold = (seconds: number, to = stays, from = promoted()) => coldColour(after(seconds, to, from));
    assert.equal(cold(COLD - 1), undefined);
    assert.equal(cold(COLD), "blue");
    assert.equal(cold(OVER), "blue");
    assert.equal(cold(COLD, release(99, { live: "green" })), undefined);
    assert.equal(cold(COLD, release(100, { live: "green", blue: NEW })), undefined);
    const still = { "api-gateway": { blue: 1, green: 99 } };
    assert.equal(cold(COLD, stays, { ...promoted(), rules: { ...promoted().rules, ...still } }), undefined);
    assert.equal(cold(COLD, stays, { ...promoted(), drainedAt: { blue: at(COLD - 1) } }), undefined);
    assert.equal(coldColour(transition(undefined, stays)), undefined);
  });

  it("is trusted until its retention is over, and only as it was", () => {
    const trusted = (seconds: number, to: Release, from?: Recorded) =>
      trustedColours(after(seconds, to, from));
    assert.deepEqual(trusted(OVER - 1, stays), ["blue", "green"]);
    assert.deepEqual(trusted(OVER, stays), ["green"]);
    assert.deepEqual(trusted(0, release(100, { live: "green", blue: NEW })), ["green"]);
    const { retention: _, ...without } = promoted();
    assert.deepEqual(trusted(0, stays, without), ["green"]);
    assert.deepEqual(trusted(0, release(0), recorded(release(0))), ["blue"]);
  });
});

describe("trust on a new stack", () => {
  it("is the live colour's alone", () => {
    const first = transition(undefined, release(0));
    assert.deepEqual([isTrusted(first, "blue"), isTrusted(first, "green")], [true, false]);
    assert.equal(isDraining(first, "blue"), false);
  });
});

describe("what comes back", () => {
  const predecessor = { colour: "blue", manifest: OLD } as const;
  const trusted = { colour: "blue", version: "2.4.0", at: at(0), predecessor } as const;
  const replaced = recorded(rolling({ blue: NEW }), { trusted });

  it("in place is exactly what the live colour ran before, and not what it runs", () => {
    assert.ok(isRestored(transition(replaced, rolling())));
    assert.ok(!isRestored(transition(replaced, rolling({ blue: { version: "2.2.0" } }))));
    assert.ok(!isRestored(transition(recorded(rolling(), { trusted }), rolling())));
    assert.ok(
      !isRestored(transition(recorded(rolling({ live: "green", blue: NEW }), { trusted }), rolling())),
    );
    assert.ok(!isRestored(transition(undefined, rolling())));
  });

  it("as the live colour is another one with what was live before it, retained or not", () => {
    assert.ok(goesBack(after(OVER, release(0))));
    assert.ok(!goesBack(after(0, stays)));
    assert.ok(!goesBack(after(0, release(0, { blue: NEW }))));
    assert.ok(!goesBack(transition(replaced, rolling())));
    assert.ok(!goesBack(transition(undefined, release(0))));
  });
});
