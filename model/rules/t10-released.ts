import { capacityOf } from "../capacity";
import { pending } from "../evolution";
import { type Aspect, changesOf } from "../footprint";
import { isLiveRetreat, untrustedRises } from "../movement";
import { platformChanges } from "../platform";
import { COLOURS, type Colour, type Footprint, type Recorded } from "../release";
import type { Transition } from "../rule";
import { type Path, format, remove, set } from "../schema/faults";
import { leastOf } from "../shares";
import { isInPlace, isRestored } from "../trust";
import { SIZES, sameRun, sizeOf } from "./running";
import { giveTraffic } from "./wording";

/** One thing that an update would release. */
export interface Released {
  readonly where: string;
  readonly told: string;
  /** What leaves it as it is. */
  readonly keep: string;
}

/**
 * What an update would bring to users or change under them. A new stack has no users; a fall, a return to what was
 * trusted before and more capacity bring nothing new.
 */
export const released = (transition: Transition): Released[] => {
  const { from } = transition;
  if (!from) return [];
  return [
    ...rising(transition, from),
    ...promoted(transition, from),
    ...strategies(transition, from),
    ...COLOURS.flatMap((colour) => manifests(transition, from, colour)),
    ...platforms(transition, from),
    ...flags(transition, from),
    ...services(transition, from),
    ...COLOURS.flatMap((colour) => lessCapacity(transition, from, colour)),
  ];
};

const putBack = (path: Path): string => `put ${format(path)} back: git restore -p Pulumi.<stack>.yaml`;

const rising = (transition: Transition, from: Recorded): Released[] =>
  [...new Set(untrustedRises(transition).map(({ colour }) => colour))].map((colour) => {
    const least = leastOf(from, colour);
    return {
      where: format(["release", "traffic", colour]),
      told: `${colour} from ${least} % to ${transition.to.traffic[colour]} %`,
      keep: giveTraffic(colour, least),
    };
  });

function promoted(transition: Transition, from: Recorded): Released[] {
  const { live } = transition.to;
  if (live === from.release.live || isLiveRetreat(transition)) return [];
  const where = ["release", "live"] as const;
  return [{ where: format(where), told: `${live} live`, keep: set(where, from.release.live) }];
}

function strategies({ to }: Transition, { release }: Recorded): Released[] {
  if (to.strategy === release.strategy) return [];
  const where = ["release", "strategy"] as const;
  const told = `the strategy ${release.strategy} → ${to.strategy}`;
  return [{ where: format(where), told, keep: set(where, release.strategy) }];
}

/** Also a migration that is still to run for what has been deployed. */
function manifests(transition: Transition, from: Recorded, colour: Colour): Released[] {
  const { to } = transition;
  const { live } = to;
  if (colour === live && isInPlace(transition, live) && isRestored(transition)) return [];
  const [before, after] = [from.release[colour].version, to[colour].version];
  if (!sameRun(transition, from, colour)) {
    const path = ["release", colour, "version"] as const;
    if (before === after) {
      return [
        {
          where: format(["release", colour]),
          told: `another manifest of ${after ?? "none"} on ${colour}`,
          keep: putBack(["release", colour]),
        },
      ];
    }
    const keep = before === undefined ? remove(path) : set(path, before);
    return [{ where: format(path), told: `${after ?? "no version"} on ${colour}`, keep }];
  }
  const path = ["release", colour, "migration"] as const;
  return pending(transition)
    .filter((one) => one.colour === colour)
    .map(({ version }) => ({
      where: format(path),
      told: `the migration of ${version}`,
      keep: putBack(path),
    }));
}

const platforms = ({ platform }: Transition, from: Recorded): Released[] =>
  from.platform && platform
    ? platformChanges(from.platform, platform).map(({ path, name, before, after }) => ({
        where: path ? name : "sluice:backends",
        told: `${name} ${before} → ${after}`,
        keep: path ? set(path, before) : `put ${name} back to ${before}`,
      }))
    : [];

const flags = ({ flags: after = {} }: Transition, { flags: before = {} }: Recorded): Released[] =>
  Object.entries(after).flatMap(([name, { percentage }]) => {
    const had = before[name]?.percentage ?? 0;
    const where = format(["flags", name]);
    return percentage > had
      ? [
          {
            where,
            told: `the flag ${name} from ${had} % to ${percentage} %`,
            keep: `keep ${name} at ${had} %`,
          },
        ]
      : [];
  });

function services({ services: after }: Transition, { services: before }: Recorded): Released[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) => {
    const [was, is] = [before[name], after[name]];
    const path = ["services", name] as const;
    if (!was) return [{ where: format(path), told: `the service ${name}`, keep: remove(path) }];
    if (!is) return [{ where: format(path), told: `no service ${name}`, keep: putBack(path) }];
    const changed = changesOf(was, is).filter((aspect) => !isLarger(aspect, was, is));
    return changed.length === 0
      ? []
      : [{ where: format(path), told: `${changed.join(", ")} of ${name}`, keep: putBack(path) }];
  });
}

function isLarger(aspect: Aspect, was: Footprint, is: Footprint): boolean {
  const key = SIZES.find((one) => one === aspect);
  return key !== undefined && sizeOf(is, key) > sizeOf(was, key);
}

function lessCapacity({ to }: Transition, { release }: Recorded, colour: Colour): Released[] {
  const [before, after] = [capacityOf(release, colour), capacityOf(to, colour)];
  if (after >= before) return [];
  const path = ["release", "capacity", colour] as const;
  return [{ where: format(path), told: `a capacity of ${after} % for ${colour}`, keep: set(path, before) }];
}
