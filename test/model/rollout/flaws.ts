import fc from "fast-check";
import { VERDICTS } from "../../../model/analysis/finding";
import type { LiveRule } from "../../../model/live";
import { type Recorded, greenAt, otherColour } from "../../../model/release";
import type { Gate } from "../../../model/rollout/gate";
import type { Plan } from "../../../model/rollout/plan";
import type { Seen } from "../../../model/rollout/seen";
import type { Situation } from "../../../model/rollout/situation";
import { PLAN, analysed, asked, good, rulesOf, targetsOf, validated } from "./situations";

/** A gate of the application's own. */
const GATE: Gate = { kind: "command", name: "accuracy", command: ["./accuracy"], timeoutSeconds: 60 };

/** {@link PLAN} with a gate at its second step, and one before anybody meets the candidate. */
const GATED: Plan = {
  name: "own",
  steps: [
    { share: 0, bakeSeconds: 5, gates: [GATE] },
    PLAN.steps[0]!,
    { share: 50, bakeSeconds: 60, gates: [GATE] },
    PLAN.steps[2]!,
  ],
};

/** Mostly as it should be, so that all of it is so often enough. */
const mostly = <Value>(right: Value, ...wrong: Value[]) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constant(right) },
    { weight: 1, arbitrary: fc.constantFrom(...wrong) },
  );

const UNSEEN = { unseen: "no answer" };
const AGES = [-90, 301, 1_000] as const;

/** What is wrong with what is seen; everything is by default as it should be. */
export const flaws = fc.record({
  waited: fc.constantFrom(0, 5, 60, 100, 500),
  asks: mostly<number | undefined>(undefined, 0, 10, 37, 100),
  capacity: mostly<number | undefined>(undefined, 150),
  plan: fc.constantFrom(PLAN, GATED),
  held: mostly(false, true),
  moved: fc.tuple(mostly(0, 5, -5, 90), mostly(0, -10, 40), mostly(0, -100, 7)),
  rules: mostly(true, false),
  targets: mostly<"enough" | "few" | "unseen">("enough", "few", "unseen"),
  fence: mostly<"none" | "candidate" | "another" | "unseen">("none", "candidate", "another", "unseen"),
  lock: mostly<"free" | "held" | "unseen">("free", "held", "unseen"),
  skew: mostly<number | undefined>(0, 60, -61, Number.NaN, undefined),
  analysis: fc.record({
    seen: mostly(true, false),
    verdict: mostly(...VERDICTS),
    urgency: fc.constantFrom("hold" as const, "retreat" as const),
    age: mostly(0, ...AGES),
    since: mostly(0, 1, -1),
    version: mostly(true, false),
    ofLive: mostly(false, true),
  }),
  validation: fc.record({ seen: mostly(true, false), passed: mostly(true, false), age: mostly(0, ...AGES) }),
  gate: mostly<number | undefined>(0, 1, undefined),
});

export type Flaws = typeof flaws extends fc.Arbitrary<infer Drawn> ? Drawn : never;

const later = (now: string, seconds: number) => new Date(Date.parse(now) + seconds * 1000).toISOString();

/** What is seen of a state, with all that is wrong. */
export function situationOf(state: Recorded, start: string, drawn: Flaws): Situation {
  const now = later(start, drawn.waited);
  const colour = otherColour(state.release.live);
  const seen = <Value>(is: boolean, value: Value): Seen<Value> => (is ? { value } : UNSEEN);
  const { analysis, validation } = drawn;
  const { version = "none" } = state.release[colour];
  const verdict = analysed(
    state,
    later(now, -analysis.age),
    analysis.verdict,
    analysis.verdict === "failure" ? analysis.urgency : undefined,
    analysis.ofLive ? state.release.live : colour,
  );
  return good(state, now, {
    asked: asked(
      {
        ...state.release,
        ...(drawn.asks !== undefined && { traffic: greenAt(drawn.asks) }),
        ...(drawn.capacity !== undefined && { capacity: { blue: drawn.capacity, green: drawn.capacity } }),
      },
      { plan: { ...drawn.plan, ...(drawn.held && { hold: "lunch" }) } },
    ),
    rules: seen(
      drawn.rules,
      rulesOf(state).map((rule, index) => movedBy(rule, drawn.moved[index] ?? 0)),
    ),
    targets: drawn.targets === "enough" ? targetsOf(state) : drawn.targets === "few" ? fewOf(state) : {},
    fence: seen(
      drawn.fence !== "unseen",
      drawn.fence === "none"
        ? undefined
        : {
            version: drawn.fence === "candidate" ? version : "9.9.9",
            reason: "it fails",
            by: "somebody",
            at: now,
          },
    ),
    lock: seen(drawn.lock !== "unseen", drawn.lock === "held" ? {} : undefined),
    skewSeconds: seen(drawn.skew !== undefined, drawn.skew ?? 0),
    analysis: seen(analysis.seen, {
      ...verdict,
      since: later(state.since, analysis.since),
      ...(!analysis.version && { version: "9.9.9" }),
    }),
    validation: seen(validation.seen, {
      ...validated(state, later(now, -validation.age)),
      outcome: validation.passed ? "passed" : "failed",
    }),
    gates: { accuracy: seen(drawn.gate !== undefined, { kind: "command", exit: drawn.gate ?? 0, at: now }) },
  });
}

const movedBy = (rule: LiveRule, points: number): LiveRule => ({
  ...rule,
  shares: greenAt(Math.min(100, Math.max(0, rule.shares.green + points))),
});

const fewOf = (state: Recorded): Situation["targets"] =>
  Object.fromEntries(
    Object.keys(state.services).map((service) => [
      service,
      { blue: { healthy: 0, registered: 0 }, green: { healthy: 0, registered: 0 } },
    ]),
  );
