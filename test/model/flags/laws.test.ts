import assert from "node:assert/strict";
import fc from "fast-check";
import type { AlarmSeen } from "../../../model/flags/alarms";
import { decideFlag } from "../../../model/flags/decide";
import { exposureOf } from "../../../model/flags/flag";
import { at } from "../fixtures";
import { ERRORS, SLOW, WEEK, sceneOf } from "./scenes";

describe("whatever is seen of a flag", () => {
  const share = fc.constantFrom(0, 10, 50, 100);
  const seen = fc.option(share, { nil: undefined });
  const state = fc.constantFrom<AlarmSeen["state"] | undefined>(
    "OK",
    "ALARM",
    "INSUFFICIENT_DATA",
    undefined,
  );
  const told = fc.record({
    configured: share,
    state: share,
    live: seen,
    slow: state,
    errors: state,
    locked: fc.boolean(),
  });
  const given = ({
    configured,
    state: had,
    live,
    slow,
    errors,
    locked,
  }: typeof told extends fc.Arbitrary<infer T> ? T : never) =>
    sceneOf({
      ...{ configured, state: had, seconds: 2 * WEEK },
      live: live === undefined ? { unseen: "away" } : live,
      alarms: {
        value: {
          ...(slow && { [SLOW]: { state: slow, since: at(60) } }),
          ...(errors && { [ERRORS]: { state: errors, since: at(60) } }),
        },
      },
      situation: { lock: { value: locked ? {} : undefined } },
    });

  it("it rises on fresh evidence alone: SSM as recorded, every alarm there and quiet, nobody's lock", () => {
    fc.assert(
      fc.property(told, (one) => {
        const action = decideFlag(given(one));
        if (action.kind !== "raise") return;
        assert.deepEqual([one.slow, one.errors, one.locked], ["OK", "OK", false]);
        assert.ok(one.live !== undefined && one.live >= Math.min(one.state, one.configured));
        assert.ok(action.to > action.from);
        assert.ok(action.to <= [10, 50, 100].find((stop) => stop > one.state)!, "one stop at most");
      }),
    );
  });

  it("no fall leaves more than there was, in SSM or in configuration", () => {
    fc.assert(
      fc.property(told, (one) => {
        const scene = given(one);
        const action = decideFlag(scene);
        if (action.kind !== "lower" && action.kind !== "adopt") return;
        assert.ok(action.to <= action.from && action.to <= Math.max(one.state, one.configured));
        if (action.value) assert.equal(exposureOf(action.value), action.to);
        const after = {
          ...scene.flag,
          ...action.edit,
          percentage: action.edit.percentage ?? scene.flag.percentage,
        };
        assert.ok(exposureOf(after) <= Math.max(exposureOf(scene.flag), 0));
      }),
    );
  });

  it("an alarm that is off never leaves it where it was", () => {
    fc.assert(
      fc.property(told, (one) => {
        const scene = given(one);
        const has = one.live ?? one.state;
        if (has === 0 || (one.slow !== "ALARM" && one.errors !== "ALARM")) return;
        // All sessions have had it for two weeks by then: it is no experiment any more.
        if (one.state === 100 && one.configured === 100) return;
        const action = decideFlag(scene);
        assert.ok(action.kind === "lower" && action.to < has, JSON.stringify(action));
      }),
    );
  });
});
