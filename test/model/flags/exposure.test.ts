import assert from "node:assert/strict";
import type { FlagExposure } from "../../../model/flags";
import { type Flag, exposures, onlyFall, sameExposures } from "../../../model/flags/flag";
import { SETTLES_SECONDS, flagsAfter, isSettled } from "../../../model/flags/settled";
import { namedPlan } from "../../../model/rollout/plans";
import { START, at } from "../fixtures";
import { DAY } from "./scenes";

const flag = (percentage: number, changes: Partial<Flag> = {}): Flag => ({
  ...{ enabled: true, percentage, settings: {}, settled: false, plan: namedPlan("weekly"), alarms: [] },
  ...changes,
});
const had = (percentage: number, since?: string) => ({
  flags: { partial: { percentage, settled: false, ...(since !== undefined && { since }) } },
});

describe("what a release knows of flags", () => {
  it("is how many sessions have each, which is none of a disabled one", () => {
    assert.equal(exposures({}), undefined);
    assert.deepEqual(
      exposures({ a: flag(30), b: flag(30, { enabled: false }), c: flag(100, { settled: true }) }),
      {
        a: { percentage: 30, settled: false },
        b: { percentage: 0, settled: false },
        c: { percentage: 100, settled: true },
      },
    );
  });

  it("is the same where names and percentages are", () => {
    const one = { a: { percentage: 1, settled: false } };
    assert.ok(sameExposures(undefined, {}));
    assert.ok(sameExposures(one, { a: { percentage: 1, settled: true, since: START } }));
    assert.ok(!sameExposures(one, { a: { percentage: 2, settled: false } }));
    assert.ok(!sameExposures(one, undefined) && !sameExposures(undefined, one));
  });

  it("only falls where no flag comes, goes, or gets more sessions", () => {
    const one = { a: { percentage: 10, settled: false } };
    assert.ok(onlyFall() && onlyFall(one, one) && onlyFall({ a: { percentage: 9, settled: false } }, one));
    assert.ok(!onlyFall({ a: { percentage: 11, settled: false } }, one));
    assert.ok(!onlyFall(one, {}) && !onlyFall({}, one));
  });

  it("keeps the time since which so many sessions have it, and begins anew with each change", () => {
    const flags = { partial: { percentage: 10, settled: false } };
    assert.deepEqual(flagsAfter({ from: had(10, at(-60)), flags, now: at(0) })?.["partial"]?.since, at(-60));
    assert.deepEqual(flagsAfter({ from: had(9, at(-60)), flags, now: at(0) })?.["partial"]?.since, at(0));
    assert.deepEqual(flagsAfter({ from: undefined, flags, now: at(0) })?.["partial"]?.since, at(0));
    assert.equal(flagsAfter({ from: had(9), now: at(0) }), undefined);
  });

  it("remembers the version that was tried when it rose, and what it had before", () => {
    const after = (percentage: number, before: FlagExposure | undefined, untried?: string, settled = false) =>
      flagsAfter(
        {
          from: before && { flags: { partial: before } },
          flags: { partial: { percentage, settled } },
          now: at(0),
        },
        untried,
      )?.["partial"]?.beside;
    const ten = { percentage: 10, settled: false };
    const risen = { percentage: 50, settled: false, beside: { version: "2.4.0", was: 10 } };
    assert.deepEqual(after(50, ten, "2.4.0"), risen.beside);
    assert.deepEqual(after(10, undefined, "2.4.0"), { version: "2.4.0", was: 0 });
    assert.equal(after(50, ten), undefined, "nothing was tried");
    assert.equal(after(10, ten, "2.4.0"), undefined, "it had its sessions before");
    assert.deepEqual(after(50, risen), risen.beside, "it stays until it is told apart");
    assert.deepEqual(after(100, risen, "2.4.0"), risen.beside, "a further rise beside the same version");
    assert.deepEqual(after(100, risen, "2.5.0"), { version: "2.5.0", was: 50 });
    assert.equal(after(10, risen, "2.4.0"), undefined, "it has gone back");
    assert.equal(
      after(100, { ...risen, percentage: 100 }, "2.4.0", true),
      undefined,
      "somebody says it is settled",
    );
  });

  it("is settled once all sessions have had it for two weeks, or somebody says so", () => {
    const settled = (before: number, percentage: number, seconds: number, said = false) => {
      const flags = { partial: { percentage, settled: said } };
      return isSettled({ from: had(before, START), flags, now: at(seconds) }, "partial");
    };
    assert.equal(SETTLES_SECONDS, 14 * DAY);
    assert.ok(settled(100, 100, SETTLES_SECONDS));
    assert.ok(!settled(100, 100, SETTLES_SECONDS - 1));
    assert.ok(!settled(99, 100, SETTLES_SECONDS));
    assert.ok(!settled(100, 99, SETTLES_SECONDS));
    assert.ok(settled(0, 100, 0, true));
    assert.ok(!isSettled({ from: had(100), flags: had(100).flags, now: at(SETTLES_SECONDS) }, "partial"));
    assert.ok(!isSettled({ now: START }, "partial"));
  });
});
