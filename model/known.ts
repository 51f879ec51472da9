import { type Baked, bakedIn } from "./baked";
import { type Sized, capacityOf, floorOf } from "./capacity";
import type { Environment } from "./environments";
import { isServed } from "./evolution";
import type { Beside } from "./flags";
import { COLOURS, type Colour, type Recorded, type Release, type Strategy } from "./release";
import { isRecord } from "./schema/faults";
import { predecessorColour, secondsBetween } from "./trust";

/**
 * What a rollback must know of a release beside what the load balancer says: who is trusted. The program
 * publishes it in a parameter, for weights alone do not tell which colour is the live one.
 */
export interface Known {
  readonly live: Colour;
  readonly strategy: Strategy;
  /** The version of each colour that has one. */
  readonly versions: Partial<Readonly<Record<Colour, string>>>;
  /** The former live colour, where it has kept what it ran. */
  readonly predecessor?: Predecessor;
  /** Colours whose version the database's schema no longer serves. */
  readonly unserved: readonly Colour[];
  /** By public service. */
  readonly sizes: Readonly<Record<string, Size>>;
  /** What has baked here, the newest first. Absent: published before that was. */
  readonly baked?: readonly Baked[];
  /** Flags that rose together with a version, by name: they fall with it. Absent: none did. */
  readonly flags?: Readonly<Record<string, Beside>>;
}

/** A colour that the live one took over from, and for how long that counts, as ISO times. */
export interface Predecessor {
  readonly colour: Colour;
  /** Until then it is a way back. */
  readonly until: string;
  /** Until then it is at full size. Absent: published before that was, so nobody can say. */
  readonly warmUntil?: string;
}

/** Pods of one colour at full size, and the least number of either colour. */
export interface Size {
  readonly replicas: number;
  readonly floors: Readonly<Record<Colour, number>>;
}

/** What a state, or what is about to be one, says. */
export function knownOf(recorded: Recorded): Known {
  const { release, retention, schema, services } = recorded;
  const colour = predecessorColour(recorded);
  return {
    live: release.live,
    strategy: release.strategy,
    versions: versionsOf(release),
    ...(colour &&
      retention && {
        predecessor: { colour, until: retention.coldUntil, warmUntil: retention.warmUntil },
      }),
    unserved: COLOURS.filter((name) => !isServed(schema, release[name].version)),
    sizes: sizesOf(release, services),
    ...(recorded.baked && { baked: recorded.baked }),
    ...besideIn(recorded),
  };
}

function besideIn({ flags = {} }: Recorded): Pick<Known, "flags"> {
  const found = Object.entries(flags).flatMap(([name, { beside }]) => (beside ? [[name, beside]] : []));
  return found.length === 0 ? {} : { flags: Object.fromEntries(found) as NonNullable<Known["flags"]> };
}

/** Flags that fall before a version's traffic goes back, each with the percentage to which. */
export const fallingWith = (
  { flags = {} }: Pick<Known, "flags">,
  version: string | undefined,
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(flags).flatMap(([name, beside]) =>
      beside.version === version ? [[name, beside.was]] : [],
    ),
  );

/** Whether traffic may go to a colour at once: the live one, and its predecessor for as long as it is a way back. */
export function isWayBack({ live, predecessor, unserved }: Known, colour: Colour, now: string): boolean {
  if (unserved.includes(colour)) return false;
  if (colour === live) return true;
  return predecessor?.colour === colour && secondsBetween(now, predecessor.until) > 0;
}

/** Whether the predecessor is at full size: then going back to it costs its users nothing. */
export const isWarm = ({ predecessor }: Known, now: string): boolean =>
  predecessor?.warmUntil !== undefined && secondsBetween(now, predecessor.warmUntil) > 0;

/** The sizes of those services that the world reaches. */
export const sizesOf = (
  release: Release,
  services: Readonly<Record<string, Sized & { readonly public?: unknown }>>,
): Known["sizes"] =>
  Object.fromEntries(
    Object.entries(services)
      .filter(([, { public: exposed }]) => Boolean(exposed))
      .map(([service, size]) => {
        const floor = (colour: Colour) => floorOf(size, capacityOf(release, colour));
        return [service, { replicas: size.replicas, floors: { blue: floor("blue"), green: floor("green") } }];
      }),
  );

/** The version of each colour that has one. */
export const versionsOf = (release: Pick<Release, Colour>): Known["versions"] =>
  Object.fromEntries(
    COLOURS.flatMap((colour) => {
      const { version } = release[colour];
      return version === undefined ? [] : [[colour, version]];
    }),
  );

/**
 * For the parameter; the inverse of {@link parseKnown}. The engine's state has its keys in an order of its own, which
 * is no change of what is said.
 */
export const formatKnown = (known: Known): string =>
  JSON.stringify(known, (_, value: unknown) =>
    isRecord(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );

/**
 * What the parameter's value says.
 *
 * @throws Error where it is not what a program publishes: what cannot be read must not count as absent
 */
export function parseKnown(value: string): Known {
  let known: Partial<Known> | null;
  try {
    known = JSON.parse(value) as Partial<Known> | null;
  } catch {
    throw new Error(`what the stack publishes is no JSON: found ${value}`);
  }
  const isWhole =
    COLOURS.some((colour) => colour === known?.live) &&
    typeof known?.strategy === "string" &&
    isRecord(known.versions) &&
    Array.isArray(known.unserved) &&
    isRecord(known.sizes) &&
    (known.baked === undefined || bakedIn(known.baked) !== undefined);
  if (!isWhole) throw new Error(`what the stack publishes lacks a part: found ${value}`);
  return known as Known;
}

/** The SSM parameter in which a stack says, outside the engine, who is trusted: a `Known` as JSON. */
export const releaseParameter = (app: string, environment: Environment): string =>
  `/sluice/${app}/${environment}/release`;
