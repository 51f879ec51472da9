import assert from "node:assert/strict";
import { ALL, compareAll } from "../../bench/decisions/criteria";
import type { Outcome } from "../../bench/decisions/replay";
import type { Scenario } from "../../bench/decisions/scenario";
import { SCENARIOS } from "../../bench/decisions/scenarios";
import { slowRate } from "../../bench/decisions/series";
import { mean, median, proportion } from "../../bench/decisions/statistics";
import { summarise } from "../../bench/decisions/summary";
import { tableOf, verdictOf } from "../../bench/decisions/table";
import { MARGINS } from "../../model/analysis/questions";

const close = (found: number, wanted: number) => assert.ok(Math.abs(found - wanted) < 5e-4, `${found}`);

describe("an interval", () => {
  it("of a proportion is Wilson's", () => {
    const { value, low, high } = proportion(10, 100);
    close(value, 0.1);
    close(low, 0.0552);
    close(high, 0.1744);
    close(proportion(0, 1_000).high, 0.0038);
    assert.equal(proportion(0, 1_000).low, 0);
    close(proportion(1_000, 1_000).low, 0.9962);
    assert.equal(proportion(1_000, 1_000).high, 1);
  });

  it("of a mean is the normal one", () => {
    const { value, low, high } = mean([1, 2, 3, 4]);
    close(value, 2.5);
    close(low, 2.5 - (1.959964 * Math.sqrt(5 / 3)) / 2);
    close(high + low, 5);
    assert.equal(median([3, 1, 2]), 2);
    assert.ok(Number.isNaN(median([])));
  });
});

describe("a scenario", () => {
  /** Points by which the candidate is worse, on average. */
  const worse = ({ live, candidate, bursts }: Scenario) => ({
    errors:
      candidate.errors -
      live.errors +
      (bursts?.meet === "candidate"
        ? (bursts.minutes / bursts.everyMinutes) * (bursts.errors - candidate.errors)
        : 0),
    slow: 100 * (slowRate(candidate) - slowRate(live)),
  });

  it("calls its candidate what our promise calls it", () => {
    for (const scenario of SCENARIOS) {
      const { errors, slow } = worse(scenario);
      const isHarmful = errors >= MARGINS.errors.harmful - 1e-9 || slow >= MARGINS.slow.harmful;
      const isHarmless = errors <= MARGINS.errors.harmless + 1e-9 && slow <= MARGINS.slow.harmless;
      const wanted = isHarmful ? "bad" : isHarmless ? "good" : "between";
      assert.equal(scenario.candidateIs, wanted, scenario.name);
    }
  });

  it("has a name and a seed of its own, and if bad a good twin that differs in the candidate alone", () => {
    assert.equal(new Set(SCENARIOS.map(({ name }) => name)).size, SCENARIOS.length);
    assert.equal(new Set(SCENARIOS.map(({ seed }) => seed)).size, SCENARIOS.length);
    for (const scenario of SCENARIOS) {
      const twin = SCENARIOS.find(({ name }) => name === scenario.twin);
      assert.equal(twin !== undefined, scenario.candidateIs === "bad", scenario.name);
      if (!twin) continue;
      assert.equal(twin.candidateIs, "good");
      const same = ({ perMinute, minutes, live }: Scenario) => ({ perMinute, minutes, live });
      assert.deepEqual(same(twin), same(scenario), scenario.name);
    }
  });
});

describe("the criteria", () => {
  const [good, bad] = [SCENARIOS[0]!, SCENARIOS.find(({ twin }) => twin === SCENARIOS[0]!.name)!];
  const outcome = (ended: Outcome["ended"], exposed: number): Outcome => ({ ended, minute: 5, exposed });
  const many = (ours: Outcome, theirs: Outcome) => Array.from({ length: 100 }, () => [ours, theirs]);
  const [end, back] = [outcome("the end", 900), outcome("rolled back", 100)];

  const found = (onGood: Outcome[][], onBad: Outcome[][]) =>
    Object.fromEntries(
      compareAll(
        ["ours", "theirs"],
        [
          { scenario: good, ends: onGood },
          { scenario: bad, ends: onBad },
        ],
      ).map((comparison) => [comparison.scenario, comparison.found]),
    );

  it("hold where ours has no more false rollbacks and exposes fewer", () => {
    const judged = found(many(end, end), many(outcome("rolled back", 99), back));
    assert.deepEqual(judged, { [good.name]: "holds", [ALL]: "holds", [bad.name]: "holds" });
  });

  it("fail where ours exposes as many or more", () => {
    assert.equal(found(many(end, end), many(back, back))[bad.name], "fails");
    assert.equal(found(many(end, end), many(outcome("held", 101), back))[bad.name], "fails");
  });

  it("fail where ours is shown to roll back more good ones, and over all where it rolls back one more", () => {
    const some = (length: number) => [...many(end, end).slice(length), ...many(back, end).slice(0, length)];
    assert.deepEqual(
      [found(some(1), many(back, end))[good.name], found(some(1), many(back, end))[ALL]],
      ["holds", "fails"],
    );
    assert.equal(found(some(20), many(back, end))[good.name], "fails");
  });

  it("do not compare what a rule exposes that rolls back half of the good twin's canaries", () => {
    const half = [...many(end, end).slice(50), ...many(end, back).slice(50)];
    const less = [...many(end, end).slice(49), ...many(end, back).slice(51)];
    assert.equal(found(half, many(end, back))[bad.name], "not compared");
    assert.equal(found(less, many(end, back))[bad.name], "fails");
  });

  it("are told in tables of 80 columns, with what fails", () => {
    const ends = many(end, back);
    for (const scenario of SCENARIOS) {
      const table = tableOf(scenario, [
        summarise("ours", 0, scenario, ends),
        summarise("theirs", 1, scenario, ends),
      ]);
      for (const line of table.split("\n")) assert.ok(line.length <= 80, line);
    }
    const replayed = [
      { scenario: good, ends },
      { scenario: bad, ends },
    ];
    const said = verdictOf(compareAll(["ours", "theirs"], replayed));
    assert.match(said, /Not compared .*: errors \+1,\n {2}requests exposed, ours less theirs's: 800/);
    assert.match(said, /2 of 2 comparisons hold/);
  });
});
