import { capacityOf } from "./capacity";
import { changesOf } from "./footprint";
import { isSettled } from "./flags/settled";
import { sameManifest } from "./manifest";
import {
  COLOURS,
  type Colour,
  type Footprint,
  type Recorded,
  type Release,
  type Shares,
  otherColour,
} from "./release";
import type { Transition } from "./rule";
import { sharesOf } from "./serviceLists";
import { sharesAt } from "./shares";
import { type Circumstances, isInPlace, isRestored, isTrusted } from "./trust";

/** A colour's share going up at one public service. */
export interface ShareRise {
  readonly service: string;
  readonly colour: Colour;
  /** Shares before, as the rule truly has it, and after, in percent. */
  readonly from: number;
  readonly to: number;
}

/** The colour that is not live. */
export const candidate = (release: Pick<Release, "live">): Colour => otherColour(release.live);

/** Names of the services that have rules after the transition. */
export const publicNames = (services: Readonly<Record<string, Footprint>>): string[] =>
  Object.keys(services).filter((name) => services[name]?.public);

/** Every rise at every public service, of trusted colours too. */
export const rises = ({ from, to, services }: Pick<Transition, "from" | "to" | "services">): ShareRise[] =>
  publicNames(services).flatMap((service) =>
    COLOURS.map((colour) => ({
      service,
      colour,
      from: from ? sharesBefore(from, to, service)[colour] : 0,
      to: to.traffic[colour],
    })).filter((rise) => rise.to > rise.from),
  );

/** What a service's rule forwards before the transition. What a colour had to itself, and has no more, was all its own. */
function sharesBefore(from: Recorded, to: Release, service: string): Shares {
  const had = sharesOf(from.release, service);
  const ends = had?.sole !== undefined && sharesOf(to, service)?.sole === undefined;
  return ends && !from.rules[service] ? had.shares : sharesAt(from, service);
}

/** The rises of versions that are not trusted: those that the rules are about. */
export const untrustedRises = (transition: Transition): ShareRise[] =>
  rises(transition).filter(({ colour }) => !isTrusted(transition, colour));

/** The colours whose version gets users whom it did not have: by a greater share, or in the place of another one. */
export const gaining = (transition: Transition): Colour[] => {
  const rising = new Set(untrustedRises(transition).map(({ colour }) => colour));
  return COLOURS.filter((colour) => rising.has(colour) || replaces(transition, colour));
};

/** Whether what had a colour's users gives way to another version or, in place, to another manifest of it. */
function replaces(transition: Transition, colour: Colour): boolean {
  const { from, to } = transition;
  if (!from || to.traffic[colour] === 0) return false;
  const [before, after] = [from.release[colour], to[colour]];
  const changes = isInPlace(transition, colour)
    ? !sameManifest(before, after)
    : before.version !== after.version;
  // Going back in place brings nobody what is new.
  return changes && !(colour === to.live && isRestored(transition));
}

/** Whether any version that is not trusted gets a greater share. */
export const isRise = (transition: Transition): boolean => untrustedRises(transition).length > 0;

/** Whether `live` goes back to the predecessor, which gets or has all traffic. */
export const isLiveRetreat = (circumstances: Circumstances): boolean => {
  const { from, to } = circumstances;
  return (
    from !== undefined &&
    to.live !== from.release.live &&
    to.traffic[to.live] === 100 &&
    isTrusted(circumstances, to.live)
  );
};

/**
 * Whether traffic only moves away from versions that are not trusted, while everything that runs stays as
 * it is. It is permitted at any time, unless the schema does not serve what it goes back to. A change of the platform
 * beside it does not matter: it may be one that an update has begun and that cannot be taken back.
 *
 * One that leaves no untrusted version a user is a retreat whatever else is said about shares and flags; one that
 * leaves some of them must not hide another strategy or a flag that rises under them.
 */
export function isRetreat(transition: Transition): boolean {
  const { from, to, services } = transition;
  if (!from) return false;
  const whole = COLOURS.every((colour) => to.traffic[colour] === 0 || isTrusted(transition, colour));
  if (!whole && (to.strategy !== from.release.strategy || isFlagRise(transition))) return false;
  const same = COLOURS.every((colour) => sameManifest(from.release[colour], to[colour]));
  const liveMoves = to.live !== from.release.live;
  const moves = liveMoves || rises(transition).length > 0;
  return (
    moves &&
    same &&
    COLOURS.every((colour) => capacityOf(to, colour) >= capacityOf(from.release, colour)) &&
    sameFootprints(from, services) &&
    !isRise(transition) &&
    (!liveMoves || isLiveRetreat(transition))
  );
}

/** Whether the stack has the same services, each with the same size, image, probes and address. */
export function sameFootprints(from: Recorded, services: Readonly<Record<string, Footprint>>): boolean {
  const names = new Set([...Object.keys(from.services), ...Object.keys(services)]);
  return [...names].every((name) => {
    const [before, after] = [from.services[name], services[name]];
    return before && after && changesOf(before, after).length === 0;
  });
}

/** Whether any flag that is not settled gets more sessions. What was not recorded had none. */
const isFlagRise = (transition: Transition): boolean =>
  Object.entries(transition.flags ?? {}).some(
    ([name, { percentage }]) =>
      !isSettled(transition, name) && percentage > (transition.from?.flags?.[name]?.percentage ?? 0),
  );
