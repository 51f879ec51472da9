import { capacityOf } from "./capacity";
import { changesOf } from "./footprint";
import { sameManifest } from "./manifest";
import { COLOURS, type Colour, type Footprint, type Recorded, type Release, otherColour } from "./release";
import type { Transition } from "./rule";
import { sharesAt } from "./shares";
import { type Circumstances, isTrusted } from "./trust";

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
      from: from ? sharesAt(from, service)[colour] : 0,
      to: to.traffic[colour],
    })).filter((rise) => rise.to > rise.from),
  );

/** The rises of versions that are not trusted: those that the rules are about. */
export const untrustedRises = (transition: Transition): ShareRise[] =>
  rises(transition).filter(({ colour }) => !isTrusted(transition, colour));

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
 * it is. It is permitted at any time, unless the schema does not serve what it goes back to.
 */
export function isRetreat(transition: Transition): boolean {
  const { from, to, services } = transition;
  if (!from) return false;
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
