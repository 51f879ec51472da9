import assert from "node:assert/strict";
import fc from "fast-check";
import { type Block, MOST, evidenceAgainst } from "../../../model/analysis/evidence";
import { alarmOf, questionOf } from "../../../model/analysis/questions";

/** Candidate's requests and bad ones, live's requests and bad ones. */
type Row = readonly [number, number, number, number];
const blocks = (rows: readonly Row[]): Block[] =>
  rows.map(([requests, bad, others, theirs]) => ({
    candidate: { requests, bad },
    live: { requests: others, bad: theirs },
  }));
const times = (length: number, row: Row): Row[] => Array.from({ length }, () => row);

const HARMLESS = questionOf("errors", "harmless");
const HARMFUL = questionOf("errors", "harmful");
const G = 1e9;

/*
 * Computed with mpmath at 60 digits, the bets as exact fractions: each bet is multiplied by its likelihood ratio
 * (y/q)^k ((1−y)/(1−q))^(n−k) (z/x)^j ((1−z)/(1−x))^(m−j), against a harmless candidate by 10 at most; what is
 * owned is the sum; then a thousandth of it is placed anew. Stakes were kept as they are there, not as parts of 1
 * beside a logarithm.
 */
const VECTORS: Record<string, { rows: Row[]; harmless: [number, number]; harmful: [number, number] }> = {
  "a few looks": {
    rows: [
      [30, 1, 570, 0],
      [30, 0, 570, 1],
      [40, 3, 560, 2],
      [300, 20, 300, 1],
    ],
    harmless: [3.969821643688793, 3.969821643688793],
    harmful: [-0.58977925981518646, 0],
  },
  "a good candidate": {
    rows: times(25, [30, 0, 570, 1]),
    harmless: [-0.6175412009986077, 0],
    harmful: [4.8398056081009909, 4.8398056081009909],
  },
  "no live traffic, and no candidate's": {
    rows: [
      [200, 0, 0, 0],
      [200, 1, 0, 0],
      [0, 0, 100, 5],
    ],
    harmless: [0, 0],
    harmful: [0.21106127065105416, 0.27574338462179566],
  },
  "a candidate with nearly all traffic": {
    rows: [
      [570, 2, 30, 0],
      [570, 9, 30, 0],
      [570, 7, 30, 1],
    ],
    harmless: [-0.54179664910493274, 0.1345390631074879],
    harmful: [-0.11325790364660761, 0.52172776915822536],
  },
  "a burst in both colours": {
    rows: [...times(3, [30, 0, 570, 0]), ...times(2, [30, 15, 570, 285]), ...times(4, [30, 2, 570, 1])],
    harmless: [0.74263283093886295, 0.74263283093886295],
    harmful: [-0.49417100261846529, 0.20595244046510196],
  },
  "a billion requests a look that turn bad": {
    rows: [...times(2, [G, 1e6, 19 * G, 19e6]), ...times(8, [G, 11e6, 19 * G, 19e6])],
    harmless: [9.5332118521512167, 9.5332118521512167],
    harmful: [14655289.504995502, 14655297.109398837],
  },
};

const close = (found: number, wanted: number) =>
  assert.ok(Math.abs(found - wanted) < 1e-9 * Math.max(1, Math.abs(wanted)), `${found}, not ${wanted}`);

const looks = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 400 }), fc.nat(1000), fc.nat(1000))
    .map(([n, m, k, j]): Row => [n, Math.floor((n * k ** 2) / 1e6), m, Math.floor((m * j ** 2) / 1e6)]),
  { minLength: 1, maxLength: 30 },
);

/** The same looks, with one more bad request of a side where there is room. */
function oneMore(rows: readonly Row[], place: number, side: 0 | 2): Row[] {
  return rows.map((row, index) => {
    if (index !== place % rows.length || row[side] <= row[side + 1]!) return row;
    return side === 0 ? [row[0], row[1] + 1, row[2], row[3]] : [row[0], row[1], row[2], row[3] + 1];
  });
}

describe("evidence", () => {
  for (const [name, { rows, harmless, harmful }] of Object.entries(VECTORS)) {
    it(`is what was computed independently: ${name}`, () => {
      const worse = evidenceAgainst(HARMLESS, blocks(rows));
      close(worse.now, harmless[0]);
      close(worse.most, harmless[1]);
      const well = evidenceAgainst(HARMFUL, blocks(rows));
      close(well.now, harmful[0]);
      close(well.most, harmful[1]);
    });
  }

  it("begins with nothing, and does not change by looks without the candidate's requests", () => {
    for (const question of [HARMLESS, HARMFUL]) {
      assert.deepEqual(evidenceAgainst(question, []), { now: 0, most: 0 });
      assert.deepEqual(evidenceAgainst(question, blocks(times(1_000, [0, 0, 600, 5]))), { now: 0, most: 0 });
    }
  });

  it("never speaks more for a candidate with one more bad request, nor less for one when live has one more", () => {
    fc.assert(
      fc.property(looks, fc.nat(), (rows, place) => {
        const seen = (changed: Row[], claim: "harmless" | "harmful") =>
          evidenceAgainst(questionOf("errors", claim), blocks(changed));
        const [worse, well] = [seen(rows, "harmless"), seen(rows, "harmful")];
        const mine = oneMore(rows, place, 0);
        assert.ok(seen(mine, "harmless").now >= worse.now - 1e-9);
        assert.ok(seen(mine, "harmless").most >= worse.most - 1e-9);
        assert.ok(seen(mine, "harmful").now <= well.now + 1e-9);
        const theirs = oneMore(rows, place, 2);
        assert.ok(seen(theirs, "harmless").now <= worse.now + 1e-9);
        assert.ok(seen(theirs, "harmless").most <= worse.most + 1e-9);
        assert.ok(seen(theirs, "harmful").now >= well.now - 1e-9);
      }),
      { numRuns: 300 },
    );
  });

  it("is finite for any number of requests", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.integer({ min: 0, max: 1e9 }),
            fc.integer({ min: 0, max: 1e9 }),
            fc.nat(100),
            fc.nat(100),
          ),
          { maxLength: 20 },
        ),
        (drawn) => {
          const rows = drawn.map(([n, m, k, j]): Row => [n, (n * k) / 100, m, (m * j) / 100]);
          for (const question of [HARMLESS, HARMFUL]) {
            const { now, most } = evidenceAgainst(question, blocks(rows));
            assert.ok(Number.isFinite(now) && Number.isFinite(most) && most >= Math.max(0, now) - 1e-12);
          }
        },
      ),
    );
  });

  it("does not make an alarm of one look or two, however bad they are", () => {
    const bad: Row = [100_000, 100_000, 1_900_000, 0];
    const alarm = Math.log(1 / alarmOf(2));
    assert.ok(evidenceAgainst(HARMLESS, blocks([bad])).most <= Math.log(MOST));
    assert.ok(evidenceAgainst(HARMLESS, blocks(times(2, bad))).most < alarm);
    assert.ok(evidenceAgainst(HARMLESS, blocks(times(4, bad))).most > alarm);
  });

  it("finds a candidate that turns bad after a good day", () => {
    const rows = [
      ...times(1_440, [30, 0, 570, 1]),
      ...times(60, [30, 1, 570, 1]),
      ...times(60, [30, 2, 570, 1]),
    ];
    assert.ok(evidenceAgainst(HARMLESS, blocks(rows)).most > Math.log(1 / alarmOf(6)));
  });

  it("is not misled by a share that rises while both colours get better", () => {
    // In all, 0.34 % of the candidate's requests fail and 0.98 % of live's, though they never differ; and back.
    const early: Row = [50, 1, 950, 19];
    const late: Row = [500, 1, 500, 1];
    for (const rows of [
      [...times(100, early), ...times(100, late)],
      [...times(100, [500, 1, 500, 1] as Row), ...times(100, [950, 19, 50, 1] as Row)],
    ]) {
      assert.ok(evidenceAgainst(HARMLESS, blocks(rows)).most < 1);
    }
  });
});
