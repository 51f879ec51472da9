import assert from "node:assert/strict";
import fc from "fast-check";
import { type Told, heard, parseTold, toldParameter } from "../../model/news";
import type { RolloutEvent } from "../../model/rolloutEvent";
import { eventsOf, hostile, shift } from "./messages";

const START = Date.parse(shift.at);
const minute = (event: RolloutEvent, minutes: number): RolloutEvent => ({
  ...event,
  at: new Date(START + 60_000 * minutes).toISOString(),
});
const hold = (text: string, changes: Partial<RolloutEvent> = {}): RolloutEvent => ({
  ...shift,
  kind: "hold",
  from: 25,
  reasons: [{ code: "inconclusive", text, awaits: "metrics" }],
  ...changes,
});

/** Which of the events are news, told one after the other. */
function news(...events: RolloutEvent[]): boolean[] {
  let told: Told = {};
  return events.map((event) => {
    const answer = heard(event, told);
    told = parseTold(JSON.stringify(answer.told));
    return answer.isNews;
  });
}

describe("whether an event is news", () => {
  it("a hold is once, whatever its figures are, for as long as it goes on", () => {
    const day = Array.from({ length: 1_440 }, (_, index) => minute(hold(`${index} of 2000 requests`), index));
    assert.equal(news(...day).filter(Boolean).length, 1);
  });

  it("a hold is again once it was gone for an hour", () => {
    assert.deepEqual(news(hold("1"), minute(hold("2"), 59), minute(hold("3"), 118), minute(hold("4"), 179)), [
      ...[true, false, false],
      true,
    ]);
  });

  it("a hold is for another reason, by another rule, at another share, of another version", () => {
    const others = [
      hold("1", { reasons: [{ code: "rule", text: "1", awaits: "person", rule: "T10" }] }),
      hold("1", { reasons: [{ code: "rule", text: "1", awaits: "person", rule: "T2" }] }),
      hold("1", { from: 50, to: 50 }),
      hold("1", { version: "2.4.1" }),
      hold("1", { exit: 6 }),
    ];
    assert.deepEqual(news(hold("1"), ...others), [true, true, true, true, true, true]);
    assert.deepEqual(news(hold("1"), others[0]!, minute(hold("1"), 1), minute(others[0]!, 2)), [
      ...[true, true],
      ...[false, false],
    ]);
  });

  it("that a step bakes is none, for its shift has said so", () => {
    const baking = hold("1 h of 24 h", { reasons: [{ code: "bake", text: "1 h of 24 h", awaits: "time" }] });
    const told = { one: shift.at };
    assert.deepEqual(heard(baking, told), { isNews: false, told });
    const both = { ...baking, reasons: [...baking.reasons, ...hold("1").reasons] };
    assert.deepEqual(news(both), [true]);
  });

  it("what fails again and again is once, also where it is held in between", () => {
    const failing = { ...shift, exit: 5 };
    const locked = hold("1", { reasons: [{ code: "lock", text: "ana", awaits: "update" }] });
    assert.deepEqual(
      news(
        failing,
        minute(locked, 1),
        minute(failing, 2),
        minute(locked, 3),
        minute({ ...shift, exit: 0 }, 4),
      ),
      [true, true, false, false, true],
    );
  });

  it("a second rollback is, however soon, where traffic was given in between", () => {
    const start = { ...shift, kind: "start", from: 0, to: 10 } as const;
    const back = { ...shift, kind: "rollback", from: 10, to: 0 } as const;
    assert.deepEqual(news(start, minute(back, 1), minute(start, 2), minute(back, 3)), [
      true,
      true,
      true,
      true,
    ]);
  });

  it("fits its parameter, whatever happens, and the same is never news twice at once", () => {
    fc.assert(
      fc.property(fc.array(eventsOf(hostile), { maxLength: 80 }), (events) => {
        let told: Told = {};
        events.forEach((event, index) => {
          const first = heard(minute(event, index % 50), told);
          ({ told } = first);
          assert.equal(heard(minute(event, index % 50), told).isNews, false);
        });
        assert.ok(JSON.stringify(told).length < 4_096);
        assert.deepEqual(parseTold(JSON.stringify(told)), told);
      }),
    );
  });

  it("is not known where the parameter holds something else", () => {
    for (const text of ["", "[]", "null", "7", '"x"', "{", '{"a":1,"b":"never"}'])
      assert.deepEqual(parseTold(text), {});
    assert.equal(toldParameter("voiceassist", "prod"), "/sluice/voiceassist/prod/notified");
  });
});
