import assert from "node:assert/strict";
import type { Recorded } from "../../model/release";
import { decide } from "../../model/rollout/decide";
import type { Situation } from "../../model/rollout/situation";
import { type Status, statusOf } from "../../model/status";
import { at, promoted } from "./fixtures";
import { ASKING, NOW, SINCE, asked, good, standing } from "./rollout/situations";

/** Limits that permit each stop of the plan at once. */
const LIMITS = { ...ASKING, step: 50 };

const shown = (state: Recorded, now: string, changes: Partial<Situation> = {}): Status => {
  const situation = good(state, now, { asked: asked(state.release, { limits: LIMITS }), ...changes });
  return statusOf({
    ...{ release: state.release, limits: LIMITS, recorded: state, targets: {}, fence: null, now },
    decided: { situation, action: decide(situation) },
  });
};

describe("the progress in a status", () => {
  it("is where the candidate stands in the plan, and how long it has been and must be there", () => {
    const { step, next, decision } = shown(standing(10), at(SINCE + 20));
    assert.deepEqual(step, { plan: "own", shares: [10, 50, 100], share: 10, seconds: 20, needed: 60 });
    assert.deepEqual(next, { what: "shift green to 50 %", inSeconds: 40 });
    assert.equal(decision?.kind, "hold");
    assert.deepEqual(
      decision.reasons.map(({ code }) => code),
      ["bake"],
    );
    assert.equal(decision.notBefore, at(SINCE + 60));
  });

  it("is what is due where nothing stands against it", () => {
    const { next, decision } = shown(standing(10), NOW);
    assert.deepEqual(next, { what: "shift green to 50 %", inSeconds: 0 });
    assert.equal(decision?.kind, "shift");
  });

  it("is what is decided where a limit permits less than the plan", () => {
    const limited = { asked: asked(standing(10).release, { limits: ASKING }) };
    const { next } = shown(standing(10), NOW, limited);
    assert.deepEqual(next, { what: `shift green to ${10 + ASKING.step} %`, inSeconds: 0 });
  });

  it("counts before a promote the limit as well as the plan", () => {
    const { step, next } = shown(standing(100), at(SINCE + 20));
    assert.deepEqual([step?.share, step?.needed], [100, ASKING.bakeSeconds]);
    assert.equal(next?.what, "promote green 2.4.0");
    assert.equal(next.inSeconds, ASKING.bakeSeconds - 20);
  });

  it("is a flip under blue-green", () => {
    const { next } = shown(standing(0, { strategy: "blue-green" }), NOW);
    assert.match(next!.what, /^flip green 2\.4\.0$/);
  });

  it("says whose update is waited for, and what the metrics say", () => {
    const { lock, judged, decision } = shown(standing(10), NOW, { lock: { value: { by: "ana" } } });
    assert.deepEqual(lock, { by: "ana" });
    assert.deepEqual(judged, { verdict: "success", evidence: "green: success" });
    assert.equal(decision?.reasons[0]?.text, "an update by ana holds the stack");
    assert.equal(shown(standing(10), NOW).lock, null);
    const blind = shown(standing(10), NOW, { lock: { unseen: "denied" }, analysis: { unseen: "denied" } });
    assert.ok(!("lock" in blind) && !("judged" in blind), "what could not be seen is absent");
  });

  it("is no step where nothing is under way", () => {
    const done = promoted();
    const { step, decision, next } = shown(done, done.since);
    assert.equal(step, undefined);
    assert.equal(decision?.kind, "done");
    assert.match(next!.what, /kept as a way back/);
  });
});
