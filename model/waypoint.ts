import { type Limits, stepsOf } from "./limits";
import { capacityOf } from "./capacity";
import { sameManifest, sameRunning } from "./manifest";
import {
  COLOURS,
  type Colour,
  type Recorded,
  type Release,
  type Strategy,
  allTo,
  greenAt,
  otherColour,
} from "./release";
import { areUneven, leastOf, mostOf } from "./shares";
import { isTrusted, predecessorColour, retentionPhase } from "./trust";

/** Where a plan is. */
export interface Position {
  readonly from: Recorded;
  readonly target: Release;
  /** What the next update is judged by: the stricter of those recorded and those asked for. */
  readonly limits: Limits;
  /** ISO time. */
  readonly now: string;
}

/**
 * The release that the next update should ask for on the way to the target: capacity rises before any share does,
 * and falls when nothing else is left to do. What the target gives up is given up all the way.
 */
export function waypoint({ from: state, ...rest }: Position): Release {
  const { target } = rest;
  const from = { ...state, release: givingUp(state.release, target.supersedes) };
  const larger = raised(from.release, target);
  if (larger && !areUneven(from)) return { ...from.release, capacity: larger };
  const next = towardsTarget({ ...rest, from });
  if (!sameRunning(next, from.release) || areUneven(from)) return next;
  const { capacity: _, ...same } = next;
  return { ...same, ...(target.capacity && { capacity: target.capacity }) };
}

const givingUp = ({ supersedes: _, ...release }: Release, version: string | undefined): Release => ({
  ...release,
  ...(version !== undefined && { supersedes: version }),
});

/** Each colour's greater capacity; undefined where the target's is greater for neither. */
function raised(now: Release, target: Release): Release["capacity"] {
  const grows = COLOURS.some((colour) => capacityOf(target, colour) > capacityOf(now, colour));
  const greater = (colour: Colour) => Math.max(capacityOf(now, colour), capacityOf(target, colour));
  return grows ? { blue: greater("blue"), green: greater("green") } : undefined;
}

/** Likewise, by what runs and by traffic. */
function towardsTarget(position: Position): Release {
  const { from, target } = position;
  const { live } = from.release;
  const other = otherColour(live);
  const hasShare = mostOf(from, other) > 0;
  if (target.live === live && !sameManifest(from.release[live], target[live])) {
    if (hasShare) return back(from);
    // Rules say whether this may be: outside the rolling strategy a live colour keeps what it runs.
    const inPlace = { ...from.release, traffic: allTo(live), [live]: target[live] };
    // A strategy counts from the update after the one that sets it.
    return from.release.strategy === target.strategy
      ? inPlace
      : { ...from.release, strategy: target.strategy };
  }
  const strategy = strategyTo(target, live);
  if (!sameManifest(from.release[other], target[other])) {
    return hasShare
      ? back(from)
      : { ...from.release, strategy, traffic: allTo(live), [other]: target[other] };
  }
  if (from.release.strategy === strategy || (target.live === other && trusts(position, other))) {
    return along(position, strategy);
  }
  // A strategy changes between two releases: this one is finished by its own, or taken back.
  if (!hasShare) return { ...from.release, strategy };
  return target.live === live ? back(from) : along(position, from.release.strategy);
}

/** Rolling has no way between two colours, so a canary is the way there. */
const strategyTo = ({ strategy, live }: Release, before: Colour): Strategy =>
  live !== before && strategy === "rolling" ? "canary" : strategy;

/** Traffic's next move, by one strategy. */
const along = (position: Position, strategy: Strategy): Release => {
  const { from, target } = position;
  const way = { ...position, target: { ...target, strategy } };
  return target.live === from.release.live
    ? towards(way, target.traffic[otherColour(target.live)])
    : promotion(way);
};

/** All traffic to the live colour, so that the other may change. */
const back = (from: Recorded): Release => ({ ...from.release, traffic: allTo(from.release.live) });

/** Going to another live colour, by the way that the strategy takes. */
function promotion(position: Position): Release {
  const { from, target } = position;
  const colour = target.live;
  const whole = { ...from.release, live: colour, traffic: allTo(colour) };
  if (trusts(position, colour) || leastOf(from, colour) === 100) return whole;
  if (target.strategy !== "blue-green") return towards(position, 100);
  // A flip wants what stands with all its pods: what is kept without any is released anew.
  return isExpired(position, colour)
    ? { ...from.release, traffic: allTo(from.release.live), [colour]: {} }
    : whole;
}

/** The candidate's next share, counted from its lowest rule. */
function towards(position: Position, wanted: number): Release {
  const { from, target, limits } = position;
  const colour = otherColour(from.release.live);
  const share = leastOf(from, colour);
  const give = (percent: number) => ({ ...from.release, traffic: shares(colour, percent) });
  if (wanted <= share || trusts(position, colour)) return give(wanted);
  const stop = stepsOf(target.strategy, limits).find((step) => step > share) ?? 100;
  return give(Math.min(wanted, stop, share + limits.step));
}

const shares = (colour: Colour, share: number) => greenAt(colour === "green" ? share : 100 - share);

/** Asked of what runs now: neither colour's manifest changes on the way. */
const trusts = ({ from, limits, now }: Position, colour: Colour): boolean =>
  isTrusted({ from, to: from.release, limits, now }, colour);

/** Draining aside: once that is over it has no pods either. */
const isExpired = ({ from, now }: Position, colour: Colour): boolean =>
  predecessorColour(from) === colour && retentionPhase(from, now) === "expired" && mostOf(from, colour) === 0;
