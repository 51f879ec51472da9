import assert from "node:assert/strict";
import { ABATES_SECONDS, type AlarmSeen } from "../../../model/flags/alarms";
import { decideFlag } from "../../../model/flags/decide";
import type { Gate, GateAnswer } from "../../../model/rollout/gate";
import { namedPlan } from "../../../model/rollout/plans";
import { LIMITS, at, recorded, release } from "../fixtures";
import { DAY, ERRORS, QUIET, SLOW, type Told, WEEK, codes, decided, sceneOf, valueAt } from "./scenes";

const alarm = (name: string, since?: number, state: AlarmSeen["state"] = "ALARM") => ({
  value: { ...QUIET, [name]: { state, ...(since !== undefined && { since: at(since) }) } },
});
const hold = (...reasons: string[]) => ({ kind: "hold", reasons });
const found = (told: Told) => ({ kind: decided(told).kind, reasons: codes(told) });

describe("a flag's next step", () => {
  it("is the next stop of its plan once it has baked, with everything seen to be good", () => {
    const action = decided();
    assert.deepEqual([action.kind, action.from, action.kind === "raise" && action.to], ["raise", 10, 50]);
    assert.deepEqual(action.kind === "raise" && action.edit, { percentage: 50 });
    const last = decided({ configured: 50 });
    assert.equal(last.kind === "raise" && last.to, 100);
  });

  it("waits for its bake time, and says until when", () => {
    const action = decided({ seconds: WEEK - 1 });
    assert.deepEqual(found({ seconds: WEEK - 1 }), hold("bake"));
    assert.equal(action.kind === "hold" && action.reasons[0]!.until, at(WEEK));
  });

  it("is a person's where nobody has it yet, unless the plan says how long it stays at 0 %", () => {
    assert.match(
      decided({ configured: 0 }).reasons[0]!.text,
      /sluice flags set partial-results --percentage 10/,
    );
    assert.equal(decided({ configured: 0 }).kind, "done");
    const plan = {
      name: "own",
      steps: [{ share: 0, bakeSeconds: WEEK, gates: [] }, ...namedPlan("weekly").steps],
    };
    assert.deepEqual(found({ configured: 0, flag: { plan }, seconds: WEEK - 1 }), {
      kind: "raise",
      reasons: ["passed"],
    });
  });

  it("is nothing where all sessions have it, or somebody has disabled it", () => {
    assert.deepEqual(found({ configured: 100 }), { kind: "done", reasons: ["finished"] });
    const off = { configured: 10, state: 0, flag: { enabled: false }, live: valueAt(10, false) };
    assert.deepEqual(found(off), { kind: "done", reasons: ["finished"] });
    assert.match(decided(off).reasons[0]!.text, /--percentage 10 --enable$/);
  });

  it("waits for somebody to say by which alarms it is watched, or that it is by none", () => {
    const flag = { alarms: [], isUnwatched: true };
    assert.deepEqual(found({ flag }), hold("unobserved"));
    assert.match(
      decided({ flag }).reasons[0]!.text,
      /name them in sluice:flags\.partial-results\.alarms, \[\]/,
    );
    assert.equal(decided({ flag: { alarms: [] } }).kind, "raise");
  });

  it("is held by whoever holds its plan, with the command that goes on", () => {
    const plan = { ...namedPlan("weekly"), hold: "support is away" };
    assert.deepEqual(found({ flag: { plan } }), hold("stopped"));
    assert.match(
      decided({ flag: { plan } }).reasons[0]!.text,
      /support is away; to go on: pulumi config rm --path 'sluice:flags\.partial-results\.plan\.hold'$/,
    );
  });

  it("is held by a freeze, and by T11 beside a version that is tried", () => {
    const freezes = [{ reason: "fair", from: at(0), until: at(3 * WEEK) }];
    const scene = sceneOf();
    const frozen = decideFlag({ ...scene, asked: { ...scene.asked, limits: { ...LIMITS, freezes } } });
    assert.deepEqual(
      frozen.reasons.map(({ rule }) => rule),
      ["T10"],
    );
    const canary = recorded(release(100), scene.state);
    const state = { ...canary, flags: scene.state.flags!, release: release(100) };
    const beside = decideFlag({ ...scene, state, asked: { ...scene.asked, release: release(100) } });
    assert.deepEqual(
      beside.reasons.map(({ rule }) => rule),
      ["T11"],
    );
  });

  it("waits where configuration asks for more than flags, for somebody's update, and by a wrong clock", () => {
    assert.deepEqual(found({ situation: { beside: ["green"] } }), hold("behind"));
    assert.deepEqual(found({ situation: { lock: { value: { by: "ci" } } } }), hold("lock"));
    assert.deepEqual(found({ situation: { skewSeconds: { value: 3_600 } } }), hold("clock"));
  });

  it("asks its gates last, and goes by answers of this step alone", () => {
    const gate: Gate = { kind: "command", name: "quality", command: ["./quality"], timeoutSeconds: 60 };
    const gates = [gate];
    const action = decided({ gates });
    assert.deepEqual(action.kind === "hold" && action.asks, [gate]);
    const answered = (exit: number, seconds: number) => {
      const answer: GateAnswer = { kind: "command", exit, at: at(seconds) };
      return found({ gates, situation: { gates: { quality: { value: answer } } } });
    };
    assert.deepEqual(answered(0, WEEK), { kind: "raise", reasons: ["passed"] });
    assert.deepEqual(answered(1, WEEK), hold("gate"));
    assert.deepEqual(answered(0, -1), hold("gate"));
    const early = decided({ gates, alarms: alarm(SLOW, 1, "INSUFFICIENT_DATA") });
    assert.deepEqual(
      early.kind === "hold" && early.asks,
      [],
      "nothing is asked while something else is not good",
    );
  });

  it("is what configuration asks for where that is within its plan, and nothing more", () => {
    const asked = decided({ configured: 50, state: 10 });
    assert.deepEqual(asked.kind === "raise" && [asked.to, asked.edit, asked.isAsked], [50, {}, true]);
    assert.deepEqual(found({ configured: 100, state: 10 }), hold("stopped"));
    assert.deepEqual(found({ configured: 50, state: 10, seconds: DAY }), hold("bake"));
  });
});

describe("a flag's alarm", () => {
  it("takes it back to the stop before, and holds its plan for somebody to look", () => {
    const action = decided({ configured: 50, alarms: alarm(SLOW, 60) });
    assert.ok(action.kind === "lower");
    assert.deepEqual([action.from, action.to, action.value?.percentage], [50, 10, 10]);
    assert.deepEqual(action.edit, { percentage: 10, hold: `alarm slow went off at ${at(60)}` });
    const first = decided({ configured: 10, alarms: alarm(SLOW, 60) });
    assert.equal(first.kind === "lower" && first.to, 0);
  });

  it("turns it off at once where it asks for that, and keeps the percentage for later", () => {
    const action = decided({ configured: 50, alarms: alarm(ERRORS, 60) });
    assert.ok(action.kind === "lower");
    assert.deepEqual([action.to, action.edit], [0, { enabled: false }]);
    assert.deepEqual([action.value?.enabled, action.value?.percentage], [false, 50]);
  });

  it("waits for nothing: no lock, clock or bake, and no look at SSM", () => {
    const told = { configured: 50, alarms: alarm(SLOW, 60), seconds: 120 };
    for (const situation of [
      { lock: { value: { by: "ci" } } },
      { skewSeconds: { value: 3_600 } },
      { live: { unseen: "away" } },
      { beside: ["green"] },
    ])
      assert.equal(decided({ ...told, situation }).kind, "lower", JSON.stringify(situation));
  });

  it("that went off before the last fall says nothing new, until it has had time to be quiet again", () => {
    const told = (seconds: number): Told => ({ configured: 10, alarms: alarm(SLOW, -60), seconds });
    assert.equal(decided(told(ABATES_SECONDS - 1)).kind, "hold");
    assert.equal(decided(told(ABATES_SECONDS)).kind, "lower");
    assert.equal(decided({ ...told(60), alarms: alarm(SLOW, 30) }).kind, "lower", "it went off anew");
    const inSsm = { value: { ...(sceneOf().live as { value: object }).value, at: at(100) } } as never;
    const again = { configured: 50, live: inSsm, alarms: alarm(SLOW, 60), seconds: 130 };
    assert.notEqual(decided(again).kind, "lower", "SSM has it already, though the state has not heard of it");
  });

  it("says nothing of a flag that nobody has, or that is no experiment any more", () => {
    assert.equal(decided({ configured: 0, alarms: alarm(SLOW, 60) }).kind, "done");
    const settled = { configured: 100, flag: { settled: true }, exposure: { settled: true } };
    assert.equal(decided({ ...settled, alarms: alarm(SLOW, 60) }).kind, "done");
    assert.equal(decided({ configured: 100, alarms: alarm(SLOW, 60), seconds: 3 * WEEK }).kind, "done");
  });
});

describe("a flag that rose together with a version", () => {
  const beside = { version: "2.4.0", was: 10 };
  const fence = { value: { version: "2.4.0", reason: "loses calls", by: "ana", at: at(60) } };
  const told = (more: Told = {}): Told => ({
    configured: 50,
    exposure: { beside },
    situation: { fence },
    ...more,
  });

  it("goes back with it once that is fenced, to what it had before, and is held", () => {
    const action = decided(told());
    assert.ok(action.kind === "lower");
    assert.deepEqual(
      [action.from, action.to, action.value?.percentage, action.edit.percentage],
      [50, 10, 10, 10],
    );
    assert.match(action.edit.hold!, /rose together with 2\.4\.0, which was fenced: loses calls/);
  });

  it("is taken into configuration where whoever moved traffic has lowered it already", () => {
    const action = decided(told({ live: 10 }));
    assert.deepEqual(action.kind === "lower" && [action.to, action.value, action.edit.percentage], [
      10,
      undefined,
      10,
    ]);
    const off = decided(told({ live: valueAt(50, false) }));
    assert.deepEqual(off.kind === "lower" && [off.to, off.edit], [0, { enabled: false }]);
  });

  it("stays where another version is fenced, none is, or it has no more than before", () => {
    const other = { value: { ...fence.value, version: "2.3.9" } };
    assert.notEqual(decided(told({ situation: { fence: other } })).kind, "lower");
    assert.notEqual(decided({ configured: 50, exposure: { beside } }).kind, "lower");
    assert.notEqual(decided(told({ configured: 10 })).kind, "lower");
  });
});

describe("a flag in SSM", () => {
  it("that somebody has lowered is followed by configuration, and held", () => {
    const action = decided({ configured: 50, live: 10 });
    assert.ok(action.kind === "adopt");
    assert.deepEqual([action.to, action.edit.percentage, action.value], [10, 10, undefined]);
    assert.match(action.edit.hold!, /lowered partial-results to 10 % in SSM$/);
    const off = decided({ configured: 50, live: valueAt(50, false) });
    assert.deepEqual(off.kind === "adopt" && [off.to, off.edit], [0, { enabled: false }]);
  });

  it("that a watcher has lowered is held with the alarm that it was lowered for", () => {
    const before = alarm(SLOW, WEEK - 60);
    const at10 = { value: { value: { enabled: true, percentage: 10, settings: {} }, at: at(WEEK - 30) } };
    const action = decided({ configured: 50, live: at10, alarms: before });
    assert.ok(action.kind === "adopt");
    assert.match(action.edit.hold!, new RegExp(`to 10 % in SSM; alarm slow went off at ${at(WEEK - 60)}$`));
  });

  it("that has more than anybody agreed to is left to a person", () => {
    assert.deepEqual(found({ configured: 10, live: 50 }), hold("drift"));
    assert.deepEqual(found({ configured: 50, state: 10, live: 51 }), hold("drift"));
  });

  it("falls where configuration asks for less, before the update where SSM has more", () => {
    const action = decided({ configured: 10, state: 50 });
    assert.ok(action.kind === "lower");
    assert.deepEqual([action.to, action.value?.percentage, action.edit], [10, 10, {}]);
    const already = decided({ configured: 10, state: 50, live: 10 });
    assert.deepEqual(already.kind === "lower" && already.value, undefined);
  });

  it("that has fallen stands in nobody's way where the state has to follow more than flags", () => {
    const situation = { beside: ["green"] };
    const held = decided({ configured: 10, state: 50, live: 10, situation });
    assert.deepEqual([held.kind, held.reasons[0]?.code], ["hold", "behind"]);
    assert.equal(
      "awaits" in held.reasons[0]! && held.reasons[0].awaits,
      "person",
      "nobody waits for it for ever",
    );
    assert.equal(decided({ configured: 10, state: 50, situation }).kind, "lower", "sessions have it still");
  });

  it("that was never made waits for an update of everything", () => {
    const { state } = sceneOf();
    const situation = { state: { ...state, flags: {} } };
    assert.deepEqual(found({ live: { value: undefined }, situation }), hold("behind"));
  });

  it("that has gone is no flag that nobody has", () => {
    const action = decided({ live: { value: undefined } });
    assert.deepEqual([action.kind, action.from], ["hold", 10]);
    assert.match(action.reasons[0]!.text, /lost its parameter, .*keep what they read last.*flags disable/);
  });
});
