import assert from "node:assert/strict";
import { chance } from "../../../bench/decisions/chance";
import { evidenceAgainst } from "../../../model/analysis/evidence";
import { FALSE_PASS, MARGINS, alarmOf, questionOf } from "../../../model/analysis/questions";
import { canary } from "./canaries";

const DAY = 1_440;
const HARMLESS = questionOf("errors", "harmless");
const HARMFUL = questionOf("errors", "harmful");
const { harmless, harmful } = MARGINS.errors;

/** Part of so many canaries, one look a minute, whose evidence against a claim ever reaches 1/α. */
function ever(
  claim: typeof HARMLESS,
  alpha: number,
  draw: ReturnType<typeof canary>,
  runs: number,
  seed: number,
) {
  const random = chance(seed);
  let reached = 0;
  for (let run = 0; run < runs; run += 1) {
    if (evidenceAgainst(claim, draw(random)).most >= Math.log(1 / alpha)) reached += 1;
  }
  return reached / runs;
}

/**
 * Seeds are fixed, so these neither flicker nor were they chosen: the first that was tried is kept. Each minute has
 * 600 requests.
 */
describe("what the comparison promises", function () {
  this.timeout(60_000);

  it("of 2,000 candidates as good as live, looked at every minute of a day, 1 % fail at most, were 1 % allowed", () => {
    const equal = canary({ requests: 30, rate: 0.01 }, { requests: 570, rate: 0.01 }, DAY);
    assert.ok(ever(HARMLESS, 0.01, equal, 2_000, 1) <= 0.01);
  });

  it("nor do more of those that are worse by all that is harmless: at 5, 50 and 95 % of the traffic", () => {
    for (const requests of [30, 300, 570]) {
      const worse = { requests, rate: 0.001 + harmless / 100 };
      const live = { requests: 600 - requests, rate: 0.001 };
      assert.ok(ever(HARMLESS, 0.05, canary(worse, live, DAY), 300, requests) <= 0.05);
    }
  });

  it("a live colour that is itself bad makes no difference to that", () => {
    const bad = canary({ requests: 30, rate: 0.2 }, { requests: 570, rate: 0.2 }, DAY / 2);
    assert.ok(ever(HARMLESS, 0.05, bad, 300, 2) <= 0.05);
  });

  it("nor do bursts that meet both colours", () => {
    const [calm, burst] = [0.001, 0.3].map(
      (rate) => (minutes: number) => canary({ requests: 30, rate }, { requests: 570, rate }, minutes),
    );
    const parts = [calm!(100), burst!(3), calm!(100), burst!(20), calm!(100)];
    const draw = (random: () => number) => parts.flatMap((part) => part(random));
    assert.ok(ever(HARMLESS, 0.05, draw, 500, 3) <= 0.05);
  });

  it("of 500 candidates worse by what is harmful, 5 % at most ever seem not to be", () => {
    const harmed = canary({ requests: 30, rate: 0.001 + harmful / 100 }, { requests: 570, rate: 0.001 }, DAY);
    assert.ok(ever(HARMFUL, FALSE_PASS, harmed, 500, 4) <= FALSE_PASS);
  });

  it("one point of errors more is found with 2,500 requests of the candidate nearly always, and 1,200 mostly", () => {
    const worse = (requests: number) =>
      canary({ requests: 30, rate: 0.011 }, { requests: 570, rate: 0.001 }, requests / 30);
    assert.ok(ever(HARMLESS, alarmOf(2), worse(2_500), 500, 5) > 0.95);
    assert.ok(ever(HARMLESS, alarmOf(2), worse(1_200), 500, 6) > 0.5);
  });

  it("a good candidate passes with 1,200 requests nearly always", () => {
    const good = canary({ requests: 30, rate: 0.001 }, { requests: 570, rate: 0.001 }, 40);
    assert.ok(ever(HARMFUL, FALSE_PASS, good, 500, 7) > 0.9);
  });
});
