import { type Kind, classify } from "./classify";
import { frozen } from "./freeze";
import { type Limits, drainSeconds, stricter } from "./limits";
import { sameRelease } from "./manifest";
import { next } from "./next";
import type { Recorded, Release } from "./release";
import type { Transition, Violation } from "./rule";
import { areUneven } from "./shares";
import { judge } from "./transition";
import { waypoint } from "./waypoint";

/** One update of a plan. */
export interface Step {
  readonly kind: Kind;
  /** What configuration asks for from this step on. */
  readonly release: Release;
  /** Seconds to wait after the step before it, or after `now` for the first one. */
  readonly waitSeconds: number;
}

/** A release to which no permitted updates lead. */
export class NoPlanError extends Error {
  override readonly name = "NoPlanError";

  /** @param violations what refuses the first step that could not be taken */
  constructor(
    message: string,
    readonly violations: readonly Violation[] = [],
  ) {
    super(message);
  }
}

/** Far above what any plan needs: a hundred steps of one point, twice, and a few around them. */
const LONGEST = 250;

/**
 * The steps still to go from what is recorded to `target`, each permitted by every rule if the waits are
 * kept. Empty where nothing is to be done.
 *
 * @param now ISO time
 * @throws NoPlanError where `target` changes what the live colour runs other than by rolling
 */
export function plan(recorded: Recorded, target: Release, limits: Limits, now: string): Step[] {
  const steps: Step[] = [];
  let state = recorded;
  let clock = now;
  while (!sameRelease(state.release, target) || areUneven(state)) {
    const judgedBy = stricter(state.limits, limits);
    const to = waypoint({ from: state, target, limits: judgedBy, now: clock });
    const { services, providers } = state;
    // A release's steps change nothing beside it, and take no provider away.
    const transition = earliest({
      from: state,
      to,
      services,
      limits,
      now: clock,
      ...(providers && { providers }),
    });
    const waitSeconds = Math.ceil((Date.parse(transition.now) - Date.parse(clock)) / 1000);
    steps.push({ kind: classify(state, to), release: to, waitSeconds });
    if (steps.length > LONGEST) throw new NoPlanError(`no plan of at most ${LONGEST} steps leads there`);
    state = next(transition);
    clock = transition.now;
  }
  return steps;
}

/** The transition at the first time at which it is permitted: only time can make a waypoint so. */
function earliest(transition: Transition & { readonly from: Recorded }): Transition {
  const { from, now } = transition;
  const limits = stricter(from.limits, transition.limits);
  const later = (at: string | undefined, seconds: number) =>
    at === undefined ? [] : [Date.parse(at) + seconds * 1000];
  const times = [
    ...later(from.since, limits.bakeSeconds),
    ...later(from.drainedAt?.blue, drainSeconds(limits)),
    ...later(from.drainedAt?.green, drainSeconds(limits)),
    ...later(from.retention?.warmUntil, 0),
    // A migration may have to wait until the way back has ended.
    ...later(from.retention?.coldUntil, 0),
  ].filter((time) => time > Date.parse(now));
  const waits = [now, ...times.map((time) => new Date(time).toISOString())];
  // What time permits inside a freeze waits for its end.
  const moments = waits
    .flatMap((at) => [at, frozen(limits.freezes, at)?.until ?? at])
    .sort((one, other) => Date.parse(one) - Date.parse(other));
  const permitted = moments.find((moment) => judge({ ...transition, now: moment }).length === 0);
  if (permitted !== undefined) return { ...transition, now: permitted };
  const violations = judge({ ...transition, now: moments.at(-1) ?? now });
  throw new NoPlanError(violations.map((violation) => violation.message).join("\n"), violations);
}
