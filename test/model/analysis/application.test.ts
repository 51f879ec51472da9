import assert from "node:assert/strict";
import fc from "fast-check";
import { type Counted, agesOf, observedBy } from "../../../model/analysis/application";
import { SIGNALS } from "../../../model/analysis/observation";
import { samplesOf } from "../../../model/analysis/samples";
import { NOW, ago } from "./fixtures";

const observed = (counted: readonly Counted[], latest: string | undefined = NOW) => {
  const ages = agesOf(20_000).slice(-counted.length);
  return observedBy({
    ...{ service: "api", colour: "green", latest },
    counted: counted.map((figures, index) => ({ ...figures, ago: ages[index]! })),
  });
};
const figures = (requests: number, errors = 0, slow = 0) => ({
  ...{ requests, errors, measured: requests, quick: requests - slow },
});

describe("the times of which an application's requests are counted", () => {
  it("are the windows of the limits, then wider, none of before the release", () => {
    const edges = (age: number) => agesOf(age).map(({ from, to }) => [from, to]);
    assert.deepEqual(edges(59), []);
    assert.deepEqual(edges(90), [[90, 0]]);
    assert.deepEqual(edges(1_000), [
      [1_000, 900],
      [900, 300],
      [300, 0],
    ]);
    assert.deepEqual(edges(920), [
      [900, 300],
      [300, 0],
    ]);
    assert.equal(edges(1e7)[0]![0], 86_400);
  });

  it("follow each other without a gap, whatever the age", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (age) => {
        const ages = agesOf(age);
        for (const [index, { from, to }] of ages.entries()) {
          assert.ok(from <= age && from > to);
          assert.equal(to, ages[index + 1]?.from ?? 0);
        }
      }),
    );
  });
});

describe("what an application counted", () => {
  it("adds up over its times, the last up to the newest scrape", () => {
    assert.deepEqual(observed([figures(100, 2, 5), figures(50, 1)], ago(7)).looks, [
      { at: ago(907), requests: 0, errors: 0, slow: 0 },
      { at: ago(307), requests: 100, errors: 2, slow: 5 },
      { at: ago(7), requests: 150, errors: 3, slow: 5 },
    ]);
  });

  it("says how many came after the objective only where there is a bucket for it", () => {
    const promised = [
      { ...figures(100, 2, 5), prompt: 90 },
      { ...figures(50, 1), prompt: 49 },
    ];
    assert.deepEqual(
      observed(promised).looks.map(({ late }) => late),
      [0, 10, 11],
    );
    assert.ok(observed([figures(100)]).looks.every((look) => !("late" in look)));
    const lost = observed([{ ...figures(100), prompt: 90 }, figures(50)]);
    assert.ok("unseen" in samplesOf({ ...lost, looks: lost.looks.slice(1) }, "late", NOW));
  });

  it("is not seen where the newest time has no series, or the series ended", () => {
    const none = { requests: undefined, errors: undefined, measured: undefined, quick: undefined };
    assert.deepEqual(observed([figures(100), none]).missing, ["http_requests_total"]);
    assert.deepEqual(observedBy({ service: "api", colour: "green", counted: [], latest: NOW }).looks, []);
    const { looks: ended } = observedBy({
      ...{ service: "api", colour: "green", latest: undefined },
      counted: [{ ...figures(5), ago: { from: 300, to: 0 } }],
    });
    assert.deepEqual(ended, []);
  });

  it("begins with the first pod: an older time without series is none", () => {
    const none = { requests: undefined };
    assert.deepEqual(
      observed([none, figures(50)]).looks.map(({ at }) => at),
      [ago(300), NOW],
    );
  });

  it("has no errors where no answer of them was counted, and no known slow ones without the bucket", () => {
    const { looks } = observed([{ requests: 10, measured: 10 }]);
    assert.equal(looks.at(-1)?.errors, 0);
    assert.ok(Number.isNaN(looks.at(-1)?.slow));
  });

  it("can be judged by whatever is counted, and not at all by what is no number", () => {
    const count = fc.double({ min: -1, max: 1_000, noNaN: true });
    const each = fc.record({ requests: count, errors: count, measured: count, quick: count });
    fc.assert(
      fc.property(fc.array(each, { minLength: 1, maxLength: 4 }), (counted) => {
        for (const signal of SIGNALS) {
          const seen = samplesOf(observed(counted), signal, NOW);
          assert.ok("samples" in seen, "unseen" in seen ? seen.unseen : "");
        }
      }),
    );
    for (const figure of ["requests", "errors", "quick"] as const) {
      const signal = figure === "quick" ? "slow" : "errors";
      const seen = samplesOf(observed([{ ...figures(10), [figure]: Number.NaN }]), signal, NOW);
      assert.ok("unseen" in seen, figure);
    }
  });
});
