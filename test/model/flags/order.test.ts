import assert from "node:assert/strict";
import type { FlagAction } from "../../../model/flags/action";
import { awaitedOf, behindFlags, deedOf } from "../../../model/flags/order";
import type { Action, Obstacle } from "../../../model/rollout/action";

const obstacle = (awaits: Obstacle["awaits"], until?: string): Obstacle => ({
  ...{ code: "bake", text: awaits, awaits },
  ...(until !== undefined && { until }),
});
const release = (kind: Action["kind"], ...reasons: Obstacle[]) =>
  ({ kind, reasons, asks: [] }) as unknown as Action;
const flag = (kind: FlagAction["kind"], more: object = {}) =>
  ({
    kind,
    flag: "search",
    from: 10,
    to: 50,
    edit: {},
    reasons: [],
    asks: [],
    ...more,
  }) as unknown as FlagAction;

const done = (kind: Action["kind"], ...flags: FlagAction[]) => {
  const { falls, raise, release: action } = deedOf(release(kind), flags);
  return [falls.length, raise?.flag, action?.kind];
};

describe("what a tick does of a release and its flags", () => {
  it("is what falls first, of both at once", () => {
    for (const fall of ["lower", "adopt"] as const) {
      for (const kind of ["retreat", "level", "adopt"] as const)
        assert.deepEqual(done(kind, flag(fall), flag("raise")), [1, undefined, kind]);
      const changed = flag(fall, { edit: { percentage: 10 } });
      for (const kind of ["shift", "promote", "prepare", "hold", "done"] as const)
        assert.deepEqual(done(kind, changed, flag("lower"), flag("raise")), [2, undefined, undefined]);
    }
    assert.deepEqual(done("retreat", flag("raise")), [0, undefined, "retreat"]);
  });

  it("is what configuration asks less of together with the version that it asks for: no update is of one alone", () => {
    for (const kind of ["shift", "promote", "prepare"] as const)
      assert.deepEqual(done(kind, flag("lower"), flag("raise", { isAsked: true })), [1, undefined, kind]);
    for (const kind of ["hold", "done"] as const)
      assert.deepEqual(done(kind, flag("lower")), [1, undefined, undefined]);
  });

  it("is never a share's rise and a flag's: what configuration asks for first, then the release, then one plan", () => {
    const [asked, own] = [flag("raise", { isAsked: true, flag: "asked" }), flag("raise", { isAsked: false })];
    for (const kind of ["shift", "promote", "prepare"] as const) {
      assert.deepEqual(done(kind, own, asked), [0, "asked", undefined]);
      assert.deepEqual(done(kind, own), [0, undefined, kind]);
    }
    for (const kind of ["hold", "done"] as const)
      assert.deepEqual(done(kind, own, own), [0, "search", undefined]);
    assert.deepEqual(done("hold", flag("hold"), flag("done")), [0, undefined, "hold"]);
  });

  it("holds a share's rise while configuration gives a flag more than may be yet: an update would write both", () => {
    const held = flag("hold", { reasons: [obstacle("time")] });
    for (const kind of ["shift", "promote", "prepare"] as const) {
      const action = behindFlags(release(kind), [held], true);
      assert.deepEqual([action.kind, action.reasons.map(({ code }) => code)], ["hold", ["behind", "bake"]]);
      assert.equal(behindFlags(release(kind), [flag("raise")], true).kind, kind, "it comes first by itself");
      assert.equal(behindFlags(release(kind), [flag("raise")], false).kind, "hold", "nobody else makes it");
    }
    assert.equal(behindFlags(release("retreat"), [held], true).kind, "retreat");
  });
});

describe("what is waited for", () => {
  const until = (hour: number) => `2026-03-01T${hour}:00:00.000Z`;

  it("is what ends by itself and soonest, of release and flags", () => {
    const flags = [flag("hold", { reasons: [obstacle("time", until(12))] }), flag("done")];
    assert.equal(awaitedOf(release("hold", obstacle("person")), flags)?.reasons[0]?.until, until(12));
    assert.equal(
      awaitedOf(release("hold", obstacle("time", until(11))), flags)?.reasons[0]?.until,
      until(11),
    );
    assert.equal(
      awaitedOf(release("hold", obstacle("person")), [flag("done")])?.reasons[0]?.awaits,
      "person",
    );
  });

  it("is nothing where all is done", () => {
    assert.equal(awaitedOf(release("done"), [flag("done")]), undefined);
  });
});
