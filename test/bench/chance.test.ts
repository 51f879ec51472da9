import assert from "node:assert/strict";
import { binomial, chance, poisson, seedOf } from "../../bench/decisions/chance";

/** How often each number comes, of evenly spread draws: within two draws of its probability. */
function counts(draw: (drawn: number) => number, draws: number): Map<number, number> {
  const found = new Map<number, number>();
  for (let index = 0; index < draws; index += 1) {
    const number = draw((index + 0.5) / draws);
    found.set(number, (found.get(number) ?? 0) + 1);
  }
  return found;
}

const logFactorial = (number: number): number =>
  Array.from({ length: number }, (_, index) => Math.log(index + 1)).reduce((sum, each) => sum + each, 0);

function matches(draw: (drawn: number) => number, probability: (met: number) => number, most: number) {
  const draws = 20_000;
  const found = counts(draw, draws);
  for (let met = 0; met <= most; met += 1) {
    const wanted = draws * probability(met);
    assert.ok(Math.abs((found.get(met) ?? 0) - wanted) <= 2, `${met}: ${found.get(met)}, not ${wanted}`);
  }
  assert.equal(
    [...found.values()].reduce((sum, each) => sum + each, 0),
    draws,
  );
}

describe("the generator", () => {
  it("draws as the binomial distribution says, at low and at high rates", () => {
    for (const [requests, rate] of [
      [30, 0.001],
      [60, 0.05],
      [300, 0.1],
      [300, 0.75],
      [7, 0.5],
    ] as const) {
      const choose = (met: number) =>
        logFactorial(requests) - logFactorial(met) - logFactorial(requests - met);
      const probability = (met: number) =>
        Math.exp(choose(met) + met * Math.log(rate) + (requests - met) * Math.log1p(-rate));
      matches((drawn) => binomial(requests, rate, drawn), probability, requests);
    }
  });

  it("draws as Poisson's distribution says", () => {
    for (const mean of [0.3, 3, 300]) {
      const probability = (met: number) => Math.exp(met * Math.log(mean) - mean - logFactorial(met));
      matches((drawn) => poisson(mean, drawn), probability, 2 * mean + 10);
    }
  });

  it("gives no fewer where there are more requests, or a higher rate, by the same draw", () => {
    const random = chance(1);
    for (let run = 0; run < 2_000; run += 1) {
      const [drawn, requests, rate] = [random(), Math.floor(300 * random()), 0.9 * random()];
      const met = binomial(requests, rate, drawn);
      assert.ok(met >= 0 && met <= requests);
      assert.ok(binomial(requests + 1, rate, drawn) >= met);
      assert.ok(binomial(requests, rate + 0.05, drawn) >= met);
    }
  });

  it("knows what is certain, and refuses what it could not draw", () => {
    assert.equal(binomial(100, 0, 0.99), 0);
    assert.equal(binomial(100, 1, 0.01), 100);
    assert.equal(binomial(0, 0.5, 0.99), 0);
    assert.ok(binomial(100, 0.7, 1 - 2 ** -32) <= 100);
    assert.throws(() => binomial(5_000, 0.5, 0.5), RangeError);
    assert.throws(() => poisson(1_000, 0.5), RangeError);
  });

  it("gives the same numbers for a seed, evenly, and others for its neighbour", () => {
    const [one, again, other] = [chance(seedOf(601, 0)), chance(seedOf(601, 0)), chance(seedOf(601, 1))];
    const draw = (random: () => number) => Array.from({ length: 10_000 }, random);
    const [first, second, third] = [draw(one), draw(again), draw(other)];
    assert.deepEqual(first, second);
    const pairs = first.reduce((sum, value, index) => sum + (value - 0.5) * (third[index]! - 0.5), 0);
    assert.ok(Math.abs((12 * pairs) / 10_000) < 0.04, "no correlation");
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const found = first.filter((value) => Math.floor(10 * value) === tenth).length;
      assert.ok(Math.abs(found - 1_000) < 120);
    }
    const seeds = [601, 602, 618].flatMap((seed) =>
      Array.from({ length: 1_000 }, (_, index) => seedOf(seed, index)),
    );
    assert.equal(new Set(seeds).size, 3_000);
  });
});
