import assert from "node:assert/strict";
import type { Fence } from "../../../model/guard";
import { type Recorded, greenAt, otherColour } from "../../../model/release";
import { decide } from "../../../model/rollout/decide";
import type { Situation } from "../../../model/rollout/situation";
import { LIMITS, PUBLIC, SERVICES, at, promoted, release } from "../fixtures";
import {
  NOW,
  PLAN,
  analysed,
  asked,
  codes,
  decided,
  good,
  liveRule,
  rulesOf,
  standing,
  targetsOf,
} from "./situations";

const uneven = (...green: number[]): Recorded["rules"] =>
  Object.fromEntries(PUBLIC.map((service, index) => [service, greenAt(green[index] ?? 0)]));

const drifted = (...green: number[]): Situation["rules"] => ({
  value: PUBLIC.map((service, index) => liveRule(service, greenAt(green[index] ?? 0))),
});

const FENCE: Fence = { version: "2.4.0", reason: "it fails", by: "somebody", at: at(0) };

describe("a decision to lower", () => {
  it("retreats at once on urgency, with everything else against it", () => {
    const state = standing(50);
    const action = decided(state, {
      analysis: { value: analysed(state, NOW, "failure", "retreat") },
      fence: { unseen: "no credentials" },
      lock: { value: { by: "somebody else" } },
      targets: {},
      validation: { unseen: "no" },
      skewSeconds: { value: 3_600 },
      asked: asked(state.release, { plan: { ...PLAN, hold: "lunch" } }),
    });
    assert.ok(action.kind === "retreat");
    assert.deepEqual(action.edit, { live: "blue", traffic: greenAt(0) });
    assert.equal(action.fence, "2.4.0");
    assert.equal(action.moves.length, 3);
    assert.deepEqual(action.refused, []);
  });

  it("retreats from a live version to its predecessor only while that is warm", () => {
    const state = promoted();
    const failing = (seconds: number) => {
      const analysis = { value: analysed(state, at(seconds), "failure", "retreat", "green") };
      return decide(good(state, at(seconds), { analysis, asked: asked(state.release, { limits: LIMITS }) }));
    };
    const action = failing(60);
    assert.ok(action.kind === "retreat");
    assert.deepEqual(action.edit, { live: "blue", traffic: greenAt(0) });
    assert.equal(failing(LIMITS.warmSeconds).kind, "done");
  });

  it("does not move everybody for what one pod of the live colour does, and ends a candidate's way for it", () => {
    const failing = (state: Recorded, criterion: string) => {
      const found = analysed(state, at(60), "failure", "retreat", "green");
      const findings = found.judgement.findings.map((finding) => ({ ...finding, criterion }));
      const analysis = { value: { ...found, judgement: { ...found.judgement, findings } } };
      return decide(good(state, at(60), { analysis, asked: asked(state.release, { limits: LIMITS }) })).kind;
    };
    for (const criterion of ["failedChecks", "crashLoop", "readiness"]) {
      assert.deepEqual(
        [failing(promoted(), criterion), failing(standing(25), criterion)],
        ["done", "retreat"],
      );
    }
    assert.equal(failing(promoted(), "unavailable"), "retreat");
  });

  it("takes traffic from a fenced version, and gives it none", () => {
    const fence = { value: FENCE };
    assert.equal(decided(standing(10), { fence }).kind, "retreat");
    const action = decided(standing(0), { fence });
    assert.deepEqual([action.kind, codes(action)], ["hold", ["fence"]]);
    assert.equal(decided(standing(0), { fence: { value: { ...FENCE, version: "2.3.9" } } }).kind, "shift");
  });

  it("retreats only as far as the live colour carries, and makes it larger at the same time", () => {
    const state = standing(90);
    const busy = Object.fromEntries(
      Object.entries(SERVICES).map(([service, { replicas }]) => [
        service,
        {
          blue: { healthy: replicas, registered: replicas },
          green: { healthy: replicas * 9, registered: replicas * 9 },
        },
      ]),
    );
    const analysis = { value: analysed(state, NOW, "failure", "retreat") };
    const action = decided(state, { analysis, targets: busy });
    assert.ok(action.kind === "retreat", JSON.stringify(action));
    assert.equal(action.edit.live, "blue");
    const share = action.edit.traffic?.blue ?? 0;
    assert.ok(share > 10 && share <= 100, `${share} %`);
    assert.deepEqual(action.edit.capacity, { blue: 300, green: 100 }, "as large as autoscalers may make it");
  });

  it("follows whoever lowered a share at the load balancer, to the lowest rule", () => {
    const action = decided(standing(50), { rules: drifted(0, 50, 25) });
    assert.ok(action.kind === "adopt");
    assert.deepEqual(action.edit, { live: "blue", traffic: greenAt(0) });
    assert.deepEqual(
      action.moves.map(({ rule, shares }) => [rule.service, shares.green]),
      [
        ["voice-service", 0],
        ["admin-panel", 0],
      ],
    );
  });

  it("raises nothing that configuration asks less of than whoever lowered it", () => {
    const action = decided(standing(50), { rules: drifted(40, 50, 50), asked: asked(release(0)) });
    assert.ok(action.kind === "adopt");
    assert.deepEqual(action.edit.traffic, greenAt(0));
  });

  it("follows whoever went back to the predecessor", () => {
    const state = promoted();
    const action = decide(good(state, at(60), { rules: drifted(0, 0, 0) }));
    assert.ok(action.kind === "adopt");
    assert.deepEqual(action.edit, { live: "blue", traffic: greenAt(0) });
    assert.deepEqual(action.refused, []);
  });

  it("refuses what somebody raised past what was agreed", () => {
    const action = decided(standing(10), { rules: drifted(10, 60, 10) });
    assert.deepEqual([action.kind, codes(action)], ["hold", ["drift"]]);
    const strange = decided(standing(10), { rules: { value: rulesOf(standing(10)).slice(1) } });
    assert.deepEqual([strange.kind, codes(strange)], ["hold", ["drift"]]);
  });

  it("brings rules that an update raised before it was broken off back to what the state has", () => {
    const action = decided(standing(10), { rules: drifted(50, 50, 10), asked: asked(release(50)) });
    assert.ok(action.kind === "level");
    assert.deepEqual(
      action.moves.map(({ shares }) => shares.green),
      [10, 10],
    );
    assert.deepEqual(action.edit.traffic, greenAt(10));
  });

  it("levels uneven rules to the lowest, and completes a first share instead of taking it back", () => {
    const action = decided(standing(50, {}, { rules: uneven(50, 10, 25) }));
    assert.ok(action.kind === "level");
    assert.deepEqual(action.edit.traffic, greenAt(10));
    const first = standing(10, {}, { rules: uneven(10, 0, 0) });
    const completed = decided(first);
    assert.equal(completed.kind, "shift");
    assert.deepEqual("edit" in completed && completed.edit.traffic, greenAt(10));
    assert.equal(decided(first, { validation: { unseen: "no" } }).kind, "hold");
  });

  it("goes back where configuration asks for less, and to the predecessor where it names it", () => {
    const state = standing(50);
    assert.equal(decided(state, { asked: asked(release(0)) }).kind, "retreat");
    const less = decided(state, { asked: asked(release(20)) });
    assert.equal(less.kind, "shift");
    assert.deepEqual("edit" in less && less.edit.traffic, greenAt(20));
    const part = asked(release(70, { live: "green" }));
    assert.equal(decide(good(promoted(), at(60), { asked: part })).kind, "shift");
    const back = decide(good(promoted(), at(60), { asked: asked(release(0)) }));
    assert.ok(back.kind === "retreat");
    assert.deepEqual(back.edit, { live: "blue", traffic: greenAt(0) });
  });

  it("prepares capacity before a fall that nobody is in a hurry about", () => {
    const state = standing(100);
    const busy = Object.fromEntries(
      Object.entries(SERVICES).map(([service, { replicas }]) => [
        service,
        {
          blue: { healthy: replicas, registered: replicas },
          green: { healthy: 3 * replicas, registered: 3 * replicas },
        },
      ]),
    );
    const action = decided(state, { wish: 0, targets: busy });
    assert.equal(action.kind, "prepare");
    assert.ok("edit" in action && (action.edit.capacity?.blue ?? 0) >= 300);
    assert.deepEqual("edit" in action && action.edit.traffic, greenAt(100));
    const large = standing(100, { capacity: { blue: 400, green: 100 } });
    assert.deepEqual(codes(decided(large, { wish: 0, targets: busy })), ["targets", "targets", "targets"]);
    assert.equal(decided(large, { wish: 0, targets: {} }).kind, "retreat");
    const urgent = decided(state, {
      targets: targetsOf(state),
      analysis: { value: analysed(state, NOW, "failure", "retreat") },
    });
    assert.equal(urgent.kind, "retreat");
  });

  it("prepares capacity of the predecessor before somebody goes back to it, as much as settings permit", () => {
    const state = promoted();
    const { live } = state.release;
    const to = otherColour(live);
    const busy = Object.fromEntries(
      Object.entries(SERVICES).map(([service, { replicas }]) => [
        service,
        {
          [to]: { healthy: replicas, registered: replicas },
          [live]: { healthy: 9 * replicas, registered: 9 * replicas },
        },
      ]),
    );
    const action = decide(good(state, at(60), { wish: 100, targets: busy }));
    assert.ok(action.kind === "prepare", JSON.stringify(action));
    assert.deepEqual([action.edit.capacity?.[to], action.edit.live], [300, live]);
    assert.equal(decide(good(state, at(60), { wish: 100 })).kind, "shift");
  });

  it("moves traffic where a rule has lost its weights, and fences nobody for it", () => {
    const rules = {
      value: [...rulesOf(standing(10)).slice(1), liveRule("api-gateway", { blue: 0, green: 0 })],
    };
    const action = decided(standing(10), { rules });
    assert.ok(action.kind === "retreat");
    assert.deepEqual([action.fence, codes(action)[0]], [undefined, "weightless"]);
  });
});
