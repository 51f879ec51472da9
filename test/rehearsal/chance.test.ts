import assert from "node:assert/strict";
import fc from "fast-check";
import { SEED, SEEDS, chanceIn, chanceOf } from "../../rehearsal/chance";
import { FAILING_RISK, binomialInterval } from "../../rehearsal/traffic/interval";

const seeds = fc.integer({ min: 0, max: SEEDS - 1 });
const numbers = (chance: () => number, count = 50): number[] => Array.from({ length: count }, chance);

describe("chance by a seed", () => {
  it("is the same again, and another for another seed or name", () => {
    fc.assert(
      fc.property(seeds, seeds, fc.string(), (seed, other, name) => {
        assert.deepEqual(numbers(chanceOf(seed, name)), numbers(chanceOf(seed, name)));
        assert.notDeepEqual(numbers(chanceOf(seed, name)), numbers(chanceOf(seed, `${name}.`)));
        if (seed !== other)
          assert.notDeepEqual(numbers(chanceOf(seed, name)), numbers(chanceOf(other, name)));
      }),
    );
  });

  it("is spread evenly over all tenths, each number whatever the one before it was", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const all = numbers(chanceOf(seed), 5_000);
        assert.ok(all.every((number) => number >= 0 && number < 1));
        const tenth = (number: number) => Math.floor(10 * number);
        const { fewest, most } = binomialInterval(all.length, 10, FAILING_RISK);
        const pairs = binomialInterval(all.length - 1, 1, FAILING_RISK);
        for (let one = 0; one < 10; one += 1) {
          const found = all.filter((number) => tenth(number) === one).length;
          assert.ok(found >= fewest && found <= most, `${found} of ${all.length} in tenth ${one}`);
          const after = all.filter(
            (number, at) => at > 0 && tenth(number) === one && tenth(all[at - 1]!) === 0,
          );
          assert.ok(
            after.length >= pairs.fewest && after.length <= pairs.most,
            `${after.length} after the first`,
          );
        }
      }),
      { numRuns: 20 },
    );
  });

  it("comes from the environment, and is anybody's guess where that names no seed", () => {
    assert.deepEqual(numbers(chanceIn({ [SEED]: "7" }, "a")), numbers(chanceOf(7, "a")));
    for (const environment of [{}, { [SEED]: "" }]) assert.equal(chanceIn(environment, "a"), Math.random);
  });
});
