import fc from "fast-check";
import type { Limits } from "../../model/limits";
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
};

const MANIFESTS: readonly Manifest[] = [
  {},
  { version: "1.0.0" },
  { version: "2.0.0" },
  { version: "2.0.0", settings: { PROVIDER: "other" } },
  { version: "3.0.0", migration: { revision: "r3", phase: "expand", serves: "1.0.0" } },
  { version: "4.0.0", migration: { revision: "r4", phase: "contract", serves: "2.0.0" } },
];

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
  /** Which rules the update reaches before it fails, and whether the outputs were stored; absent: it succeeds. */
  readonly failure?: { readonly moved: readonly boolean[]; readonly stored: boolean } | undefined;
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

/** Histories of edits by people, plans and retreats, some of which fail half-way. */
export const attempts: fc.Arbitrary<Attempt[]> = fc.array(
  fc.record({
    wait: fc.constantFrom(0, 1, 15, 30, 99, 100, 100, 100, 601, 900, 1_200),
    edit: edits,
    failure: maybe(
      fc.record({ moved: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()), stored: fc.boolean() }),
      2,
    ),
  }),
  { minLength: 1, maxLength: 40, size: "max" },
);

/** One update that was permitted, and what it left behind. */
export interface Update {
  readonly transition: Transition & { readonly from: Recorded };
  readonly after: Recorded;
  readonly succeeded: boolean;
}

const later = (now: string, seconds: number) => new Date(Date.parse(now) + seconds * 1000).toISOString();

/** Plays a history: what a rule refuses does not happen. */
export function play(history: readonly Attempt[]): { updates: Update[]; state: Recorded; now: string } {
  let state = recorded(release(0, { blue: { version: "1.0.0" }, green: {} }));
  let now = START;
  const updates: Update[] = [];
  for (const { wait, edit, failure } of history) {
    now = later(now, wait);
    const to = editOf(state, edit, now);
    const asked = { ...transition(state, to, { limits: SMALL, now }), from: state };
    if (judge(asked).length > 0) continue;
    const after = failure ? halfFailed(asked, failure) : next(asked);
    updates.push({ transition: asked, after, succeeded: !failure });
    state = after;
  }
  return { updates, state, now };
}

function editOf(state: Recorded, edit: Attempt["edit"], now: string): Release {
  const { release: current, trusted } = state;
  if (edit.kind === "retreat") {
    const back = (edit.toPredecessor ? trusted.predecessor?.colour : undefined) ?? current.live;
    return { ...current, live: back, traffic: allTo(back) };
  }
  if (edit.kind === "any") {
    const { green, live, strategy, blue, other } = edit;
    return {
      strategy: strategy ?? current.strategy,
      live: live ?? current.live,
      traffic: green === undefined ? current.traffic : greenAt(green),
      blue: blue ?? current.blue,
      green: other ?? current.green,
    };
  }
  const candidate = otherColour(current.live);
  const manifest = current[candidate].version === undefined ? edit.manifest : current[candidate];
  const strategy = edit.strategy ?? current.strategy;
  const target = { ...current, strategy, live: candidate, traffic: allTo(candidate), [candidate]: manifest };
  return waypoint({ from: state, target, limits: SMALL, now });
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
