import assert from "node:assert/strict";
import { argo } from "../../bench/decisions/argo";
import { flagger } from "../../bench/decisions/flagger";
import type { Move, Rule } from "../../bench/decisions/rule";
import type { Answered, Bin } from "../../bench/decisions/series";

const GOOD: Answered = { requests: 100, errors: 0, slow: 0 };
const live: Answered = { requests: 900, errors: 0, slow: 0 };
/** A minute in two halves: what the candidate did in the first, and in the second. */
const minute = (first: Partial<Answered>, second: Partial<Answered> = first): Bin[] =>
  [first, second].map((half) => ({ candidate: { ...GOOD, ...half }, live }));

/** What a rule does after each minute, until it ends. */
function moves(rule: Rule, minutes: readonly (readonly Bin[])[]): (number | string)[] {
  const follower = rule.follow();
  const found: (number | string)[] = [follower.share];
  for (const [index, bins] of minutes.entries()) {
    const move: Move = follower.look(index + 1, bins);
    found.push(move.to === "share" ? move.share : move.to);
    if (move.to !== "share") break;
  }
  return found;
}

const series = (length: number, bins: readonly Bin[]) => Array.from({ length }, () => bins);

describe("Flagger's example", () => {
  it("promotes a good canary after interval × (maxWeight / stepWeight), which are 5 min", () => {
    assert.deepEqual(moves(flagger, series(9, minute({}))), [10, 20, 30, 40, 50, "the end"]);
  });

  it("rolls a bad one back after interval × threshold, which are 5 min, and does not advance it", () => {
    const bad = series(9, minute({ errors: 50 }));
    assert.deepEqual(moves(flagger, bad), [10, 10, 10, 10, 10, "rolled back"]);
  });

  it("passes 99 % of success, and no less", () => {
    assert.equal(moves(flagger, [minute({ errors: 1 })])[1], 20);
    assert.equal(moves(flagger, [minute({ errors: 1 }, { errors: 2 })])[1], 10);
  });

  it("passes a 99th percentile at the limit, of the last 30 s alone", () => {
    assert.equal(moves(flagger, [minute({ slow: 100 }, { slow: 1 })])[1], 20);
    assert.equal(moves(flagger, [minute({ slow: 0 }, { slow: 2 })])[1], 10);
  });

  it("halts, and counts a failed check, where there is no traffic", () => {
    assert.equal(moves(flagger, [minute({ requests: 0 })])[1], 10);
    assert.equal(moves(flagger, series(9, minute({ requests: 0 }))).at(-1), "rolled back");
    assert.equal(moves(flagger, [minute({}, { requests: 0 })])[1], 10);
  });

  it("counts failed checks over all of the analysis: a success between them resets nothing", () => {
    const [good, bad] = [minute({}), minute({ errors: 50 })];
    const four = [bad, good, bad, good, bad, good, bad];
    assert.deepEqual(moves(flagger, [...four, bad]).at(-1), "rolled back");
    assert.deepEqual(moves(flagger, [...four, good, good]).at(-1), "the end");
  });
});

describe("Argo Rollouts' example", () => {
  it("raises by 20 every 10 min, to all traffic after 40", () => {
    const found = moves(argo, series(60, minute({})));
    assert.deepEqual(
      [0, 9, 10, 19, 20, 30, 39].map((index) => found[index]),
      [20, 20, 40, 40, 60, 80, 80],
    );
    assert.deepEqual([found[40], found.length], ["the end", 41]);
  });

  it("measures from minute 10 on, every 5 min, and aborts at the third failed measurement", () => {
    const found = moves(argo, series(60, minute({ errors: 50 })));
    assert.deepEqual([found.at(-1), found.length - 1], ["rolled back", 20]);
  });

  it("does not see what fails between its measurements", () => {
    const bad = Array.from({ length: 60 }, (_, index) => minute({ errors: (index + 1) % 5 === 0 ? 0 : 100 }));
    assert.equal(moves(argo, bad).at(-1), "the end");
  });

  it("passes 95 % of success, and no less; latency is nothing to it", () => {
    assert.equal(moves(argo, series(60, minute({ errors: 5, slow: 100 }))).at(-1), "the end");
    assert.equal(moves(argo, series(60, minute({ errors: 6 }))).at(-1), "rolled back");
  });

  it("counts failed measurements over all of the analysis, and one without traffic as failed", () => {
    const at = (failing: readonly number[], bins: readonly Bin[]) =>
      Array.from({ length: 60 }, (_, index) => (failing.includes(index + 1) ? bins : minute({})));
    assert.equal(moves(argo, at([10, 20], minute({ requests: 0 }))).at(-1), "the end");
    assert.equal(moves(argo, at([10, 20, 35], minute({ requests: 0 }))).at(-1), "rolled back");
  });
});
