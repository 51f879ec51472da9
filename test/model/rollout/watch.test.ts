import assert from "node:assert/strict";
import fc from "fast-check";
import { isWarm, isWayBack, knownOf } from "../../../model/known";
import { COLOURS, type Recorded, greenAt, otherColour } from "../../../model/release";
import { decide } from "../../../model/rollout/decide";
import type { Situation } from "../../../model/rollout/situation";
import { sceneOf, trusts } from "../../../model/rollout/situation";
import { watchedIn } from "../../../model/rollout/urgency";
import { watch, watchedColour } from "../../../model/rollout/watch";
import { areShares } from "../../../model/shares";
import { retentionPhase } from "../../../model/trust";
import { at, promoted } from "../fixtures";
import { attempts, play } from "../history";
import { flaws, situationOf } from "./flaws";
import { NOW, analysed, good, liveRule, rulesOf, standing } from "./situations";

describe("laws of a watcher, who has no engine and no configuration", function () {
  this.timeout(60_000);

  /** Calls back with many situations, half of them with something urgent. */
  const everywhere = (runs: number, check: (situation: Situation, state: Recorded) => void) =>
    fc.assert(
      fc.property(
        attempts,
        fc.array(fc.tuple(flaws, fc.boolean()), { minLength: 8, maxLength: 8 }),
        (history, drawn) => {
          const { state, now } = play(history);
          for (const [one, isUrgent] of drawn) {
            const analysis = { ...one.analysis, verdict: "failure" as const, urgency: "retreat" as const };
            check(situationOf(state, now, isUrgent ? { ...one, analysis } : one), state);
          }
        },
      ),
      { numRuns: runs },
    );

  it("lowers only where decide retreats: by the same moves to the same colour, with the same fence", () => {
    const seen = { lower: 0, held: 0, quiet: 0 };
    everywhere(200, (situation, state) => {
      const watched = watch(watchedIn(sceneOf(situation, state)));
      const action = decide(situation);
      seen[watched.kind] += 1;
      if (watched.kind === "lower") {
        assert.equal(action.kind, "retreat", JSON.stringify(action));
        assert.deepEqual([watched.moves, watched.fence], [action.moves, action.fence]);
        assert.equal(action.edit.traffic?.[watched.to], watched.share);
      } else if (watched.kind === "quiet") {
        assert.ok(action.kind !== "retreat" || action.moves.length === 0, JSON.stringify(action));
      } else {
        assert.ok(action.kind === "hold" || action.kind === "prepare", JSON.stringify(action));
      }
    });
    assert.ok(Math.min(...Object.values(seen)) > 20, JSON.stringify(seen));
  });

  it("gives every rule legal shares, and no version a greater one that is not trusted", () => {
    let moved = 0;
    everywhere(120, (situation, state) => {
      const scene = sceneOf(situation, state);
      const watched = watch(watchedIn(scene));
      if (watched.kind !== "lower") return;
      for (const { rule, shares } of watched.moves) {
        assert.ok(areShares(shares), JSON.stringify(shares));
        for (const colour of COLOURS) {
          if (shares[colour] > rule.shares[colour]) assert.ok(trusts(scene, colour), colour);
        }
        moved += 1;
      }
    });
    assert.ok(moved > 50, `${moved} moved`);
  });

  it("has nothing left to do once it was done, nor after a part of it that is then completed", () => {
    everywhere(80, (situation, state) => {
      const before = watchedIn(sceneOf(situation, state));
      const first = watch(before);
      if (first.kind !== "lower" || !("value" in before.rules)) return;
      const after = (count: number) => {
        const done = new Map(first.moves.slice(0, count).map(({ rule, shares }) => [rule.service, shares]));
        const { rules, fence } = before;
        const moved = ("value" in rules ? rules.value : []).map((rule) => {
          const shares = done.get(rule.service);
          return shares ? { ...rule, shares, sticky: false } : rule;
        });
        const put = first.fence && { version: first.fence, reason: "r", by: "b", at: situation.now };
        return watch({ ...before, rules: { value: moved }, fence: put ? { value: put } : fence });
      };
      const half = after(Math.floor(first.moves.length / 2));
      if (half.kind === "lower") assert.equal(half.to, first.to);
      const whole = after(first.moves.length);
      assert.notEqual(whole.kind, "lower", JSON.stringify([first, whole]));
    });
  });

  it("knows by what is published whom the state trusts, and for how long its predecessor is warm", () => {
    fc.assert(
      fc.property(attempts, fc.constantFrom(0, 5, 500, 100_000, 1e7), (history, waited) => {
        const { state, now: end } = play(history);
        const now = new Date(Date.parse(end) + 1_000 * waited).toISOString();
        const scene = sceneOf(good(state, now), state);
        const known = knownOf(state);
        for (const colour of COLOURS)
          assert.equal(isWayBack(known, colour, now), trusts(scene, colour), colour);
        assert.equal(isWarm(known, now), retentionPhase(state, now) === "warm");
      }),
      { numRuns: 200 },
    );
  });
});

describe("a watcher", () => {
  const watching = (state: Recorded, changes: Partial<Situation> = {}) =>
    watch(watchedIn(sceneOf(good(state, NOW, changes), state)));

  it("is quiet where all is well, where nothing was measured, and where a version only fails to be good", () => {
    const state = standing(25);
    assert.equal(watching(state).kind, "quiet");
    assert.equal(watching(state, { analysis: { unseen: "no answer" } }).kind, "quiet");
    for (const verdict of ["inconclusive", "could-not-observe"] as const) {
      assert.equal(watching(state, { analysis: { value: analysed(state, NOW, verdict) } }).kind, "quiet");
    }
    const held = { value: analysed(state, NOW, "failure", "hold") };
    assert.equal(watching(state, { analysis: held }).kind, "quiet");
  });

  it("holds, and says so, where what is urgent has nowhere to go", () => {
    const state = standing(25);
    const failing = { analysis: { value: analysed(state, NOW, "failure", "retreat") } };
    const none = Object.fromEntries(
      Object.keys(state.rules).map((service) => [service, { blue: { healthy: 0, registered: 3 } }]),
    );
    const found = watching(state, { ...failing, targets: none });
    assert.equal(found.kind, "held");
    assert.deepEqual([found.reasons[0]?.code, found.reasons[1]?.code], ["failing", "targets"]);
    const blind = watching(state, { ...failing, rules: { unseen: "no answer" } });
    assert.deepEqual([blind.kind, blind.reasons.at(-1)?.code], ["held", "unobserved"]);
  });

  it("gives a rule its weights back, and fences nobody for it", () => {
    const state = standing(25);
    const [first, ...others] = rulesOf(state);
    const rules = { value: [liveRule(first!.service, { blue: 0, green: 0 }), ...others] };
    const found = watching(state, { rules });
    assert.ok(found.kind === "lower" && !("fence" in found) && found.to === "blue");
  });

  it("looks at the candidate where it has a share, and at the live colour while its predecessor is warm", () => {
    const state = standing(25);
    assert.equal(watchedColour(knownOf(state), rulesOf(state), NOW), "green");
    assert.equal(watchedColour(knownOf(standing(0)), rulesOf(standing(0)), NOW), undefined);
    const after = promoted();
    const { live } = after.release;
    assert.equal(watchedColour(knownOf(after), rulesOf(after), at(1)), live);
    const cold = Date.parse(after.retention!.warmUntil) + 1_000;
    assert.equal(watchedColour(knownOf(after), rulesOf(after), new Date(cold).toISOString()), undefined);
    const rules = [liveRule("api", greenAt(otherColour(live) === "green" ? 10 : 90))];
    assert.equal(watchedColour(knownOf(after), rules, new Date(cold).toISOString()), otherColour(live));
  });

  it("takes what was published before it said how long it is warm for cold", () => {
    const known = knownOf(promoted());
    const { colour, until } = known.predecessor!;
    const older = { ...known, predecessor: { colour, until } };
    assert.ok(isWarm(known, at(1)) && !isWarm(older, at(1)));
    assert.ok(isWayBack(older, colour, at(1)));
  });
});
