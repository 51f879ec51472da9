import assert from "node:assert/strict";
import fc from "fast-check";
import { targetsNeeded } from "../../../model/guard";
import { type Colour, type Recorded, otherColour } from "../../../model/release";
import type { Action } from "../../../model/rollout/action";
import { decide } from "../../../model/rollout/decide";
import { stepAt } from "../../../model/rollout/plan";
import { valueOf } from "../../../model/rollout/seen";
import { type Situation, sceneOf, transitionTo } from "../../../model/rollout/situation";
import { areShares, leastOf, mostOf, sharesAt } from "../../../model/shares";
import { isTrusted, judge } from "../../../model/transition";
import { attempts, play } from "../history";
import { flaws, situationOf } from "./flaws";
import { ASKING, validated } from "./situations";

/** Every reason why the candidate's share must not rise, by the words of the promise and not by the code's. */
function against(situation: Situation, state: Recorded, share: number): string[] {
  const colour = otherColour(state.release.live);
  const {
    now,
    asked: { plan },
  } = situation;
  const version = state.release[colour].version;
  const age = (at: string) => (Date.parse(now) - Date.parse(at)) / 1000;
  const isFresh = (at: string) => age(at) <= 300 && age(at) >= -60;
  const least = leastOf(state, colour);
  const isUneven = least !== mostOf(state, colour);
  const { analysis, validation, rules, fence, lock, skewSeconds, targets, gates } = situation;
  const [found, checked] = [valueOf(analysis), valueOf(validation)];
  const isAbout = found?.version === version && found?.colour === colour && isFresh(found.at);
  const step = stepAt(plan, least);
  const wrong: [string, boolean][] = [
    ["locked", !("value" in lock) || lock.value !== undefined],
    ["fenced", !("value" in fence) || fence.value?.version === version],
    ["clock", !("value" in skewSeconds) || !(Math.abs(skewSeconds.value) <= 60)],
    ["held", plan.hold !== undefined],
    ["uneven", isUneven && least > 0],
    ["jump", share - least > ASKING.step && share > mostOf(state, colour)],
    [
      "drift",
      (valueOf(rules) ?? []).some((rule) => rule.shares.green !== sharesAt(state, rule.service).green),
    ],
    ["blind", !("value" in rules)],
    ["unbaked", age(state.since) < step.bakeSeconds],
    ["unchecked", checked?.outcome !== "passed" || checked.version !== version || !isFresh(checked.at)],
    ["failing", isAbout && found.judgement.verdict === "failure"],
    [
      "no evidence",
      least > 0 &&
        !(
          isAbout &&
          found.judgement.verdict === "success" &&
          Date.parse(found.since) >= Date.parse(state.since)
        ),
    ],
    ...step.gates.map((gate): [string, boolean] => {
      const answer = gates[gate.name];
      const value = answer && valueOf(answer);
      return ["gate", value?.kind !== "command" || value.exit !== 0];
    }),
    ...Object.keys(state.rules).map((service): [string, boolean] => {
      const { replicas = 1 } = state.services[service] ?? {};
      const isRising = sharesAt(state, service)[colour] < share;
      return [
        `targets of ${service}`,
        isRising && !((targets[service]?.[colour]?.healthy ?? -1) >= targetsNeeded(share, replicas)),
      ];
    }),
  ];
  return wrong.filter(([, is]) => is).map(([what]) => what);
}

describe("laws of a decision", function () {
  this.timeout(60_000);

  /** Calls back with what is decided in many situations. */
  const everywhere = (
    runs: number,
    check: (action: Action, situation: Situation, state: Recorded, colour: Colour) => void,
  ) =>
    fc.assert(
      fc.property(attempts, fc.array(flaws, { minLength: 8, maxLength: 8 }), (history, drawn) => {
        const { state, now } = play(history);
        const colour = otherColour(state.release.live);
        for (const one of drawn) {
          const situation = situationOf(state, now, one);
          check(decide(situation), situation, state, colour);
        }
      }),
      { numRuns: runs },
    );

  const trusted = (state: Recorded, colour: Colour, { now }: Situation) =>
    isTrusted({ from: state, to: state.release, limits: ASKING, now }, colour);

  it("raises no share without fresh, sufficient and passing evidence", () => {
    const seen = { shift: 0, promote: 0 };
    everywhere(200, (action, situation, state, colour) => {
      if (action.kind !== "shift" && action.kind !== "promote") return;
      const share = action.release.traffic[colour];
      if (trusted(state, colour, situation)) return;
      if (share <= leastOf(state, colour) && action.kind === "shift") return;
      seen[action.kind] += 1;
      const isFlip = action.kind === "promote" && state.release.strategy === "blue-green";
      const wrong = against(situation, state, share).filter((what) => !(isFlip && what === "jump"));
      assert.deepEqual(wrong, [], JSON.stringify([action, state.release, state.rules]));
    });
    assert.ok(seen.shift > 50 && seen.promote > 5, JSON.stringify(seen));
  });

  it("keeps weights legal, asks only for what every rule permits, and raises nothing while it prepares", () => {
    const seen = new Map<string, number>();
    everywhere(120, (action, situation, state, colour) => {
      seen.set(action.kind, (seen.get(action.kind) ?? 0) + 1);
      if (action.kind === "hold" || action.kind === "done") {
        assert.ok(action.reasons.length > 0);
        return;
      }
      assert.ok(areShares(action.release.traffic), JSON.stringify(action.release.traffic));
      const refused = judge(transitionTo(sceneOf(situation, state), action.edit));
      if (!("refused" in action)) {
        assert.deepEqual(refused, []);
        if (action.kind === "prepare") assert.ok(action.release.traffic[colour] <= mostOf(state, colour));
        return;
      }
      for (const { shares } of action.moves) assert.ok(areShares(shares));
      if (Object.keys(action.edit).length > 0) assert.deepEqual(action.refused, refused);
      if (trusted(state, colour, situation)) return;
      for (const { rule, shares } of action.moves) assert.ok(shares[colour] <= rule.shares[colour]);
      const most = Math.max(
        mostOf(state, colour),
        ...(valueOf(situation.rules) ?? []).map(({ shares }) => shares[colour]),
      );
      if (action.edit.traffic) assert.ok(action.edit.traffic[colour] <= most);
    });
    for (const kind of ["hold", "done", "shift", "promote", "prepare", "retreat", "level", "adopt"]) {
      assert.ok((seen.get(kind) ?? 0) > 0, `${kind} was never decided: ${JSON.stringify([...seen])}`);
    }
  });

  it("asks gates and validation only where nothing else stands against going on", () => {
    let asking = 0;
    everywhere(200, (action, situation, state) => {
      if (action.kind !== "hold" || action.asks.length === 0) return;
      asking += 1;
      const now = situation.now;
      const answered = decide({
        ...situation,
        validation: { value: validated(state, now) },
        gates: { accuracy: { value: { kind: "command", exit: 0, at: now } } },
      });
      assert.notEqual(answered.kind, "hold", JSON.stringify(answered));
    });
    assert.ok(asking > 20, `${asking} asked`);
  });
});
