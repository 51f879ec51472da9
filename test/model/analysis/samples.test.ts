import assert from "node:assert/strict";
import { type Look, FRESH_SECONDS } from "../../../model/analysis/observation";
import { samplesOf, windowOf } from "../../../model/analysis/samples";
import { NOW, ago, looks, minutes, observation } from "./fixtures";

const EACH = minutes(10, [50, 1, 2]);
const of = (found: readonly Look[], missing: string[] = []) =>
  samplesOf({ ...observation("green", []), looks: found, missing }, "errors", NOW);
const whyNot = (found: readonly Look[], missing?: string[]): string => {
  const seen = of(found, missing);
  assert.ok("unseen" in seen, "these can be judged by");
  return seen.unseen;
};
const seen = (found: readonly Look[]) => {
  const taken = of(found);
  assert.ok("samples" in taken);
  return taken.samples;
};

describe("samples", () => {
  it("are totals with a time each", () => {
    const taken = seen(looks(EACH));
    assert.equal(taken.length, 11);
    assert.deepEqual(taken.at(-1), { at: Date.parse(ago(30)) / 1_000, requests: 500, bad: 10 });
  });

  it("leave out what we sent ourselves, and cannot be judged by where that is not known", () => {
    const ours = (own: Look["ours"]) => looks(EACH).map((look) => ({ ...look, ...(own && { ours: own }) }));
    const late = looks(EACH).map((look, index) =>
      index < 5 ? look : { ...look, ours: { requests: 20, errors: 1 } },
    );
    assert.deepEqual(windowOf(seen(late), 600, 0), { requests: 480, bad: 9, seconds: 600 });
    assert.match(whyNot(ours({ requests: 1 })), /no two looks/);
    assert.match(whyNot(ours({ requests: 1, errors: 0 })), /below what we sent/);
  });

  it("are none where a query had no answer, or where there were no two looks", () => {
    assert.match(whyNot(looks(EACH), ["istio_requests_total"]), /no answer about istio_requests_total/);
    assert.match(whyNot([]), /no two looks/);
    assert.match(whyNot(looks(EACH).slice(0, 1)), /no requests were seen since 2026-11-21T11:49:30/);
  });

  it("do not have looks without a number, whose time the next one covers", () => {
    for (const errors of [Number.NaN, Infinity, undefined]) {
      const broken = (place: number) =>
        looks(EACH).map((look, index): Look => {
          const { errors: _, ...others } = look;
          return index === place ? { ...others, ...(errors !== undefined && { errors }) } : look;
        });
      assert.equal(seen(broken(4)).length, 10);
      assert.deepEqual(windowOf(seen(broken(4)), 600, 0), { requests: 500, bad: 10, seconds: 600 });
      assert.match(whyNot(looks(EACH).map((look) => ({ ...look, errors: Number.NaN }))), /no two looks/);
    }
  });

  it("are fresh, and not from the future", () => {
    assert.equal(seen(looks(EACH, FRESH_SECONDS)).length, 11);
    assert.match(whyNot(looks(EACH, FRESH_SECONDS + 1)), /the newest are 301 s old; 300 s are allowed/);
    assert.equal(seen(looks(EACH, -60)).length, 11);
    assert.match(whyNot(looks(EACH, -61)), /61 s in the future/);
  });

  it("are such as counters can be", () => {
    const changed = (look: Partial<Look>) =>
      looks(EACH).map((found, index) => (index === 5 ? { ...found, ...look } : found));
    assert.match(whyNot(changed({ requests: 1_000 })), /totals fell/);
    assert.match(whyNot(changed({ errors: 0 })), /totals fell/);
    assert.match(whyNot(changed({ errors: 300 })), /more of them than requests/);
    assert.match(whyNot(changed({ at: ago(5_000) })), /out of order/);
    assert.match(whyNot(changed({ at: looks(EACH)[4]!.at })), /out of order/);
    assert.equal(seen(changed({ at: "yesterday" })).length, 10);
  });

  it("are taken from a window that is long enough and holds enough, or from all there is", () => {
    const taken = seen(looks(EACH));
    assert.deepEqual(windowOf(taken, 300, 0), { requests: 250, bad: 5, seconds: 300 });
    assert.deepEqual(windowOf(taken, 300, 400), { requests: 400, bad: 8, seconds: 480 });
    assert.deepEqual(windowOf(taken, 300, 10_000), { requests: 500, bad: 10, seconds: 600 });
    assert.deepEqual(windowOf(taken, 3_600, 0), { requests: 500, bad: 10, seconds: 600 });
  });
});
