import assert from "node:assert/strict";
import { begunFlag, undeployed } from "../../../model/flags/begun";
import { decideFlag } from "../../../model/flags/decide";
import { DAY, NAME, type Told, WEEK, sceneOf } from "./scenes";

const seen = (told: Told) => {
  const scene = sceneOf(told);
  return { scene, action: decideFlag(scene) };
};

describe("what a tick of the schedule, which nobody approves, does of flags", () => {
  it("is no rise that somebody has only merged: a person deploys it, and is told how", () => {
    const merged: Readonly<Record<string, Told>> = {
      "a begin": { configured: 10, state: 0 },
      "less than the next stop": { configured: 30, state: 10 },
      "the next stop, too soon": { configured: 50, state: 10, seconds: DAY },
    };
    for (const [what, told] of Object.entries(merged)) {
      const one = seen(told);
      const waits = undeployed([one], "prod");
      assert.equal(waits.length, 1, what);
      assert.match(
        waits[0]!,
        /^partial-results at \d+ % is not deployed yet: prod's .*, or: sluice deploy -s prod$/,
      );
      assert.equal(begunFlag(one, waits).kind, "hold", what);
    }
  });

  it("is what a plan does next, also where the update of that was broken off, and every fall", () => {
    for (const [kind, told] of [
      ["raise", { configured: 10, state: 10, seconds: WEEK }],
      ["raise", { configured: 50, state: 10, seconds: WEEK }],
      ["lower", { configured: 10, state: 50 }],
    ] as const) {
      const one = seen(told);
      assert.deepEqual(undeployed([one], "prod"), []);
      assert.equal(one.action.kind, kind);
      assert.equal(begunFlag(one, []), one.action);
    }
  });

  it("is no rise beside one that was only merged, for an update writes both, and every fall", () => {
    const [merged, own, fall] = [
      seen({ configured: 10, state: 0 }),
      seen({ configured: 10 }),
      seen({ configured: 10, state: 50 }),
    ];
    const waits = undeployed([merged, own, fall], "prod");
    const held = begunFlag(own, waits);
    assert.ok(held.kind === "hold" && held.flag === NAME);
    assert.deepEqual(
      held.reasons.map(({ text, awaits }) => [text, awaits]),
      [[waits[0], "person"]],
    );
    assert.equal(begunFlag(fall, waits), fall.action);
    const fallen = seen({ configured: 10, state: 50, live: 10 });
    assert.equal(fallen.action.kind, "lower");
    assert.equal(begunFlag(fallen, waits).kind, "hold", "the state alone would follow");
  });
});
