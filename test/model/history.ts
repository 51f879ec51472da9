import fc from "fast-check";
import { BACKENDS } from "../../model/backends";
import type { BakedBefore } from "../../model/baked";
import type { Flags } from "../../model/flags";
import type { Limits } from "../../model/limits";
import type { Override } from "../../model/override";
import type { Platform } from "../../model/platform";
import {
  COLOURS,
  type Colour,
  type Manifest,
  type Recorded,
  type Release,
  type Shares,
  STRATEGIES,
  type Strategy,
  allTo,
  greenAt,
  otherColour,
} from "../../model/release";
import { judge, next, type Transition } from "../../model/transition";
import { waypoint } from "../../model/waypoint";
import { START, recorded, release, transition } from "./fixtures";

/** Small limits with the same meaning, so that random times fall on both sides of each. */
export const SMALL: Limits = {
  step: 30,
  bakeSeconds: 100,
  warmSeconds: 600,
  coldSeconds: 500,
  stickinessSeconds: 20,
  deregistrationSeconds: 10,
  steps: [10, 50, 100],
  exposure: 20,
  samples: 0,
  freezes: [],
};

const MANIFESTS: readonly Manifest[] = [
  {},
  { version: "1.0.0" },
  { version: "2.0.0" },
  { version: "2.0.0", settings: { PROVIDER: "other" } },
  { version: "3.0.0", migration: { revision: "r3", phase: "expand", serves: "1.0.0" } },
  { version: "4.0.0", migration: { revision: "r4", phase: "contract", serves: "2.0.0" } },
];

const PLATFORMS: readonly Platform[] = [
  { kubernetes: "1.35", backends: BACKENDS.staging },
  { kubernetes: "1.36", backends: BACKENDS.staging },
  { kubernetes: "1.36", backends: BACKENDS.prod },
];

const BAKED = ["1.0.0", "2.0.0", "3.0.0", "4.0.0"].map((version) => ({ version, at: START }));

/** What somebody tries next, and how the update ends. */
export interface Attempt {
  readonly wait: number;
  readonly edit:
    | { readonly kind: "advance"; readonly strategy?: Strategy | undefined; readonly manifest: Manifest }
    | { readonly kind: "retreat"; readonly toPredecessor: boolean }
    | {
        readonly kind: "any";
        readonly green?: number | undefined;
        readonly live?: Colour | undefined;
        readonly strategy?: Strategy | undefined;
        readonly blue?: Manifest | undefined;
        readonly other?: Manifest | undefined;
      };
  readonly around: Surroundings;
  readonly leaves: readonly Leave[];
  /** Which rules the update reaches before it fails, and whether the outputs were stored; absent: it succeeds. */
  readonly failure?: { readonly moved: readonly boolean[]; readonly stored: boolean } | undefined;
}

/** What a transition is judged by beside the release. */
export interface Surroundings {
  /** Seconds for which a freeze goes on. Absent: there is none. */
  readonly frozen?: number | undefined;
  readonly platform?: Platform | undefined;
  readonly flags?: Flags | undefined;
  readonly baked?: BakedBefore | undefined;
  /** Whether what is retained is given up. */
  readonly supersedes: boolean;
}

/** An override of a rule, and what is the matter with it. */
export interface Leave {
  readonly rule: string;
  readonly state: "valid" | "expired" | "used" | "too long";
}

const maybe = <Value>(arbitrary: fc.Arbitrary<Value>, often: number) =>
  fc.oneof({ weight: 10 - often, arbitrary: fc.constant(undefined) }, { weight: often, arbitrary });
const manifests = fc.constantFrom(...MANIFESTS);
const strategies = fc.constantFrom(...STRATEGIES);
const shares = fc.oneof(fc.constantFrom(0, 10, 30, 31, 50, 100), fc.nat(100));

const edits: fc.Arbitrary<Attempt["edit"]> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("advance" as const),
      strategy: maybe(strategies, 1),
      // A contraction comes late if at all, so it is tried often.
      manifest: fc.constantFrom(...MANIFESTS.slice(1), ...MANIFESTS.slice(-1), ...MANIFESTS.slice(-1)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("retreat" as const), toPredecessor: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("any" as const),
      green: maybe(shares, 5),
      live: maybe(fc.constantFrom(...COLOURS), 3),
      strategy: maybe(strategies, 2),
      blue: maybe(manifests, 3),
      other: maybe(manifests, 3),
    }),
  },
);

const surroundings: fc.Arbitrary<Surroundings> = fc.record({
  frozen: maybe(fc.constantFrom(1, 30, 300), 1),
  platform: maybe(fc.constantFrom(...PLATFORMS), 2),
  flags: maybe(
    fc.record({ one: fc.record({ percentage: fc.constantFrom(0, 20, 50, 100), settled: fc.boolean() }) }),
    2,
  ),
  baked: maybe(fc.oneof(fc.constant("unknown" as const), fc.subarray(BAKED)), 2),
  supersedes: fc.boolean(),
});

const leaves = (rules: readonly string[], states: readonly Leave["state"][]): fc.Arbitrary<Leave[]> =>
  fc.uniqueArray(fc.record({ rule: fc.constantFrom(...rules), state: fc.constantFrom(...states) }), {
    maxLength: 5,
    selector: ({ rule }) => rule,
  });

const attemptsWith = (answered: fc.Arbitrary<readonly Leave[]>): fc.Arbitrary<Attempt[]> =>
  fc.array(
    fc.record({
      wait: fc.constantFrom(0, 1, 15, 30, 99, 100, 100, 100, 601, 900, 1_200),
      edit: edits,
      around: surroundings,
      leaves: answered,
      failure: maybe(
        fc.record({ moved: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()), stored: fc.boolean() }),
        2,
      ),
    }),
    { minLength: 1, maxLength: 40, size: "max" },
  );

/**
 * Histories of edits by people, plans and retreats, some of which fail half-way. Nobody answers for anything but for
 * trying again what was taken back, for there are few versions here.
 */
export const attempts = attemptsWith(leaves(["T12"], ["valid"]));

/** Likewise, with overrides of every rule that may have one, of which some count and some do not. */
export const answered = (rules: readonly string[]): fc.Arbitrary<Attempt[]> =>
  attemptsWith(leaves(rules, ["valid", "valid", "expired", "used", "too long"]));

/** One update that was permitted, and what it left behind. */
export interface Update {
  readonly transition: Transition & { readonly from: Recorded };
  readonly after: Recorded;
  readonly succeeded: boolean;
}

export interface Played {
  readonly updates: readonly Update[];
  /** Everything that was tried, and how many updates came before it. */
  readonly tried: readonly { readonly asked: Update["transition"]; readonly earlier: number }[];
  readonly state: Recorded;
  readonly now: string;
}

const later = (now: string, seconds: number) => new Date(Date.parse(now) + seconds * 1000).toISOString();

/** Plays a history: what a rule refuses does not happen, and nor does what settings call impossible. */
export function play(history: readonly Attempt[]): Played {
  let state = recorded(release(0, { blue: { version: "1.0.0" }, green: {} }));
  let now = START;
  const updates: Update[] = [];
  const tried: { asked: Update["transition"]; earlier: number }[] = [];
  for (const { wait, edit, around, leaves, failure } of history) {
    now = later(now, wait);
    const to = editOf(state, edit, around, now);
    const asked = { ...transition(state, to, circumstances(state, around, leaves, now)), from: state };
    if (leaves.some(({ rule }) => rule !== "T12") && !isPossible(to)) continue;
    tried.push({ asked, earlier: updates.length });
    if (judge(asked).length > 0) continue;
    const after = failure ? halfFailed(asked, failure) : next(asked);
    updates.push({ transition: asked, after, succeeded: !failure });
    state = after;
  }
  return { updates, tried, state, now };
}

/** What settings permit: nobody can answer for a release that cannot be. */
const isPossible = (to: Release): boolean =>
  to[to.live].version !== undefined &&
  COLOURS.every((colour) => to.traffic[colour] === 0 || to[colour].version !== undefined) &&
  (to.strategy !== "rolling" || to.traffic.blue % 100 === 0);

function circumstances(
  state: Recorded,
  { frozen, platform, flags, baked }: Surroundings,
  leaves: readonly Leave[],
  now: string,
): Partial<Transition> {
  const freezes = frozen === undefined ? [] : [{ reason: "inventory", from: now, until: later(now, frozen) }];
  return {
    limits: { ...SMALL, freezes },
    now,
    ...(platform && { platform }),
    ...(flags && { flags }),
    ...(baked && { baked }),
    overrides: leaves.map((leave) => overrideOf(state, leave, now)),
  };
}

function overrideOf({ overrides = [] }: Recorded, { rule, state }: Leave, now: string): Override {
  const used = overrides.findLast((one) => one.rule === rule);
  if (state === "used" && used) return { rule, by: used.by, reason: used.reason, expires: used.expires };
  const seconds = { valid: 3_600, used: 3_600, expired: 0, "too long": 7 * 86_400 + 1 }[state];
  // Nobody answers twice in the same words.
  return { rule, by: "somebody", reason: `${state} since ${now}`, expires: later(now, seconds) };
}

function editOf(state: Recorded, edit: Attempt["edit"], { supersedes }: Surroundings, now: string): Release {
  const { release: current, trusted } = state;
  if (edit.kind === "retreat") {
    const back = (edit.toPredecessor ? trusted.predecessor?.colour : undefined) ?? current.live;
    return { ...current, live: back, traffic: allTo(back) };
  }
  const kept = trusted.predecessor?.manifest.version;
  const given = supersedes && kept !== undefined ? { supersedes: kept } : {};
  if (edit.kind === "any") {
    const { green, live, strategy, blue, other } = edit;
    return {
      strategy: strategy ?? current.strategy,
      live: live ?? current.live,
      traffic: green === undefined ? current.traffic : greenAt(green),
      ...given,
      blue: blue ?? current.blue,
      green: other ?? current.green,
    };
  }
  const candidate = otherColour(current.live);
  const manifest = current[candidate].version === undefined ? edit.manifest : current[candidate];
  const strategy = edit.strategy ?? current.strategy;
  const target = { ...current, strategy, live: candidate, traffic: allTo(candidate), [candidate]: manifest };
  return waypoint({ from: state, target: { ...target, ...given }, limits: SMALL, now });
}

/**
 * Jobs and Deployments come before rules, so an update that fails at its rules has deployed everything; what a
 * Job has done is read from the Job, whether or not the outputs were stored.
 */
function halfFailed(
  asked: Transition & { readonly from: Recorded },
  { moved, stored }: NonNullable<Attempt["failure"]>,
): Recorded {
  const done = next(asked);
  const names = Object.keys(done.rules);
  const rules: Record<string, Shares> = Object.fromEntries(
    names.map((name, index) => [name, (moved[index] ? done : asked.from).rules[name]!]),
  );
  return { ...(stored ? done : asked.from), ...(done.schema && { schema: done.schema }), rules };
}
