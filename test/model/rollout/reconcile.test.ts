import assert from "node:assert/strict";
import fc from "fast-check";
import { greenAt } from "../../../model/release";
import { NEW, PUBLIC, START, recorded, release } from "../fixtures";
import { attempts, play } from "../history";
import { type Health, Killed, World, saying, whereabouts } from "./world";

/** More ticks than any release here takes: three stops, their bakes and the last one. */
const TICKS = 60;

const begin = (strategy: "canary" | "blue-green" = "canary"): World => {
  const world = new World(recorded(release(0, { strategy, green: {} })), START);
  world.configuration = release(0, { strategy });
  return world;
};

/** Rules whose refusal only a person ends. */
const LASTING = new Set(["T7", "T12"]);

describe("a rollout by ticks", function () {
  this.timeout(60_000);

  it("leads a good candidate from its deployment to its promote, and then rests", () => {
    for (const strategy of ["canary", "blue-green"] as const) {
      const world = begin(strategy);
      assert.equal(world.run(TICKS).kind, "done");
      assert.deepEqual(world.state.release, release(100, { strategy, live: "green" }));
      const { effects } = world;
      world.run(5);
      assert.equal(world.effects, effects);
    }
  });

  it("reaches the same end however often it is killed after whatever effect", () => {
    for (const strategy of ["canary", "blue-green"] as const) {
      const whole = begin(strategy);
      whole.run(TICKS);
      assert.ok(whole.effects > 5);
      for (let killAfter = 1; killAfter <= whole.effects; killAfter += 1) {
        const world = begin(strategy);
        world.killAfter = killAfter;
        assert.throws(() => world.run(TICKS), Killed);
        assert.equal(world.run(2 * TICKS).kind, "done", `killed after ${killAfter}`);
        assert.deepEqual(whereabouts(world), whereabouts(whole), `killed after ${killAfter}`);
      }
    }
  });

  it("ends in the same retreat however often that is killed", () => {
    const failing = (killAfter: number): World => {
      const world = new World(recorded(release(50)), START, saying("failure", "retreat"));
      world.killAfter = killAfter;
      return world;
    };
    const whole = failing(Infinity);
    whole.run(3);
    assert.deepEqual(whole.live, Object.fromEntries(PUBLIC.map((service) => [service, greenAt(0)])));
    assert.equal(whole.fence?.version, NEW.version);
    assert.deepEqual(
      whole.state.takenBack?.map(({ version }) => version),
      [NEW.version],
    );
    for (let killAfter = 1; killAfter <= whole.effects; killAfter += 1) {
      const world = failing(killAfter);
      assert.throws(() => world.run(3), Killed);
      world.run(5);
      assert.deepEqual(whereabouts(world), whereabouts(whole), `killed after ${killAfter}`);
      assert.equal(world.fence?.version, NEW.version);
    }
  });

  it("reaches its end where any update reaches only some of the rules", () => {
    const subsets = [[0], [1, 2], [0, 1, 2]].map((some) => some.map((index) => PUBLIC[index] ?? ""));
    for (const failing of subsets) {
      for (let after = 0; after < 8; after += 1) {
        const world = begin();
        world.run(after);
        world.failing = failing;
        assert.equal(world.run(2 * TICKS).kind, "done", `${failing.join()} after ${after}`);
        assert.deepEqual(world.state.release, release(100, { live: "green" }));
      }
    }
  });

  it("changes nothing for as long as what it sees is inconclusive, no failure to go back for, or nothing", () => {
    const lost: Health[] = [
      saying("inconclusive"),
      saying("could-not-observe"),
      saying("failure", "hold"),
      ...(["recorded", "rules", "fence", "lock", "analysis", "validation", "skewSeconds"] as const).map(
        (key): Health =>
          () => ({ [key]: { unseen: "no answer" } }),
      ),
    ];
    for (const health of lost) {
      for (const green of [10, 50, 100]) {
        const world = new World(recorded(release(green)), START, health);
        assert.equal(world.run(100).kind, "hold");
        assert.equal(world.effects, 0);
      }
    }
    // A promote moves no traffic, so it asks for no targets.
    for (const green of [10, 50]) {
      const world = new World(recorded(release(green)), START, () => ({ targets: {} }));
      assert.equal(world.run(100).kind, "hold");
      assert.equal(world.effects, 0);
    }
  });

  it("ends in done from every reachable state in which all goes well, or in what only a person ends", () => {
    const ended = { done: 0, promoted: 0 };
    fc.assert(
      fc.property(attempts, (history) => {
        const { state, now } = play(history);
        const world = new World(state, now);
        const last = world.run(TICKS, 60);
        if (last.kind === "done") {
          ended.done += 1;
          if (world.actions.includes("promote")) ended.promoted += 1;
          return;
        }
        assert.ok(last.kind === "hold", last.kind);
        const told = JSON.stringify([last.reasons, world.actions, state.release, state.rules]);
        assert.ok(
          last.reasons.some(({ rule }) => rule !== undefined && LASTING.has(rule)),
          told,
        );
      }),
      { numRuns: 120 },
    );
    assert.ok(ended.done > 60 && ended.promoted > 5, JSON.stringify(ended));
  });

  it("ends likewise however its ticks are killed, and whatever rules its updates do not reach", () => {
    const trouble = fc.array(
      fc.record({
        ticks: fc.nat(5),
        killAfter: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
        failing: fc.subarray([...PUBLIC]),
      }),
      { maxLength: 6 },
    );
    let troubled = 0;
    fc.assert(
      fc.property(attempts, trouble, (history, times) => {
        const { state, now } = play(history);
        const undisturbed = new World(state, now).run(TICKS, 60);
        const world = new World(state, now);
        for (const { ticks, killAfter, failing } of times) {
          world.failing = failing;
          world.killAfter = world.effects + (killAfter ?? Infinity);
          try {
            world.run(ticks, 60);
          } catch (error) {
            if (!(error instanceof Killed)) throw error;
            troubled += 1;
          }
        }
        world.failing = [];
        world.killAfter = Infinity;
        const last = world.run(2 * TICKS, 60);
        assert.equal(
          last.kind,
          undisturbed.kind,
          JSON.stringify([last.reasons, world.actions, state, times]),
        );
      }),
      { numRuns: 100 },
    );
    assert.ok(troubled > 30, `only ${troubled} were killed`);
  });

  it("ends in no share for a failing candidate from every reachable state, at the first tick that may", () => {
    let retreats = 0;
    fc.assert(
      fc.property(attempts, (history) => {
        const { state, now } = play(history);
        const world = new World(state, now, saying("failure", "retreat"));
        const { candidate } = world;
        const before = Object.values(world.live).some((shares) => shares[candidate] > 0);
        const isKept = state.trusted.predecessor?.colour === candidate;
        if (!before || isKept) return;
        retreats += 1;
        world.run(2);
        for (const shares of Object.values(world.live))
          assert.equal(shares[candidate], 0, world.actions.join());
      }),
      { numRuns: 120 },
    );
    assert.ok(retreats > 20, `only ${retreats} had traffic`);
  });
});
