import { sameManifest } from "../manifest";
import { quantity } from "../quantity";
import type { Colour, Footprint, Manifest, Recorded } from "../release";
import type { Transition } from "../rule";
import { remove, set } from "../schema/faults";
import { type ServiceChange, serviceChange } from "../serviceLists";

/** What a colour gains and loses of services, whichever of its lists are the stack's. */
export const servicesChanged = (
  { to, services }: Transition,
  from: Recorded,
  colour: Colour,
): ServiceChange =>
  serviceChange(
    { manifest: from.release[colour], services: from.services },
    { manifest: to[colour], services },
  );

/** A manifest apart from its service list. */
export const withoutList = ({ services: _, ...manifest }: Manifest): Manifest => manifest;

/**
 * Whether a colour runs what it ran: a list that is spelt out and the same list by default are equal, and one
 * that follows the stack's differs with it.
 */
export function sameRun(transition: Transition, from: Recorded, colour: Colour): boolean {
  const { gained, lost } = servicesChanged(transition, from, colour);
  return (
    gained.length === 0 &&
    lost.length === 0 &&
    sameManifest(withoutList(from.release[colour]), withoutList(transition.to[colour]))
  );
}

/** What says how large a service is. */
export const SIZES = ["replicas", "maxReplicas", "cpu", "memory"] as const;

/** A size as a number, to be compared with another of the same kind. */
export const sizeOf = (footprint: Footprint, key: (typeof SIZES)[number]): number => {
  const value = footprint[key];
  return typeof value === "string" ? quantity(value) : (value ?? 0);
};

/** The commands that spell a colour's services out; a list is set element by element. */
export const nameServices = (colour: Colour, names: readonly string[]): string =>
  [
    remove(["release", colour, "services"]),
    ...names.map((name, index) => set(["release", colour, "services", index], name)),
  ].join(" && ");
