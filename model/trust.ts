import { isServed } from "./evolution";
import { drainSeconds, stricter } from "./limits";
import { sameManifest } from "./manifest";
import { COLOURS, type Colour, type Recorded, otherColour } from "./release";
import type { Transition } from "./rule";
import { mostOf } from "./shares";

/** `warm`: at full size. `cold`: without replicas. `expired`: without replicas, and no longer a way back. */
export type RetentionPhase = "warm" | "cold" | "expired";

/** What judging trust needs of a transition. */
export type Circumstances = Pick<Transition, "from" | "to" | "limits" | "now">;

/** Seconds from one ISO time to another. */
export const secondsBetween = (from: string, to: string): number =>
  (Date.parse(to) - Date.parse(from)) / 1000;

/** The colour that keeps the predecessor's manifest unchanged, where there is one. */
export function predecessorColour(recorded: Recorded): Colour | undefined {
  const { predecessor } = recorded.trusted;
  if (!predecessor || predecessor.colour === recorded.release.live) return undefined;
  return sameManifest(recorded.release[predecessor.colour], predecessor.manifest)
    ? predecessor.colour
    : undefined;
}

/** Where the predecessor's retention has got to; `undefined` where nothing is retained. */
export function retentionPhase(recorded: Recorded, now: string): RetentionPhase | undefined {
  const { retention } = recorded;
  if (!retention || predecessorColour(recorded) === undefined) return undefined;
  if (secondsBetween(now, retention.warmUntil) > 0) return "warm";
  return secondsBetween(now, retention.coldUntil) > 0 ? "cold" : "expired";
}

/** Whether clients may still hold on to a colour that has no share any more, by the stricter limits. */
export function isDraining(
  { from, limits, now }: Pick<Circumstances, "from" | "limits" | "now">,
  colour: Colour,
): boolean {
  const at = from?.drainedAt?.[colour];
  return at !== undefined && secondsBetween(at, now) < drainSeconds(stricter(from?.limits, limits));
}

/**
 * The colour that has no replicas: an unchanged predecessor after its warm retention that neither has
 * traffic nor gets any nor drains. One that gets traffic has its pods back before the rule moves.
 */
export function coldColour(circumstances: Circumstances): Colour | undefined {
  const { from, to, now } = circumstances;
  const colour = from && predecessorColour(from);
  if (!from || !colour) return undefined;
  const phase = retentionPhase(from, now);
  const idle = mostOf(from, colour) === 0 && to.traffic[colour] === 0 && !isDraining(circumstances, colour);
  const unchanged = sameManifest(from.release[colour], to[colour]);
  return idle && unchanged && (phase === "cold" || phase === "expired") ? colour : undefined;
}

/**
 * Whether a colour's share may rise at once: the live colour, and its unchanged predecessor inside
 * retention, warm or cold. A version that the schema no longer serves is nothing to go back to.
 */
export function isTrusted(circumstances: Circumstances, colour: Colour): boolean {
  const { from, to, now } = circumstances;
  if (!from) return colour === to.live;
  if (!sameManifest(from.release[colour], to[colour])) return false;
  if (!isServed(from.schema, to[colour].version)) return false;
  if (colour === from.release.live) return true;
  const retained = predecessorColour(from) === colour && retentionPhase(from, now) !== "expired";
  return retained && from.retention !== undefined;
}

/** All colours whose share may rise at once. */
export const trustedColours = (circumstances: Circumstances): Colour[] =>
  COLOURS.filter((colour) => isTrusted(circumstances, colour));

/**
 * Whether a version is replaced in place: rolling, on the live colour, which has all traffic throughout.
 *
 * The recorded strategy counts: one edit that changes the strategy and makes use of it would be a way
 * around every other strategy.
 */
export const isInPlace = ({ from, to }: Circumstances, colour: Colour): boolean =>
  from !== undefined &&
  from.release.strategy === "rolling" &&
  to.strategy === "rolling" &&
  to.live === colour &&
  from.release.live === colour &&
  mostOf(from, otherColour(colour)) === 0 &&
  to.traffic[colour] === 100;

/** Whether the live colour goes back, in place, to what it ran before it was last replaced in place. */
export function isRestored({ from, to }: Pick<Circumstances, "from" | "to">): boolean {
  const predecessor = from?.trusted.predecessor;
  return (
    from?.release.live === to.live &&
    predecessor?.colour === to.live &&
    !sameManifest(from.release[to.live], to[to.live]) &&
    sameManifest(predecessor.manifest, to[to.live])
  );
}

/** Whether another colour becomes live with what was live before it, and retained or not, is the predecessor. */
export function goesBack({ from, to }: Pick<Circumstances, "from" | "to">): boolean {
  const predecessor = from?.trusted.predecessor;
  return (
    from?.release.live !== to.live &&
    predecessor?.colour === to.live &&
    sameManifest(predecessor.manifest, to[to.live])
  );
}

/** Whether the live colour and all traffic change in one edit; as with rolling, the recorded strategy counts. */
export const isFlip = ({ from, to }: Circumstances): boolean =>
  from !== undefined &&
  from.release.strategy === "blue-green" &&
  to.strategy === "blue-green" &&
  from.release.live !== to.live &&
  to.traffic[to.live] === 100;
