import assert from "node:assert/strict";
import fc from "fast-check";
import { DAYS, frozen } from "../../model/freeze";
import { sameManifest, sameRelease } from "../../model/manifest";
import { NoPlanError, type Step, plan } from "../../model/plan";
import type { Limits } from "../../model/limits";
import {
  COLOURS,
  type Manifest,
  type Recorded,
  type Release,
  STRATEGIES,
  allTo,
  greenAt,
  otherColour,
} from "../../model/release";
import { mostOf } from "../../model/shares";
import { isRetreat, isRise } from "../../model/transition";
import { LIMITS, OLD, apply, at, promoted, recorded, release, transition } from "./fixtures";
import { SMALL, attempts, play } from "./history";

const told = (steps: readonly Step[]) =>
  steps.map(({ kind, release: { traffic }, waitSeconds }) => `${kind} ${traffic.green} +${waitSeconds}`);

/** Follows a plan to its end; fails where a rule refuses one of its steps. */
function follow(state: Recorded, steps: readonly Step[], limits: Limits, start: string): Recorded {
  let now = start;
  return steps.reduce((from, step) => {
    now = new Date(Date.parse(now) + step.waitSeconds * 1000).toISOString();
    return apply(transition(from, step.release, { limits, now }));
  }, state);
}

/** The end of the predecessor's retention. */
const COLD = LIMITS.warmSeconds + LIMITS.coldSeconds;

describe("a plan", function () {
  // Laws are tried on many cases, and other work may share the machine.
  this.timeout(60_000);

  const target = release(100, { live: "green" });

  it("deploys without traffic, rises by the canary's steps, bakes and promotes", () => {
    const start = recorded(release(0, { green: {} }));
    assert.deepEqual(told(plan(start, target, LIMITS, at(0))), [
      "deploy 0 +0",
      "shift 10 +0",
      "shift 25 +0",
      "shift 50 +0",
      "shift 75 +0",
      "shift 100 +0",
      "promote 100 +86400",
    ]);
  });

  it("goes on from where the release is", () => {
    assert.deepEqual(told(plan(recorded(release(50)), target, LIMITS, at(0))), [
      "shift 75 +0",
      "shift 100 +0",
      "promote 100 +86400",
    ]);
    const full = recorded(release(100));
    assert.deepEqual(told(plan(full, target, LIMITS, at(86_000))), ["promote 100 +400"]);
  });

  it("is empty at its target", () => {
    assert.deepEqual(plan(recorded(release(50)), release(50), LIMITS, at(0)), []);
  });

  it("puts stops between steps that are further apart than a rise may be", () => {
    const limits = { ...LIMITS, steps: [10, 100] };
    const shares = told(plan(recorded(release(0)), release(100), limits, at(0)));
    assert.deepEqual(shares, ["shift 10 +0", "shift 35 +0", "shift 60 +0", "shift 85 +0", "shift 100 +0"]);
  });

  it("starts from the lowest of uneven rules", () => {
    const uneven = recorded(release(50), {
      rules: { "api-gateway": greenAt(50), "voice-service": greenAt(25), "admin-panel": greenAt(25) },
    });
    assert.deepEqual(told(plan(uneven, release(75), LIMITS, at(0))), ["shift 50 +0", "shift 75 +0"]);
  });

  it("flips once under blue-green, after the bake", () => {
    const start = recorded(release(0, { strategy: "blue-green", green: {} }));
    const flipped = { ...target, strategy: "blue-green" } as const;
    assert.deepEqual(told(plan(start, flipped, LIMITS, at(0))), ["deploy 0 +0", "flip 100 +86400"]);
  });

  it("changes the version in place, once, under rolling", () => {
    const start = recorded(release(0, { strategy: "rolling", green: {} }));
    const rolled = release(0, { strategy: "rolling", green: {}, blue: { version: "2.4.0" } });
    assert.deepEqual(told(plan(start, rolled, LIMITS, at(0))), ["deploy 0 +0"]);
  });

  it("takes traffic away and waits before it changes a candidate", () => {
    const other = release(10, { green: { version: "2.4.1" } });
    assert.deepEqual(told(plan(recorded(release(50)), other, LIMITS, at(0))), [
      "rollback 0 +0",
      "deploy 0 +180",
      "shift 10 +0",
    ]);
  });

  it("goes back to a kept predecessor at once, warm or cold, and in steps once retention is over", () => {
    const start = promoted();
    for (const seconds of [60, 86_401, COLD - 1]) {
      assert.deepEqual(told(plan(start, release(0), LIMITS, at(seconds))), ["rollback 0 +0"]);
    }
    const steps = told(plan(start, release(0), LIMITS, at(COLD)));
    assert.deepEqual(steps.slice(0, 2), ["shift 90 +0", "shift 75 +0"]);
  });

  it("releases anew what a flip would find without pods", () => {
    const { release: before, ...rest } = promoted();
    const start = { ...rest, release: { ...before, strategy: "blue-green" as const } };
    const steps = plan(start, release(0, { strategy: "blue-green" }), LIMITS, at(COLD));
    assert.deepEqual(told(steps), ["deploy 100 +0", "deploy 100 +0", "flip 0 +86400"]);
    assert.ok(sameManifest(steps[1]!.release.blue, OLD));
    follow(start, steps, LIMITS, at(COLD));
  });

  it("takes its first step by the stricter of recorded and new limits", () => {
    const limits = { ...LIMITS, step: 100, bakeSeconds: 0, steps: [100] };
    const start = recorded(release(0), { limits: LIMITS });
    const steps = plan(start, target, limits, at(0));
    assert.deepEqual(told(steps), ["shift 25 +0", "shift 100 +0", "promote 100 +0"]);
    follow(start, steps, limits, at(0));
    const full = plan(recorded(release(100), { limits: LIMITS }), target, limits, at(0));
    assert.deepEqual(told(full), ["promote 100 +86400"]);
  });

  it("raises a capacity before anything else, and lowers it after everything else", () => {
    const large = { capacity: { green: 150 } };
    const steps = plan(recorded(release(0)), release(100, large), LIMITS, at(0));
    const [first] = steps;
    assert.deepEqual([first?.release.traffic.green, first?.release.capacity?.green], [0, 150]);
    const back = plan(recorded(release(10, large)), release(0), LIMITS, at(0));
    assert.deepEqual(back.at(-1)?.release, release(0));
    assert.equal(back[0]?.release.capacity?.green, 150);
  });

  it("waits for the end of the way back where a migration takes from it what it needs", () => {
    const contract = { revision: "r5", phase: "contract", serves: "2.4.0" } as const;
    const blue = { version: "2.5.0", migration: contract };
    const [step] = plan(promoted(), release(100, { live: "green", blue }), LIMITS, at(0));
    assert.equal(step?.waitSeconds, LIMITS.warmSeconds + LIMITS.coldSeconds);
  });

  it("says why where the target changes what the live colour runs", () => {
    const other = release(0, { blue: { version: "9.0.0" } });
    assert.throws(
      () => plan(recorded(release(0)), other, LIMITS, at(0)),
      (error: unknown) => error instanceof NoPlanError && error.violations.some(({ id }) => id === "T4"),
    );
  });

  it("waits for the end of a freeze, and falls in the midst of one", () => {
    const freezes = [{ reason: "quarter's end", from: at(-60), until: at(3_600) }];
    const limits = { ...LIMITS, freezes };
    const start = recorded(release(50));
    assert.deepEqual(told(plan(start, release(100), limits, at(0))), ["shift 75 +3600", "shift 100 +0"]);
    assert.deepEqual(told(plan(start, release(0), limits, at(0))), ["rollback 0 +0"]);
  });

  it("waits for the end of a freeze that has begun when the bake is over", () => {
    const baked = LIMITS.bakeSeconds;
    const freezes = [
      { reason: "one", from: at(baked - 60), until: at(baked + 60) },
      { reason: "two", from: at(baked + 60), until: at(baked + 120) },
    ];
    const steps = plan(recorded(release(100)), target, { ...LIMITS, freezes }, at(0));
    assert.deepEqual(told(steps), [`promote 100 +${baked + 120}`]);
  });

  it("says why where a freeze has no end", () => {
    const limits = {
      ...LIMITS,
      freezes: [{ reason: "sold", days: DAYS, from: "00:00", until: "24:00" }],
    };
    assert.throws(
      () => plan(recorded(release(0)), release(10), limits, at(0)),
      (error: unknown) => error instanceof NoPlanError && /"sold".*has no end/.test(error.message),
    );
  });

  const manifest = fc.constantFrom<Manifest>(
    {},
    { version: "1.0.0" },
    { version: "2.0.0" },
    { version: "3.0.0" },
  );
  const targets: fc.Arbitrary<Release> = fc
    .record({
      strategy: fc.constantFrom(...STRATEGIES),
      live: fc.constantFrom(...COLOURS),
      traffic: fc.oneof(fc.constantFrom(0, 100), fc.nat(100)).map(greenAt),
      blue: manifest,
      green: manifest,
    })
    .filter((asked) => asked[asked.live].version !== undefined)
    .filter((asked) => COLOURS.every((colour) => asked.traffic[colour] === 0 || asked[colour].version))
    .filter(({ strategy, traffic }) => strategy !== "rolling" || traffic.blue % 100 === 0);

  /** The versions that may not have users again without somebody's leave, were they to lose those they have. */
  const spent = (state: Recorded, { live }: Release): (string | undefined)[] => {
    const users = COLOURS.filter((colour) => mostOf(state, colour) > 0);
    const others = users.filter((colour) => colour !== live || state.release.live !== live);
    return [
      ...others.map((colour) => state.release[colour].version),
      ...(state.takenBack ?? []).map(({ version }) => version),
    ];
  };

  /**
   * The plan; undefined where a contract has taken from the schema what the target needs, which no step mends, or
   * where the target gives users to a version that was or has to be taken back.
   */
  const planIfAny = (state: Recorded, asked: Release, now: string): Step[] | undefined => {
    try {
      return plan(state, asked, SMALL, now);
    } catch (error) {
      assert.ok(error instanceof NoPlanError, String(error));
      const only = (id: string) => error.violations.every((violation) => violation.id === id);
      const contracted = state.schema?.phase === "contract" && only("T7");
      const retried =
        COLOURS.some((colour) => spent(state, asked).includes(asked[colour].version)) && only("T12");
      assert.ok(contracted || retried, error.message);
      return undefined;
    }
  };

  it("always ends at its target, each step permitted, from every reachable state", () => {
    let planned = 0;
    fc.assert(
      fc.property(attempts, targets, fc.boolean(), (history, drawn, keep) => {
        const { state, now } = play(history);
        const { live } = state.release;
        // Half of the targets keep what the live colour runs; of the others only rolling leads to those.
        const asked = keep && drawn.live === live ? { ...drawn, [live]: state.release[live] } : drawn;
        const reachable =
          asked.live !== live ||
          asked.strategy === "rolling" ||
          sameManifest(asked[live], state.release[live]);
        if (!reachable) {
          assert.throws(() => plan(state, asked, SMALL, now), NoPlanError);
          return;
        }
        const steps = planIfAny(state, asked, now);
        if (!steps) return;
        planned++;
        const end = follow(state, steps, SMALL, now);
        assert.ok(sameRelease(end.release, asked));
        for (const shares of Object.values(end.rules)) assert.deepEqual(shares, asked.traffic);
      }),
      { numRuns: 300 },
    );
    assert.ok(planned > 100, `only ${planned} targets had a plan`);
  });

  it("raises, deploys and promotes nothing inside a freeze, and gets there all the same", () => {
    let waited = 0;
    const freezes = [
      { reason: "morning", days: DAYS, from: "10:00", until: "10:05" },
      { reason: "noon", from: at(400), until: at(700) },
    ];
    const limits = { ...SMALL, freezes };
    fc.assert(
      fc.property(attempts, (history) => {
        const { state, now } = play(history);
        const asked = { ...state.release, traffic: allTo(otherColour(state.release.live)) };
        const goal = { ...asked, live: otherColour(asked.live) };
        if (goal[goal.live].version === undefined) return;
        let steps: Step[];
        try {
          steps = plan(state, goal, limits, now);
        } catch (error) {
          assert.ok(
            error instanceof NoPlanError && !error.violations.some(({ id }) => id === "T10"),
            String(error),
          );
          return;
        }
        let [clock, from] = [Date.parse(now), state];
        for (const { release: to, waitSeconds } of steps) {
          clock += waitSeconds * 1000;
          const asked = transition(from, to, { limits, now: new Date(clock).toISOString() });
          const free = frozen(freezes, asked.now) === undefined;
          // Configuration may be told what the rules have already.
          const told = sameRelease(from.release, { ...to, traffic: from.release.traffic }) && !isRise(asked);
          assert.ok(free || isRetreat(asked) || told, asked.now);
          if (frozen(freezes, now) && waitSeconds > 0) waited++;
          from = apply(asked);
        }
        assert.ok(sameRelease(from.release, goal));
      }),
      { numRuns: 200 },
    );
    assert.ok(waited > 10, `only ${waited} steps waited`);
  });
});
