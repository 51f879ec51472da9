import assert from "node:assert/strict";
import { type Step, plan } from "../../model/plan";
import type { Release } from "../../model/release";
import { waypoint } from "../../model/waypoint";
import { LIMITS, NEW, OLD, at, promoted, recorded, release } from "./fixtures";

const told = (steps: readonly Step[]) =>
  steps.map(({ kind, release: { traffic }, waitSeconds }) => `${kind} ${traffic.green} +${waitSeconds}`);

describe("the way to a release", () => {
  const target = release(100, { live: "green" });

  it("takes the place of what is kept once it is cold where the target says so, and else when it is over", () => {
    const blue = { version: "2.5.0" };
    const over = release(100, { live: "green", blue, supersedes: "2.3.1" });
    const steps = plan(promoted(), over, LIMITS, at(0));
    assert.deepEqual(told(steps), [`deploy 100 +${LIMITS.warmSeconds}`]);
    assert.equal(steps[0]?.release.supersedes, "2.3.1");
    const { supersedes: _, ...silent } = over;
    assert.deepEqual(told(plan(promoted(), silent, LIMITS, at(0))), [
      `deploy 100 +${LIMITS.warmSeconds + LIMITS.coldSeconds}`,
    ]);
  });

  it("gives up on every step what the target gives up, and nothing that only an earlier release gave up", () => {
    const from = recorded(release(10, { supersedes: "2.0.0" }));
    const named = (asked: Release) => plan(from, asked, LIMITS, at(0)).map((step) => step.release.supersedes);
    assert.deepEqual(named(release(50, { supersedes: "2.1.0" })), ["2.1.0", "2.1.0"]);
    assert.deepEqual(named(release(50)), [undefined, undefined]);
  });

  it("finishes a release by its own strategy before the strategy changes", () => {
    const flipped = { ...target, strategy: "blue-green" } as const;
    const steps = plan(recorded(release(75)), flipped, LIMITS, at(0));
    assert.deepEqual(told(steps), ["shift 100 +0", "promote 100 +86400", "hold 100 +0"]);
    assert.deepEqual(
      steps.map(({ release: { strategy } }) => strategy),
      ["canary", "canary", "blue-green"],
    );
  });

  it("takes a release back before the strategy changes where it is not to be finished", () => {
    const steps = plan(recorded(release(25)), release(0, { strategy: "blue-green" }), LIMITS, at(0));
    assert.deepEqual(told(steps), ["rollback 0 +0", "hold 0 +0"]);
  });

  it("sets the strategy before the first share, and goes back to what is kept before either", () => {
    const start = recorded(release(0, { strategy: "blue-green" }));
    assert.deepEqual(told(plan(start, release(10), LIMITS, at(0))), ["hold 0 +0", "shift 10 +0"]);
    const back = plan(promoted(), release(0, { strategy: "blue-green" }), LIMITS, at(60));
    assert.deepEqual(told(back), ["rollback 0 +0", "hold 0 +0"]);
  });
});

describe("the next release on the way", () => {
  const go = (before: Release, target: Release) =>
    waypoint({ from: recorded(before), target, limits: LIMITS, now: at(0) });

  it("raises capacity before all else, lowers it after all else, and names none where the target names none", () => {
    const larger = release(0, { capacity: { blue: 150 } });
    assert.deepEqual(go(release(0), { ...larger, traffic: { blue: 90, green: 10 } }), {
      ...release(0),
      capacity: { blue: 150, green: 100 },
    });
    assert.deepEqual(go(larger, release(0, { capacity: { blue: 120 } })).capacity, { blue: 120 });
    assert.ok(!("capacity" in go(larger, release(0))));
    assert.deepEqual(go(larger, release(10)), release(10, { capacity: { blue: 150 } }));
  });

  it("takes the candidate's traffic away before the live colour or the candidate is another one", () => {
    const rolling = release(0, { strategy: "rolling", green: {}, blue: NEW });
    const back = { ...release(10), traffic: release(0).traffic };
    assert.deepEqual(go(release(10), { ...rolling, green: NEW }), back);
    assert.deepEqual(go(release(10), release(10, { green: { version: "2.5.0" } })), back);
  });

  it("sets the rolling strategy in an update of its own before it replaces the live colour", () => {
    const target = release(0, { strategy: "rolling", green: {}, blue: NEW });
    const before = release(0, { green: {}, blue: OLD });
    assert.deepEqual(go(before, target), { ...before, strategy: "rolling" });
    assert.deepEqual(go({ ...before, strategy: "rolling" }, target), target);
  });

  it("takes a release back before its strategy changes where the live colour stays", () => {
    const target = release(50, { strategy: "blue-green" });
    assert.deepEqual(go(release(10), target), release(0));
    assert.deepEqual(go(release(0), target), release(0, { strategy: "blue-green" }));
  });

  it("goes to another live colour as a canary where rolling is asked for, and rolls only on the same one", () => {
    const target = release(100, { live: "green", strategy: "rolling" });
    const empty = release(0, { green: {} });
    assert.deepEqual(go(empty, target), release(0));
    assert.equal(go(empty, release(0, { strategy: "rolling" })).strategy, "rolling");
    assert.equal(go(empty, release(100, { live: "green", strategy: "blue-green" })).strategy, "blue-green");
  });
});
