import assert from "node:assert/strict";
import { leaveCommands } from "../../model/leave";
import { notice } from "../../model/notice";
import type { Override, UsedOverride } from "../../model/override";
import { type Transition, judge, next, verdict } from "../../model/transition";
import { LIMITS, apply, at, promoted, recorded, refusedBy, release, transition } from "./fixtures";

const DAY = 86_400;
const WEEK = 7 * DAY;
const leave = (changes: Partial<Override> = {}): Override => ({
  rule: "T1",
  by: "on-call",
  reason: "the old one is down",
  expires: at(DAY),
  ...changes,
});
const used = (changes: Partial<UsedOverride> = {}): UsedOverride => ({ ...leave(), at: at(-60), ...changes });

/** A jump that T1 alone refuses. */
const jump = (overrides?: readonly Override[], changes: Partial<Transition> = {}) =>
  transition(recorded(release(0)), release(100), { ...(overrides && { overrides }), ...changes });

describe("an override", () => {
  it("lifts what its rule refuses, and is told with what it lifts", () => {
    const asked = jump([leave()]);
    assert.deepEqual(judge(asked), []);
    const { refused, overridden } = verdict(asked);
    assert.deepEqual(refused, []);
    assert.deepEqual(
      overridden.map(({ violation, override }) => [violation.id, override]),
      [["T1", leave()]],
    );
  });

  it("lifts nothing of any other rule", () => {
    assert.deepEqual(refusedBy(jump([leave({ rule: "T2" })])), ["T1"]);
    const wild = release(60, { live: "green", blue: { version: "9.0.0" } });
    const both = transition(recorded(release(0)), wild, { overrides: [leave(), leave({ rule: "T4" })] });
    assert.deepEqual(refusedBy(both), ["T5"]);
    assert.deepEqual(
      verdict(both).overridden.map(({ violation: { id } }) => id),
      ["T1", "T4"],
    );
  });

  it("lifts every violation of its rule in one update", () => {
    const blue = { version: "9.0.0" };
    const asked = transition(recorded(release(10)), release(10, { blue, green: blue }));
    const lifted = verdict({ ...asked, overrides: [leave({ rule: "T4" })] });
    assert.equal(judge(asked).filter(({ id }) => id === "T4").length, 2);
    assert.equal(lifted.overridden.filter(({ violation }) => violation.id === "T4").length, 2);
    assert.ok(lifted.refused.every(({ id }) => id !== "T4"));
  });

  it("counts until it expires, to the second, and says since when it does not", () => {
    assert.deepEqual(refusedBy(jump([leave({ expires: at(1) })])), []);
    const [violation] = judge(jump([leave({ expires: at(0) })]));
    assert.equal(violation?.id, "T1");
    assert.ok(
      violation.message.endsWith(
        ` The override by on-call ("the old one is down") lifts nothing: it expired at ${at(0)}.`,
      ),
      violation.message,
    );
  });

  it("counts for a week at most, to the second", () => {
    assert.deepEqual(refusedBy(jump([leave({ expires: at(WEEK) })])), []);
    const [violation] = judge(jump([leave({ expires: at(WEEK + 1) })]));
    assert.match(violation!.message, /none counts for longer than 7 days; .* a change of the limit\.$/);
  });

  it("counts once, however its time is written, and another one by the same person counts again", () => {
    const from = recorded(release(0), { overrides: [used()] });
    const [violation] = judge({ ...jump([leave()]), from });
    assert.match(
      violation!.message,
      /lifts nothing: it was used at .*09:59:00\.000Z, and each counts for one/,
    );
    const spelt = leave({ expires: at(DAY).replace(".000Z", "+00:00") });
    assert.equal(judge({ ...jump([spelt]), from }).length, 1);
    for (const other of [{ by: "another" }, { reason: "still down" }, { expires: at(DAY + 1) }]) {
      assert.deepEqual(refusedBy({ ...jump([leave(other)]), from }), []);
    }
    assert.deepEqual(refusedBy({ ...jump([leave(), leave({ reason: "still down" })]), from }), []);
  });

  it("never lifts what cannot work, and says so", () => {
    const traffic = { blue: 90, green: 11 };
    const asked = transition(recorded(release(0)), release(0, { traffic }), {
      overrides: [leave({ rule: "S6" })],
    });
    assert.deepEqual(refusedBy(asked), ["S6"]);
    assert.match(
      judge(asked)[0]!.message,
      /nobody can answer for what S6 refuses, because it cannot work\.$/,
    );
  });

  it("lifts by whatever limits: those that were recorded and those that the edit relaxes", () => {
    const limits = { ...LIMITS, step: 100 };
    const from = recorded(release(0), { limits: LIMITS });
    const asked = { ...jump([leave()], { limits }), from };
    assert.deepEqual(refusedBy(asked), []);
    assert.match(judge({ ...asked, overrides: [] })[0]!.message, /relaxed counts from the update after/);
  });

  it("may lift the one rule that a schema gives a retreat", () => {
    const schema = {
      revision: "r5",
      phase: "contract",
      serves: "2.4.0",
      version: "2.4.0",
      at: at(0),
    } as const;
    const back = transition({ ...promoted(), schema }, release(0), { now: at(60) });
    assert.ok(refusedBy(back).includes("T7"));
    const answered = { ...back, overrides: [leave({ rule: "T7" })] };
    assert.ok(!refusedBy(answered).includes("T7"));
  });

  it("is not used by a retreat, which needs none", () => {
    const back = transition(recorded(release(50)), release(0), {
      overrides: [leave(), leave({ rule: "T6" })],
    });
    assert.deepEqual(verdict(back), { refused: [], overridden: [] });
    assert.equal(apply(back).overrides, undefined);
  });
});

describe("a used override", () => {
  it("is recorded with the time of its update, and the same edit is not refused after it", () => {
    const after = next(jump([leave(), leave({ rule: "T6" })], { now: at(5) }));
    assert.deepEqual(after.overrides, [{ ...leave(), at: at(5) }], "what lifts nothing is not used");
    assert.deepEqual(refusedBy(jump([leave()], { from: after, now: at(60) })), []);
  });

  it("lifts nothing a second time", () => {
    const after = next(jump([leave()], { now: at(5) }));
    const fallen = apply(transition(after, release(25), { now: at(60) }));
    assert.deepEqual(refusedBy(jump([leave()], { from: fallen, now: at(120) })), ["T1"]);
  });

  it("is used where it was needed when the update began, though it has expired at its end", () => {
    const short = leave({ expires: at(60) });
    const asked = jump([short], { now: at(0) });
    assert.deepEqual(next({ ...asked, now: at(120) }, at(0)).overrides, [{ ...short, at: at(120) }]);
  });

  it("of two that would do is the first", () => {
    const two = [leave({ reason: "first" }), leave({ reason: "second" })];
    assert.deepEqual(
      next(jump(two)).overrides?.map(({ reason }) => reason),
      ["first"],
    );
  });

  it("is kept with the last twenty, and beyond them until it has expired", () => {
    const many = (expires: string) =>
      Array.from({ length: 20 }, (_, index) => used({ reason: `${index}`, expires }));
    const reasons = (overrides: readonly UsedOverride[]) =>
      next(jump([leave({ reason: "last" })], { from: recorded(release(0), { overrides }) })).overrides?.map(
        ({ reason }) => reason,
      );
    const all = many(at(-1)).map(({ reason }) => reason);
    assert.deepEqual(reasons(many(at(-1))), [...all.slice(1), "last"]);
    assert.deepEqual(reasons(many(at(1))), [...all, "last"]);
  });

  it("stays recorded where an update uses none", () => {
    const from = recorded(release(0), { overrides: [used({ expires: at(-30) })] });
    assert.deepEqual(next(transition(from, release(10))).overrides, from.overrides);
  });
});

describe("a notice of overrides", () => {
  it("says who answers for what, until when, and what it lifts", () => {
    assert.deepEqual(notice(jump([leave(), leave({ rule: "T6" })])), [
      `on-call answers for what T1 refuses ("the old one is down", until ${at(DAY)}): ` +
        "sluice:release.traffic.green: 100 %, 100 points above 0 % (the limit: 25 points). " +
        "The override is void after this update.",
    ]);
  });

  it("is silent about those that lift nothing", () => {
    assert.deepEqual(notice(transition(recorded(release(0)), release(10), { overrides: [leave()] })), []);
  });
});

describe("the commands of an override", () => {
  it("come after those that are there, and give it a day", () => {
    const commands = leaveCommands("T10", jump([leave()])).split(" && ");
    assert.deepEqual(commands, [
      "pulumi config set --path 'sluice:overrides[1].rule' T10",
      "pulumi config set --path 'sluice:overrides[1].by' '<your name>'",
      "pulumi config set --path 'sluice:overrides[1].reason' '<why>'",
      `pulumi config set --path 'sluice:overrides[1].expires' ${at(DAY)}`,
    ]);
    assert.match(leaveCommands("T1", jump([leave()]), 1), /overrides\[2\]\.rule' T1 /);
  });
});
