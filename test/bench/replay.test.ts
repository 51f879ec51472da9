import assert from "node:assert/strict";
import { replay } from "../../bench/decisions/replay";
import { RULES } from "../../bench/decisions/rules";
import type { Rule } from "../../bench/decisions/rule";
import type { Behaviour, Scenario } from "../../bench/decisions/scenario";
import { BAKE_MINUTES, SCENARIOS } from "../../bench/decisions/scenarios";
import { BINS, type Bin, type Series, seriesOf } from "../../bench/decisions/series";
import { asking, sluice } from "../../bench/decisions/sluice";
import { defaultPlan } from "../../model/rollout/plans";

const named = (name: string): Scenario => SCENARIOS.find((scenario) => scenario.name === name)!;
const answering = (errors: number): Behaviour => ({
  errors,
  latency: { medianSeconds: 0.1, steepness: 10 },
});
const made = (live: number, candidate: number): Scenario => ({
  ...named("no effect"),
  live: answering(live),
  candidate: answering(candidate),
});

/** A rule that holds its share, and keeps what it saw. */
const holding = (share: number, seen: Bin[]): Rule => ({
  name: "holding",
  source: "",
  follow: () => ({
    share,
    look: (_, bins) => {
      seen.push(...bins);
      return { to: "share", share };
    },
  }),
});

describe("a replay", () => {
  it("ends at all traffic where all is good, and rolls back where all is bad, by every rule", () => {
    for (const rule of RULES) {
      const good = replay(rule, made(0, 0), seriesOf(made(0, 0), 0));
      assert.equal(good.ended, "the end", rule.name);
      const bad = replay(rule, made(0, 100), seriesOf(made(0, 100), 0));
      assert.equal(bad.ended, "rolled back", rule.name);
      assert.ok(bad.exposed < good.exposed, rule.name);
    }
  });

  it("takes our rule all steps of prod and their bakes, at the least", () => {
    const steps = defaultPlan("prod").steps.length;
    assert.equal(replay(sluice, made(0, 0), seriesOf(made(0, 0), 1)).minute, steps * BAKE_MINUTES);
    assert.equal(replay(sluice, made(0, 100), seriesOf(made(0, 100), 1)).minute, 1);
  });

  it("gives every rule the same requests in the same minute for the same share", () => {
    const scenario = named("bursts in both colours");
    const [one, two, more] = [[], [], []] as [Bin[], Bin[], Bin[]];
    replay(holding(10, one), scenario, seriesOf(scenario, 3));
    replay(holding(10, two), scenario, seriesOf(scenario, 3));
    replay(holding(50, more), scenario, seriesOf(scenario, 3));
    assert.deepEqual(one, two);
    assert.equal(one.length, scenario.minutes * BINS);
    const all = ({ candidate, live }: Bin) => candidate.requests + live.requests;
    assert.deepEqual(one.map(all), more.map(all));
    for (const [index, { candidate }] of one.entries()) {
      assert.ok(candidate.requests <= more[index]!.candidate.requests);
    }
  });

  it("has as many requests, errors, slow ones and bursts as the scenario says", () => {
    const scenario = { ...named("bursts of the candidate"), minutes: 2_000 };
    const seen: Bin[] = [];
    replay(holding(25, seen), scenario, seriesOf(scenario, 1));
    const rate = (figure: (bin: Bin) => number, of: (bin: Bin) => number) =>
      seen.reduce((sum, bin) => sum + figure(bin), 0) / seen.reduce((sum, bin) => sum + of(bin), 0);
    const close = (found: number, wanted: number, part: number) =>
      assert.ok(Math.abs(found / wanted - 1) < part, `${found}, not ${wanted}`);
    close(
      seen.reduce((sum, { candidate, live }) => sum + candidate.requests + live.requests, 0),
      1_200_000,
      0.01,
    );
    close(
      rate(
        ({ candidate }) => candidate.requests,
        ({ live }) => live.requests,
      ),
      1 / 3,
      0.01,
    );
    close(
      rate(
        ({ live }) => live.errors,
        ({ live }) => live.requests,
      ),
      0.001,
      0.15,
    );
    close(
      rate(
        ({ live }) => live.slow,
        ({ live }) => live.requests,
      ),
      0.00196,
      0.15,
    );
    close(
      rate(
        ({ candidate }) => candidate.errors,
        ({ candidate }) => candidate.requests,
      ),
      0.0209,
      0.05,
    );
  });

  it("counts what a candidate answers until it is rolled back, and until the scenario's end if it is not", () => {
    const scenario = { ...made(0, 0), minutes: 6 };
    const hundred = { requests: 10, errors: 0, slow: 0 };
    const series: Series = {
      arrivals: Array.from({ length: 12 }, () => 20),
      bin: () => ({ candidate: hundred, live: hundred }),
    };
    const ending = (to: "rolled back" | "the end", at: number): Rule => ({
      ...holding(50, []),
      follow: () => ({
        share: 50,
        look: (minute) => (minute === at ? { to } : { to: "share", share: 50 }),
      }),
    });
    assert.deepEqual(replay(ending("rolled back", 2), scenario, series), {
      ended: "rolled back",
      minute: 2,
      exposed: 40,
    });
    assert.deepEqual(replay(ending("the end", 2), scenario, series), {
      ended: "the end",
      minute: 2,
      exposed: 40 + 4 * 40,
    });
    assert.deepEqual(replay(holding(50, []), scenario, series), { ended: "held", minute: 6, exposed: 120 });
  });

  it("decides by our rule as if analyse were asked at every minute, in every scenario", () => {
    const always = asking({ sparing: false });
    for (const scenario of SCENARIOS) {
      const short = { ...scenario, minutes: Math.min(scenario.minutes, 100) };
      const series = seriesOf(short, 2);
      assert.deepEqual(replay(sluice, short, series), replay(always, short, series), scenario.name);
    }
  });
});
