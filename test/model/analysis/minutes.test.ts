import assert from "node:assert/strict";
import fc from "fast-check";
import { judgeThresholds } from "../../../model/analysis/analyse";
import { type Minute, observationOf, settledMinutes, wholeMinutes } from "../../../model/analysis/minutes";
import { samplesOf } from "../../../model/analysis/samples";

const START = "2026-11-21T12:00:00.000Z";

/** ISO time so many minutes after the start. */
const after = (minutes: number): string => new Date(Date.parse(START) + 60_000 * minutes).toISOString();

/** The nth minute: 100 requests that all ended well unless said otherwise. */
function minute(number: number, changes: Partial<Minute> = {}): Minute {
  const { requests = 100 } = changes;
  return { at: after(number), requests, errors: 0, slow: 0, ended: requests, ...changes };
}

const looksOf = (minutes: readonly Minute[], from = START) =>
  observationOf("api", "green", from, minutes).looks;

const count = fc.nat({ max: 1_000 });
/** What may be measured of distinct minutes: some absent, in no order. */
const measured = fc.uniqueArray(
  fc.record({
    number: fc.integer({ min: -3, max: 60 }),
    requests: count,
    errors: count,
    slow: count,
    ended: count,
  }),
  { selector: ({ number }) => number, maxLength: 40 },
);
type Measured = (typeof measured extends fc.Arbitrary<infer T> ? T : never)[number];
const toMinutes = (list: readonly Measured[]) =>
  list.map(({ number, ...figures }) => minute(number, figures));

describe("wholeMinutes", () => {
  it("are those that lie in a time as a whole", () => {
    const span = { from: "2026-11-21T11:59:00.001Z", to: "2026-11-21T12:05:59.999Z" };
    assert.deepEqual(wholeMinutes(span), { from: START, to: after(5) });
    assert.deepEqual(wholeMinutes({ from: START, to: after(1) }), { from: START, to: after(1) });
  });

  it("are none in less than a minute, nor where a time ends before it begins", () => {
    assert.equal(
      wholeMinutes({ from: "2026-11-21T12:00:00.001Z", to: "2026-11-21T12:01:59.999Z" }),
      undefined,
    );
    assert.equal(wholeMinutes({ from: after(1), to: after(1) }), undefined);
    assert.equal(wholeMinutes({ from: after(2), to: after(1) }), undefined);
  });

  it("are refused of what is no time", () => {
    assert.throws(() => wholeMinutes({ from: "yesterday", to: START }), /"yesterday" is no time/);
  });
});

describe("settledMinutes", () => {
  it("are those that ended two minutes before the look, or longer ago", () => {
    const look = (to: string) => settledMinutes({ from: START, to });
    assert.deepEqual(look(after(5)), { from: START, to: after(3) });
    assert.deepEqual(look("2026-11-21T12:05:59.999Z"), { from: START, to: after(3) });
    assert.equal(look("2026-11-21T12:02:59.999Z"), undefined);
  });
});

describe("observationOf", () => {
  it("adds up from 0 at the first full minute, each look at the end of a minute", () => {
    const minutes = [minute(1, { errors: 2 }), minute(2, { slow: 3 })];
    assert.deepEqual(observationOf("api", "green", "2026-11-21T11:59:30.000Z", minutes), {
      service: "api",
      colour: "green",
      looks: [
        { at: START, requests: 0, errors: 0, slow: 0 },
        { at: after(1), requests: 100, errors: 2, slow: 0 },
        { at: after(2), requests: 200, errors: 2, slow: 3 },
      ],
    });
  });

  it("has totals that ascend, and can be judged by, whatever was measured", () => {
    fc.assert(
      fc.property(measured, (list) => {
        const observation = observationOf("api", "green", START, toMinutes(list));
        const { looks } = observation;
        const newest = looks.at(-1)!.at;
        if (looks.length < 2) return;
        for (const signal of ["errors", "slow"] as const) {
          const samples = samplesOf(observation, signal, newest);
          assert.ok("samples" in samples, "unseen" in samples ? samples.unseen : "");
        }
      }),
    );
  });

  it("counts every request since then once, and no other", () => {
    fc.assert(
      fc.property(measured, (list) => {
        const since = list.filter(({ number }) => number >= 1);
        const wanted = since.reduce((sum, { requests }) => sum + requests, 0);
        assert.equal(looksOf(toMinutes(list)).at(-1)?.requests, wanted);
      }),
    );
  });

  it("counts no minute twice: of two readings the later holds", () => {
    fc.assert(
      fc.property(measured, measured, (first, second) => {
        const late = new Set(second.map(({ number }) => number));
        const merged = [...first.filter(({ number }) => !late.has(number)), ...second];
        const both = [...toMinutes(first), ...toMinutes(second)];
        assert.deepEqual(looksOf(both), looksOf(toMinutes(merged)));
      }),
    );
  });

  it("does not depend on the order in which minutes are given", () => {
    fc.assert(
      fc.property(measured, (list) => {
        const minutes = toMinutes(list);
        assert.deepEqual(looksOf([...minutes].reverse()), looksOf(minutes));
      }),
    );
  });

  it("has no look at a minute that is absent, or had no request: a gap, and not zero", () => {
    const found = looksOf([minute(1), minute(3, { requests: 0, ended: 0 }), minute(5)]);
    assert.deepEqual(
      found.map(({ at }) => at),
      [START, after(1), after(5)],
    );
    const late = {
      candidate: observationOf("api", "green", START, [minute(1, { requests: 1_000 })]),
      now: after(9),
    };
    const rates = judgeThresholds(late).filter(({ criterion }) => criterion.startsWith("error"));
    assert.deepEqual([...new Set(rates.map(({ verdict }) => verdict))], ["could-not-observe"]);
  });

  it("is the same about what was, when data come late: totals from then on have them too", () => {
    const before = looksOf([minute(1), minute(2)]);
    const then = looksOf([minute(1), minute(2), minute(3)]);
    assert.deepEqual(then.slice(0, 3), before);
    const filled = looksOf([minute(1), minute(3), minute(2, { errors: 7 })]);
    assert.deepEqual(
      filled.map(({ requests, errors }) => [requests, errors]),
      [0, 1, 2, 3].map((each) => [100 * each, each < 2 ? 0 : 7]),
    );
  });

  it("counts an answer that came a minute after its request, and when requests come again", () => {
    const over = looksOf([minute(1, { requests: 5, errors: 8 }), minute(2), minute(3)]);
    assert.deepEqual(
      over.map(({ errors }) => errors),
      [0, 5, 8, 8],
    );
    const answerOnly = [
      minute(1, { ended: 90 }),
      minute(2, { requests: 0, errors: 10, slow: 10, ended: 10 }),
    ];
    const found = looksOf([...answerOnly, minute(4)]);
    assert.deepEqual(
      found.map(({ at, errors, slow }) => [at, errors, slow]),
      [
        [START, 0, 0],
        [after(1), 0, 0],
        [after(4), 10, 10],
      ],
    );
  });

  describe("counts what nobody answered as errors", () => {
    const hanging = (ended: number, length = 10) =>
      looksOf(Array.from({ length }, (_, index) => minute(index + 1, { requests: 1_000, ended })));

    it("all of them, from the second minute on", () => {
      const errors = hanging(0).map((look) => look.errors!);
      assert.deepEqual(errors.slice(0, 3), [0, 0, 916]);
      assert.ok(errors.at(-1)! >= 10_000 - 1_000 - 84, `${errors.at(-1)} of 10,000`);
    });

    it("a tenth of them, where the others are answered", () => {
      assert.deepEqual(
        hanging(900).map((look) => look.errors),
        [0, 0, 16, 116, 216, 316, 416, 516, 616, 716, 816],
      );
    });

    it("but not those under way: as many as arrive within 5 s, whether or not they grow", () => {
      fc.assert(
        fc.property(fc.array(count, { maxLength: 30 }), (requests) => {
          const open = (index: number) => Math.floor(((requests[index] ?? 0) * 5) / 60);
          const minutes = requests.map((each, index) =>
            minute(index + 1, { requests: each, ended: each + open(index - 1) - open(index) }),
          );
          assert.equal(looksOf(minutes).at(-1)?.errors, 0);
        }),
      );
    });

    it("nor a burst at the end of a minute, which is answered in the next", () => {
      const burst = [minute(1, { requests: 100, ended: 40 }), minute(2, { requests: 100, ended: 160 })];
      assert.equal(looksOf([...burst, minute(3)]).at(-1)?.errors, 0);
    });
  });

  it("cannot be judged by where a figure is no number", () => {
    const broken = observationOf("api", "green", START, [
      minute(1),
      minute(2, { errors: Number.NaN }),
      minute(3),
    ]);
    const judged = judgeThresholds({ candidate: broken, now: after(9) });
    assert.equal(judged.find(({ criterion }) => criterion === "errorRate")?.verdict, "could-not-observe");
  });

  it("refuses what is no time", () => {
    assert.throws(() => looksOf([{ ...minute(1), at: "soon" }]), /"soon" is no time/);
    assert.throws(() => looksOf([], ""), /"" is no time/);
  });
});
