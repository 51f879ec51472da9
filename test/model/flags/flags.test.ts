import assert from "node:assert/strict";
import fc from "fast-check";
import { type Flag, exposureOf } from "../../../model/flags/flag";
import { refuseWrite } from "../../../model/flags/guard";
import { bakesFor, endsInUse, nextStop, offPlan } from "../../../model/flags/steps";
import { namedPlan } from "../../../model/rollout/plans";
import { START, at } from "../fixtures";

const DAY = 86_400;
const WEEKLY = namedPlan("weekly");

const flag = (percentage: number, changes: Partial<Flag> = {}): Flag => ({
  ...{ enabled: true, percentage, settings: {}, settled: false, plan: WEEKLY, alarms: [] },
  ...changes,
});
const had = (percentage: number, since?: string) => ({
  flags: { partial: { percentage, settled: false, ...(since !== undefined && { since }) } },
});

describe("a flag's plan", () => {
  const refused = (from: number, asked: Flag) => offPlan({ partial: asked }, had(from));

  it("lets it rise to its next stop and no further", () => {
    assert.deepEqual(
      [0, 9, 10, 49, 50, 99, 100].map((share) => nextStop(flag(0), share)),
      [10, 10, 50, 50, 100, 100, 100],
    );
    for (const [from, to] of [
      [0, 10],
      [10, 50],
      [20, 50],
      [50, 100],
    ] as const) {
      assert.deepEqual(refused(from, flag(to)), []);
      if (to === 100) continue;
      const [found, ...more] = refused(from, flag(to + 1));
      assert.deepEqual(more, []);
      assert.equal(found?.where, "sluice:flags.partial.rollout_percentage");
      assert.match(found.why, new RegExp(`from ${from} % .* to ${to + 1} %, .*\\(weekly\\) is ${to} %`));
      assert.equal(found.remedy, `pulumi config set --path 'sluice:flags.partial.rollout_percentage' ${to}`);
    }
  });

  it("takes a new flag for one that nobody has, but in a new stack", () => {
    assert.equal(offPlan({ partial: flag(11) }, {}).length, 1);
    assert.deepEqual(offPlan({ partial: flag(100) }, undefined), []);
  });

  it("refuses every rise while it is held, and no fall", () => {
    const held = { plan: { ...WEEKLY, hold: "support is away" } };
    assert.match(refused(0, flag(1, held))[0]!.why, /held: support is away/);
    assert.deepEqual(refused(10, flag(10, held)), []);
    assert.deepEqual(refused(10, flag(9, held)), []);
  });

  it("permits every fall, and every change of a disabled flag", () => {
    const share = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(share, share, (one, other) => {
        assert.deepEqual(refused(Math.max(one, other), flag(Math.min(one, other))), []);
        assert.deepEqual(refused(one, flag(other, { enabled: false })), []);
      }),
    );
  });

  it("ends no flag that sessions have, and every other one", () => {
    assert.deepEqual(
      [had(1), had(100), had(0), { flags: {} }, undefined].map((before) => endsInUse({}, before).length),
      [1, 1, 0, 0, 0],
    );
    assert.deepEqual(endsInUse({ partial: flag(0) }, had(100)), []);
  });

  it("says how long it bakes where it is", () => {
    const before = (percentage: number) => had(percentage, START).flags.partial;
    assert.equal(bakesFor(flag(0), before(10), at(DAY)), 6 * DAY);
    assert.equal(bakesFor(flag(0), before(10), at(7 * DAY)), 0);
    assert.equal(bakesFor(flag(0), before(0), START), 0);
    assert.equal(bakesFor(flag(0), { percentage: 10, settled: false }, START), 0);
    assert.equal(bakesFor(flag(0), undefined, START), 0);
  });
});

describe("the guard of a flag", () => {
  const share = fc.integer({ min: 0, max: 100 });
  const live = (percentage: number, enabled = true) => ({
    value: { enabled, percentage, settings: {} },
  });

  it("lets an update write no more sessions than there are now, whatever happened before", () => {
    fc.assert(
      fc.property(share, share, fc.option(share, { nil: undefined }), (now, after, recorded) => {
        const has = Math.max(now, after);
        const write = { flag: "partial", after: Math.min(now, after), recorded, live: live(has) };
        assert.equal(refuseWrite(write), undefined);
      }),
    );
  });

  it("never lets one raise what somebody has lowered since the last update", () => {
    fc.assert(
      fc.property(share, share, share, fc.boolean(), (recorded, has, after, enabled) => {
        const exposed = exposureOf({ enabled, percentage: has });
        fc.pre(exposed < recorded && after > exposed);
        const refusal = refuseWrite({ flag: "partial", after, recorded, live: live(has, enabled) });
        assert.equal(refusal?.kind, "drift");
        const [key, value] = enabled ? ["rollout_percentage", has] : ["enabled", false];
        assert.match(
          refusal.why,
          new RegExp(`pulumi config set --path 'sluice:flags.partial.${key}' ${value} && pulumi up$`),
        );
      }),
    );
  });

  it("lets one rise from where the last update left it, and be made", () => {
    assert.equal(refuseWrite({ flag: "partial", after: 50, recorded: 10, live: live(10) }), undefined);
    assert.equal(refuseWrite({ flag: "partial", after: 50, recorded: 0, live: live(10, false) }), undefined);
    assert.equal(
      refuseWrite({ flag: "partial", after: 50, recorded: undefined, live: { value: undefined } }),
      undefined,
    );
    const strange = refuseWrite({ flag: "partial", after: 50, recorded: undefined, live: live(10) });
    assert.match(strange!.why, /no update has written it/);
  });

  it("refuses what it cannot see, but for a fall", () => {
    const unseen = { unseen: "AccessDeniedException" };
    const refusal = refuseWrite({ flag: "partial", after: 10, recorded: 10, live: unseen });
    assert.equal(refusal?.kind, "unseen");
    assert.match(refusal.why, /10 % .* AccessDeniedException/);
    assert.equal(refuseWrite({ flag: "partial", after: 9, recorded: 10, live: unseen }), undefined);
    assert.equal(refuseWrite({ flag: "partial", after: 0, recorded: undefined, live: unseen }), undefined);
    assert.equal(
      refuseWrite({ flag: "partial", after: 1, recorded: undefined, live: unseen })?.kind,
      "unseen",
    );
  });
});
