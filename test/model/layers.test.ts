import assert from "node:assert/strict";
import type { ResourceValidationArgs } from "@pulumi/policy";
import fc from "fast-check";
import { lt } from "semver";
import { transitionInputs } from "../../model/footprint";
import { LONGEST_OVERRIDE_DAYS, type Override } from "../../model/override";
import { COLOURS, STRATEGIES, allTo, greenAt, otherColour } from "../../model/release";
import { RULES } from "../../model/rules";
import {
  type Transition,
  judge,
  retentionPhase,
  rises,
  trustedColours,
  verdict,
} from "../../model/transition";
import { transitionPolicies } from "../../policies/transition";
import { transition } from "./fixtures";
import { type Played, SMALL, answered, attempts, play } from "./history";
import { illegal } from "./oracle";

/** Rules that somebody may answer for; no history declares a provider, so T15 refuses none of its edits. */
const LIFTED = RULES.filter(({ id, absolute }) => !absolute && id !== "T15").map(({ id }) => id);
const ids = (violations: readonly { readonly id: string }[]) => [...new Set(violations.map(({ id }) => id))];

/** The ids of the policies that refuse it, from what the engine gives them, by its own clock. */
function packRefuses(asked: Transition): string[] {
  const props = JSON.parse(JSON.stringify(transitionInputs(asked))) as Record<string, unknown>;
  const args = { type: "sluice:release:Transition", props, getConfig: () => ({}) };
  const refused: string[] = [];
  const clock = Date;
  class Then extends clock {
    constructor(time: string | number = asked.now) {
      super(time);
    }
  }
  globalThis.Date = Then as DateConstructor;
  try {
    for (const { name, validateResource } of transitionPolicies) {
      for (const validate of [validateResource ?? []].flat()) {
        void validate(args as unknown as ResourceValidationArgs, () => refused.push(name));
      }
    }
  } finally {
    globalThis.Date = clock;
  }
  return [...new Set(refused)];
}

const later = (now: string, seconds: number) => new Date(Date.parse(now) + seconds * 1000).toISOString();
const key = ({ rule, by, reason, expires }: Override) => JSON.stringify([rule, by, reason, expires]);

describe("all layers together", function () {
  // Laws are tried on many cases, and other work may share the machine.
  this.timeout(120_000);

  const each = (law: (played: Played) => void, runs: number, histories = answered(LIFTED)) =>
    fc.assert(
      fc.property(histories, (history) => law(play(history))),
      { numRuns: runs },
    );

  it("permit nothing that the catalogue calls illegal, unless somebody answers for it", () => {
    const seen = new Map<string, number>();
    const law = ({ tried, updates }: Played) => {
      for (const { asked, earlier } of tried) {
        const unlawful = illegal(asked, updates.slice(0, earlier));
        if (unlawful.length === 0) continue;
        for (const id of unlawful) seen.set(id, (seen.get(id) ?? 0) + 1);
        const found = ids(judge({ ...asked, overrides: [] }));
        assert.deepEqual(
          unlawful.filter((id) => !found.includes(id)),
          [],
        );
        const { refused, overridden } = verdict(asked);
        const told = [...ids(refused), ...ids(overridden.map(({ violation }) => violation))];
        assert.deepEqual([...told].sort(), [...found].sort());
      }
    };
    each(law, 100, attempts);
    each(law, 100);
    for (const id of ["T1", "T5", "T6", "T10", "T12"]) assert.ok((seen.get(id) ?? 0) > 0, `${id} never`);
  });

  it("take an override for one update, before it ends, for a week at most, and for its own rule", () => {
    const seen = { lifted: 0, again: 0 };
    each(({ updates }) => {
      const used = new Set<string>();
      for (const { transition: asked, after } of updates) {
        const lifted = verdict(asked).overridden;
        const leaves = [...new Set(lifted.map(({ override }) => override))];
        for (const { violation, override } of lifted) {
          seen.lifted++;
          assert.equal(violation.id, override.rule);
          const left = Date.parse(override.expires) - Date.parse(asked.now);
          assert.ok(0 < left && left <= LONGEST_OVERRIDE_DAYS * 86_400_000);
          assert.ok(!used.has(key(override)), "used before");
        }
        if (after.release !== asked.to) continue;
        for (const override of leaves) {
          used.add(key(override));
          assert.ok(after.overrides?.some((one) => key(one) === key(override)));
        }
        // The same edit, from where it started but for that.
        const once = { ...asked, from: { ...asked.from, overrides: after.overrides ?? [] } };
        const refused = judge(once);
        for (const { violation } of lifted) {
          seen.again++;
          const [first] = refused.filter(({ id, where }) => id === violation.id && where === violation.where);
          assert.match(first?.message ?? "permitted", /lifts nothing: it was used at/);
        }
      }
    }, 100);
    assert.ok(seen.lifted > 0 && seen.again > 0, JSON.stringify(seen));
  });

  it("say the same in the program and in the pack", () => {
    const seen = { refused: 0, permitted: 0 };
    each(({ tried }) => {
      for (const { asked } of tried.slice(-2)) {
        const refused = ids(judge(asked));
        seen[refused.length > 0 ? "refused" : "permitted"]++;
        assert.deepEqual(packRefuses(asked), refused);
      }
    }, 60);
    assert.ok(seen.refused > 0 && seen.permitted > 0, JSON.stringify(seen));
  });

  const said = fc.record({
    wait: fc.nat(2_000),
    share: fc.nat(99),
    strategy: fc.constantFrom(...STRATEGIES),
    flags: fc.nat(100).map((percentage) => ({ one: { percentage, settled: false } })),
    frozen: fc.boolean(),
    supersedes: fc.constantFrom({}, { supersedes: "1.0.0" }, { supersedes: "9.9.9" }),
  });

  type Said = typeof said extends fc.Arbitrary<infer Value> ? Value : never;

  /** Every way in which traffic can go back, each with whatever else the edit may say. */
  function retreatsFrom({ state, now }: Played, { share, strategy, flags, supersedes }: Said) {
    const release = { ...state.release, ...supersedes };
    const { live } = release;
    const candidate = otherColour(live);
    const least = Math.min(...Object.values(state.rules).map((shares) => shares[candidate]));
    const fewer = Math.floor((least * share) / 100);
    const part = { ...release, traffic: greenAt(candidate === "green" ? fewer : 100 - fewer) };
    const back = state.trusted.predecessor?.colour;
    const phase = retentionPhase(state, now);
    const kept = back && (phase === "warm" || phase === "cold") ? [live, back] : [];
    return [
      { kind: "live", to: { ...release, strategy, traffic: allTo(live) }, flags },
      ...(least > 0 ? [{ kind: "part", to: part, flags: state.flags ?? {} }] : []),
      ...kept.map((live) => ({ kind: "kept", to: { ...release, live, traffic: allTo(back!) }, flags })),
    ];
  }

  it("refuse no retreat at any time, in whatever edit and however the stack came there, T7 aside", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(answered(LIFTED), said, fc.nat(9), (history, also, one) => {
        const played = play(history);
        const { state } = played;
        const now = later(played.now, also.wait);
        const freezes = also.frozen ? [{ reason: "inventory", from: played.now, until: later(now, 60) }] : [];
        const overrides = LIFTED.map((rule) => ({
          ...{ rule, by: "somebody", reason: "why not" },
          expires: later(now, 60),
        }));
        for (const { kind, to, flags } of retreatsFrom({ ...played, now }, also)) {
          const asked = transition(state, to, {
            ...{ limits: { ...SMALL, freezes }, now, flags, baked: [] },
            ...(state.platform && { platform: state.platform }),
          });
          const gains = COLOURS.filter((colour) => rises(asked).some((rise) => rise.colour === colour));
          // What the schema does not serve is nothing to go back to: there T7 decides.
          const served = [...gains, to.live].every(
            (colour) => !state.schema || !lt(to[colour].version!, state.schema.serves),
          );
          if (!served || (gains.length === 0 && to.live === state.release.live)) continue;
          seen.set(kind, (seen.get(kind) ?? 0) + 1);
          const apart = (found: readonly string[]) => found.filter((id) => id !== "T7");
          assert.deepEqual(apart(ids(judge(asked))), [], kind);
          const { overridden } = verdict({ ...asked, overrides });
          assert.deepEqual(apart(ids(overridden.map(({ violation }) => violation))), [], kind);
          // The guard asks nothing of a fall, and of what is trusted the fence alone.
          assert.ok(gains.every((colour) => trustedColours(asked).includes(colour)));
          if (one === 0) assert.deepEqual(apart(packRefuses(asked)), [], kind);
        }
      }),
      { numRuns: 200 },
    );
    for (const kind of ["live", "part", "kept"]) assert.ok((seen.get(kind) ?? 0) > 0, `${kind} never`);
  });
});
