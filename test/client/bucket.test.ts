import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { bucketOf, isAmong } from "../../client/bucket";

/** Ids as applications make them, so many of each. */
const COUNT = 100_000;
const FAMILIES: Readonly<Record<string, (index: number) => string>> = {
  "numbers in a row": String,
  "numbers with a prefix": (index) => `session-${index}`,
  "numbers with a long common end": (index) => `${index}-golden-eagle-golden-eagle-golden-eagle`,
  "hashes, as UUIDs are": (index) => createHash("md5").update(String(index)).digest("hex"),
};

/**
 * Pearson's statistic of 100 buckets has 99 degrees of freedom. Of even buckets it lies outside these once in a
 * million on either side (Wilson and Hilferty's approximation).
 */
const [LEAST, MOST] = [45.6, 181];

const id = fc.string({ unit: "grapheme", maxLength: 200 });
const percentage = fc.integer({ min: 0, max: 100 });

describe("buckets", () => {
  for (const [what, idOf] of Object.entries(FAMILIES)) {
    it(`are filled evenly by ${what}`, () => {
      const counts = Array.from({ length: 100 }, () => 0);
      for (let index = 0; index < COUNT; index += 1) counts[bucketOf(idOf(index))]! += 1;
      const even = COUNT / 100;
      const statistic = counts.reduce((sum, count) => sum + (count - even) ** 2 / even, 0);
      assert.ok(statistic > LEAST && statistic < MOST, `${statistic}`);
    });
  }

  it("are whole numbers from 0 to 99, whatever the id is", () => {
    fc.assert(
      fc.property(id, (name) => {
        const bucket = bucketOf(name);
        return Number.isInteger(bucket) && bucket >= 0 && bucket <= 99;
      }),
    );
  });

  it("keep a session in at every greater percentage", () => {
    fc.assert(
      fc.property(id, percentage, percentage, (name, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        return !isAmong(name, less) || isAmong(name, more);
      }),
      { numRuns: 1_000 },
    );
  });

  it("let a session in exactly once on the way from 0 to 100 %, where nobody and everybody is in", () => {
    fc.assert(
      fc.property(id, (name) => {
        const answers = Array.from({ length: 101 }, (_, share) => isAmong(name, share));
        return !answers[0] && answers[100] && answers.indexOf(true) === bucketOf(name) + 1;
      }),
    );
  });

  it("give each percentage about its share of sessions", () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => `golden-eagle-${index}`);
    for (const share of [1, 10, 50, 99]) {
      const within = ids.filter((name) => isAmong(name, share)).length / ids.length;
      // Five standard deviations of a share of 20,000.
      const most = 5 * Math.sqrt((share * (100 - share)) / 10_000 / ids.length);
      assert.ok(Math.abs(within - share / 100) < most, `${within} of ${share} %`);
    }
  });
});
