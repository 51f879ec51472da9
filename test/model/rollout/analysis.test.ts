import assert from "node:assert/strict";
import { analyse } from "../../../model/analysis/analyse";
import type { Look, Observation } from "../../../model/analysis/observation";
import { THRESHOLDS } from "../../../model/analysis/thresholds";
import { type Colour, greenAt } from "../../../model/release";
import { decide } from "../../../model/rollout/decide";
import type { Analysed } from "../../../model/rollout/situation";
import { START, at, recorded, release } from "../fixtures";
import { good } from "./situations";

/** Requests a minute, of the live colour and of the candidate. */
const TRAFFIC = { blue: 900, green: 100 };

/** Of a minute's requests those that fail, in percent. */
type Failing = (minute: number) => number;

/** A colour that has had a share from the beginning on. */
function seen(colour: Colour, minutes: number, failing: Failing): Observation {
  const looks: Look[] = [{ at: START, requests: 0, errors: 0, slow: 0 }];
  for (let minute = 1; minute <= minutes; minute += 1) {
    const { requests, errors = 0 } = looks[minute - 1]!;
    const bad = (failing(minute) * TRAFFIC[colour]) / 100;
    looks.push({ at: at(60 * minute), requests: requests + TRAFFIC[colour], errors: errors + bad, slow: 0 });
  }
  const condition = { failedChecks: 0, restarts: 0, unreadySeconds: 0, unavailableSeconds: 0 };
  return { service: "api-gateway", colour, looks, condition: { at: at(60 * minutes), ...condition } };
}

const state = recorded(release(10));

/** What is decided at each minute from the real analysis. */
function decidedAt(minute: number, failing: Failing, besides: Failing = () => 0) {
  const now = at(60 * minute);
  const judgement = analyse({
    services: [{ candidate: seen("green", minute, failing), live: seen("blue", minute, besides) }],
    since: START,
    now,
  });
  const analysis: Analysed = { colour: "green", version: "2.4.0", since: START, at: now, judgement };
  return decide(good(state, now, { analysis: { value: analysis } }));
}

describe("a decision by what the load balancer measured", () => {
  it("retreats within the window of the limit once a candidate fails for good", () => {
    const turns = 30;
    for (const bad of [100, 50, 10]) {
      const failing = (minute: number) => (minute > turns ? bad : 0);
      let minute = turns;
      while (decidedAt(minute, failing).kind !== "retreat") minute += 1;
      const seconds = 60 * (minute - turns);
      assert.ok(seconds <= THRESHOLDS.errorRate.windowSeconds, `${bad} % after ${seconds} s`);
    }
  });

  it("holds between the gate and the retreat, and while there is too little to say", () => {
    // Live is no better, so that only the absolute limit speaks.
    const gated = decidedAt(
      60,
      () => 3,
      () => 3,
    );
    assert.equal(gated.kind, "hold");
    assert.equal(gated.reasons[0]?.code, "failing");
    const early = decidedAt(2, () => 0);
    assert.equal(early.kind, "hold");
    assert.equal(early.reasons[0]?.code, "inconclusive");
  });

  it("raises the share of a candidate that is shown to do no harm", () => {
    const action = decidedAt(60, () => 0);
    assert.ok(action.kind === "shift", JSON.stringify(action.reasons));
    assert.deepEqual(action.edit.traffic, greenAt(40));
  });
});
