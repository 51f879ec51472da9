import assert from "node:assert/strict";
import fc from "fast-check";
import type { AlarmSeen } from "../../../model/flags/alarms";
import { decideFlag } from "../../../model/flags/decide";
import {
  flagsParameter,
  formatPublished,
  parsePublished,
  publishedFlags,
  watchedFlag,
} from "../../../model/flags/published";
import { retreat } from "../../../model/flags/retreat";
import type { FlagSituation } from "../../../model/flags/situation";
import { at } from "../fixtures";
import { DAY, ERRORS, NAME, SLOW, sceneOf } from "./scenes";

/** What a watcher comes to by what an update in this situation published, as it reads it. */
function watched(scene: FlagSituation) {
  const { name, flag, state, live, alarms, now } = scene;
  const text = formatPublished(publishedFlags({ [name]: flag }, state.flags));
  const published = parsePublished(text)[name];
  return published && retreat(watchedFlag(name, published, { live, alarms, now }));
}

describe("whoever watches flags with credentials and nothing else", () => {
  const share = fc.constantFrom(0, 10, 50, 100);
  const state = fc.constantFrom<AlarmSeen["state"] | undefined>("OK", "ALARM", undefined);
  const told = fc.record({
    share,
    live: fc.option(share, { nil: undefined }),
    slow: state,
    errors: state,
    went: fc.constantFrom(0, 60, 20 * DAY),
    seconds: fc.constantFrom(120, DAY, 15 * DAY, 30 * DAY),
    settled: fc.boolean(),
  });

  it("takes a flag back where a tick does, as far and for the same reasons, and nowhere else", () => {
    const seen = { fell: 0, off: 0, left: 0 };
    fc.assert(
      fc.property(told, ({ share, live, slow, errors, went, seconds, settled }) => {
        const since = at(went);
        const scene = sceneOf({
          ...{ configured: share, seconds, live: live ?? { unseen: "away" } },
          flag: { settled: settled && share === 100 },
          alarms: {
            value: {
              ...(slow && { [SLOW]: { state: slow, since } }),
              ...(errors && { [ERRORS]: { state: errors, since } }),
            },
          },
        });
        const action = decideFlag(scene);
        const fall = watched(scene);
        const isFailing = action.kind === "lower" && action.reasons[0]!.code === "failing";
        assert.equal(fall !== undefined, isFailing, JSON.stringify([action, fall]));
        seen[fall?.isOff ? "off" : fall ? "fell" : "left"] += 1;
        if (!fall || action.kind !== "lower") return;
        assert.deepEqual([fall.to, fall.from, fall.reasons], [action.to, action.from, action.reasons]);
        assert.equal(fall.isOff, action.edit.enabled === false);
      }),
      { numRuns: 1_000 },
    );
    assert.ok(Math.min(...Object.values(seen)) > 20, JSON.stringify(seen));
  });

  it("reads what was written, and takes nothing for flags that lacks a part", () => {
    const { flag, state } = sceneOf({ configured: 50 });
    const published = publishedFlags({ [NAME]: flag }, state.flags);
    assert.deepEqual(parsePublished(formatPublished(published)), published);
    assert.deepEqual(published[NAME]!.stops, [10, 50, 100]);
    assert.equal(flagsParameter("app", "prod"), "/sluice/app/prod/flags");
    const part = published[NAME]!;
    for (const wrong of [
      "",
      "[]",
      '{"partial":1}',
      JSON.stringify({ [NAME]: { ...part, stops: undefined } }),
      JSON.stringify({ [NAME]: { ...part, percentage: "50" } }),
      JSON.stringify({ [NAME]: { ...part, alarms: [SLOW] } }),
    ]) {
      assert.throws(() => parsePublished(wrong), /what the stack publishes of its flags lacks a part/);
    }
  });

  it("has nothing to watch of a flag without alarms, nor of one that is settled", () => {
    const { flag } = sceneOf({ configured: 100 });
    const of = (changes: object) => publishedFlags({ [NAME]: { ...flag, ...changes } });
    assert.deepEqual([of({ alarms: [] }), of({ settled: true })], [{}, {}]);
    assert.deepEqual(of({})[NAME]!.percentage, 0, "one that no update has recorded nobody has");
  });
});
