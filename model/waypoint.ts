import { type Limits, stepsOf } from "./limits";
import { capacityOf } from "./capacity";
import { sameManifest, sameRunning } from "./manifest";
import { COLOURS, type Colour, type Recorded, type Release, allTo, greenAt, otherColour } from "./release";
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
 * and falls when nothing else is left to do.
 */
export function waypoint(position: Position): Release {
  const { from, target } = position;
  const larger = raised(from.release, target);
  if (larger && !areUneven(from)) return { ...from.release, capacity: larger };
  const next = towardsTarget(position);
  if (!sameRunning(next, from.release) || areUneven(from)) return next;
  const { capacity: _, ...rest } = next;
  return { ...rest, ...(target.capacity && { capacity: target.capacity }) };
}

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
  if (target.live === live && !sameManifest(from.release[live], target[live])) {
    // Rules say whether this may be: outside the rolling strategy a live colour keeps what it runs.
    const inPlace = {
      ...from.release,
      strategy: target.strategy,
      traffic: allTo(live),
      [live]: target[live],
    };
    if (mostOf(from, other) > 0) return back(from);
    // A strategy counts from the update after the one that sets it.
    return from.release.strategy === target.strategy
      ? inPlace
      : { ...from.release, strategy: target.strategy };
  }
  const stays = { ...from.release, strategy: target.strategy };
  if (!sameManifest(from.release[other], target[other])) {
    return mostOf(from, other) > 0 ? back(from) : { ...stays, traffic: allTo(live), [other]: target[other] };
  }
  const wanted = target.live === other ? 100 : target.traffic[other];
  return target.live === live ? towards(position, stays, wanted) : promotion(position, stays);
}

/** All traffic to the live colour, so that the other may change. */
const back = (from: Recorded): Release => ({ ...from.release, traffic: allTo(from.release.live) });

/** Going to another live colour, by the way that the target's strategy takes. */
function promotion(position: Position, stays: Release): Release {
  const { from, target } = position;
  const colour = target.live;
  const whole = { ...stays, live: colour, traffic: allTo(colour) };
  if (trusts(position, colour) || leastOf(from, colour) === 100) return whole;
  if (target.strategy === "blue-green") {
    // A flip wants what stands with all its pods: what is kept without any is released anew.
    if (isExpired(position, colour)) return { ...stays, traffic: allTo(from.release.live), [colour]: {} };
    // Adopting the strategy must not raise a rule that has less than was asked for.
    const adopted = { ...stays, traffic: shares(colour, leastOf(from, colour)) };
    return from.release.strategy === "blue-green" ? whole : adopted;
  }
  // Rolling has no way between two colours, so a canary is the way there.
  const strategy = target.strategy === "rolling" ? "canary" : target.strategy;
  return towards({ ...position, target: { ...target, strategy } }, { ...stays, strategy }, 100);
}

/** The candidate's next share, counted from its lowest rule. */
function towards(position: Position, stays: Release, wanted: number): Release {
  const { from, target, limits } = position;
  const colour = otherColour(from.release.live);
  const share = leastOf(from, colour);
  if (wanted <= share || trusts(position, colour)) return { ...stays, traffic: shares(colour, wanted) };
  const stop = stepsOf(target.strategy, limits).find((step) => step > share) ?? 100;
  return { ...stays, traffic: shares(colour, Math.min(wanted, stop, share + limits.step)) };
}

const shares = (colour: Colour, share: number) => greenAt(colour === "green" ? share : 100 - share);

/** Asked of what runs now: neither colour's manifest changes on the way. */
const trusts = ({ from, limits, now }: Position, colour: Colour): boolean =>
  isTrusted({ from, to: from.release, limits, now }, colour);

/** Draining aside: once that is over it has no pods either. */
const isExpired = ({ from, now }: Position, colour: Colour): boolean =>
  predecessorColour(from) === colour && retentionPhase(from, now) === "expired" && mostOf(from, colour) === 0;
