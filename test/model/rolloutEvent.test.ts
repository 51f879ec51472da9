import assert from "node:assert/strict";
import { greenAt } from "../../model/release";
import type { Action, Lowering } from "../../model/rollout/action";
import { eventOf, rollbackEvent } from "../../model/rolloutEvent";
import { START, recorded, release } from "./fixtures";
import { liveRule } from "./rollout/situations";

const WHEN = { stack: "prod", app: "voiceassist", environment: "prod", by: "ana", at: START } as const;
const REASONS = [{ code: "passed", text: "3 of 431 requests failed" }] as const;

const change = (kind: "prepare" | "shift" | "promote", to: Partial<ReturnType<typeof release>>): Action => ({
  ...{ kind, edit: to, reasons: REASONS },
  release: { ...release(0), ...to },
});
const lowering = (kind: Lowering["kind"], to: number, seen: readonly number[]): Lowering => ({
  ...{ kind, edit: {}, refused: [], reasons: REASONS, release: release(to) },
  moves: seen.map((green) => ({ rule: liveRule("api-gateway", greenAt(green)), shares: greenAt(to) })),
});
/** Kind, colour, version, and shares of the event of an action upon a state. */
const told = (action: Action, state = recorded(release(10))) => {
  const { kind, colour, version, from, to } = eventOf(action, { release: release(10) }, state, WHEN);
  return [kind, colour, version, from, to];
};

describe("an action as an event", () => {
  it("is a shift of the candidate, and its start where it had nothing", () => {
    assert.deepEqual(told(change("shift", { traffic: greenAt(25) })), ["shift", "green", "2.4.0", 10, 25]);
    const none = recorded(release(0));
    assert.deepEqual(told(change("shift", { traffic: greenAt(10) }), none), [
      "start",
      "green",
      "2.4.0",
      0,
      10,
    ]);
    assert.deepEqual(told(change("prepare", {}), none), ["prepare", "green", "2.4.0", 0, 0]);
  });

  it("is of blue where blue is the candidate", () => {
    const state = recorded(release(80, { live: "green" }));
    const shift = change("shift", { live: "green", traffic: greenAt(50) });
    assert.deepEqual(told(shift, state), ["shift", "blue", "2.3.1", 20, 50]);
  });

  it("is of what became live, or is", () => {
    const full = recorded(release(100));
    const promote = change("promote", { live: "green", traffic: greenAt(100) });
    assert.deepEqual(told(promote, full), ["promote", "green", "2.4.0", 100, 100]);
    const live = recorded(release(100, { live: "green" }));
    assert.deepEqual(told({ kind: "done", reasons: REASONS }, live), ["done", "green", "2.4.0", 100, 100]);
  });

  it("is a rollback of what loses traffic, from the largest share that a rule gave it", () => {
    assert.deepEqual(told(lowering("retreat", 0, [10, 25])), ["rollback", "green", "2.4.0", 25, 0]);
    assert.deepEqual(told(lowering("retreat", 0, [])), ["rollback", "green", "2.4.0", 10, 0]);
    const predecessor: Action = { ...lowering("retreat", 0, []), release: release(0, { live: "blue" }) };
    const live = recorded(release(100, { live: "green" }));
    assert.deepEqual(told(predecessor, live), ["rollback", "green", "2.4.0", 100, 0]);
  });

  it("is a hold at the share that there is, with every reason and how it ended", () => {
    const hold: Action = { kind: "hold", asks: [], reasons: REASONS };
    assert.deepEqual(told(hold), ["hold", "green", "2.4.0", 10, 10]);
    const event = eventOf(hold, { release: release(10) }, recorded(release(10)), { ...WHEN, exit: 3 });
    assert.deepEqual([event.reasons, event.exit, event.by, event.at], [REASONS, 3, "ana", START]);
  });

  it("has no shares where nobody could see the state", () => {
    const { from, to, version } = eventOf(
      { kind: "hold", asks: [], reasons: [] },
      { release: release(10) },
      undefined,
      WHEN,
    );
    assert.deepEqual([from, to, version], [undefined, undefined, "2.4.0"]);
  });
});

describe("a rollback that somebody asked for", () => {
  it("is of the other colour than the one that it goes to", () => {
    const { kind, colour, from, to, reasons } = rollbackEvent(
      { to: "blue", share: 90, reason: "slow", version: "2.4.0", from: 50 },
      WHEN,
    );
    assert.deepEqual([kind, colour, from, to], ["rollback", "green", 50, 10]);
    assert.deepEqual(reasons, [{ code: "asked", text: "slow" }]);
  });
});
