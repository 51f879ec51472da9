import { bakedAfter } from "./baked";
import { schemaAfter } from "./evolution";
import { flagsAfter } from "./flags/settled";
import { withUsed } from "./leave";
import { stricter } from "./limits";
import { sameManifest, sameRunning } from "./manifest";
import { publicNames, sameFootprints } from "./movement";
import { COLOURS, type Colour, type Recorded, type Release, type Retention, type Trusted } from "./release";
import type { Transition } from "./rule";
import { sharesOf } from "./serviceLists";
import { areUneven, mostOf } from "./shares";
import { takenBackAfter } from "./takenBack";
import { goesBack, isRestored, isTrusted } from "./trust";
import { usedOverrides } from "./verdict";

type Trust = Pick<Recorded, "trusted" | "retention">;

/**
 * What the state records once the update has succeeded. It depends on `now` only where something changes,
 * so a second identical update records the same.
 *
 * @param judged ISO time at which the transition was judged. Default: `now`. An update takes its time, and an
 *   override that was needed at its beginning is used, whether or not it would be needed at its end
 * @throws Error where the live colour has no version, which no permitted transition asks for
 */
export function next(transition: Transition, judged = transition.now): Recorded {
  const { from, to, services, limits, now, providers } = transition;
  // Other footprints start other pods, and those have not baked. More pods of the same are no other ones.
  const unchanged =
    from !== undefined && sameRunning(from.release, to) && sameFootprints(from, services) && !areUneven(from);
  const trusting = trust(transition);
  const drainedAt = drained(transition);
  const schema = schemaAfter(transition);
  const takenBack = takenBackAfter(transition, judged);
  const overrides = withUsed(from?.overrides, usedOverrides({ ...transition, now: judged }), now);
  const platform = transition.platform ?? from?.platform;
  const flags = flagsAfter(transition, untried(transition));
  return {
    release: to,
    rules: Object.fromEntries(
      publicNames(services)
        .filter((service) => isShared(to, service))
        .map((service) => [service, to.traffic]),
    ),
    since: unchanged ? from.since : now,
    ...trusting,
    baked: bakedAfter(transition, trusting),
    ...(Object.keys(drainedAt).length > 0 && { drainedAt }),
    ...(schema && { schema }),
    limits,
    ...(takenBack.length > 0 && { takenBack }),
    ...(overrides.length > 0 && { overrides }),
    ...(platform && { platform }),
    ...(flags && { flags }),
    ...(providers && { providers }),
    services,
  };
}

/** The version that has traffic after an update, and may not be gone back to. */
const untried = (transition: Transition): string | undefined => {
  const { to } = transition;
  const colour = COLOURS.find((name) => to.traffic[name] > 0 && !isTrusted(transition, name));
  return colour && to[colour].version;
};

/** A service that one colour has to itself is not shared, and no rule of it is the release's. */
const isShared = (to: Release, service: string): boolean => {
  const shares = sharesOf(to, service);
  return shares !== undefined && shares.sole === undefined;
};

function trust({ from, to, limits, now }: Transition): Trust {
  if (!from) return { trusted: trusted(to, now) };
  const before = from.release.live;
  const manifest = from.release[before];
  if (to.live !== before) {
    // A version that was taken back is nothing to go back to.
    if (goesBack({ from, to })) return { trusted: trusted(to, now) };
    const predecessor = { colour: before, manifest };
    return {
      trusted: trusted(to, now, predecessor),
      retention: retention(now, stricter(from.limits, limits)),
    };
  }
  if (!sameManifest(manifest, to[before])) {
    return { trusted: trusted(to, now, isRestored({ from, to }) ? undefined : { colour: before, manifest }) };
  }
  return kept(from, to);
}

/** The predecessor is one only as long as its colour keeps its manifest. */
function kept({ trusted: before, retention: until }: Recorded, to: Release): Trust {
  const { predecessor, ...rest } = before;
  if (!predecessor) return { trusted: before };
  const held = predecessor.colour === to.live || sameManifest(predecessor.manifest, to[predecessor.colour]);
  return held ? { trusted: before, ...(until && { retention: until }) } : { trusted: rest };
}

function trusted(to: Release, at: string, predecessor?: Trusted["predecessor"]): Trusted {
  const { version } = to[to.live];
  if (version === undefined) {
    throw new Error(`sluice:release.${to.live}.version: the live colour has no version to be recorded`);
  }
  return { colour: to.live, version, at, ...(predecessor && { predecessor }) };
}

function retention(now: string, limits: Transition["limits"]): Retention {
  const warmUntil = Date.parse(now) + limits.warmSeconds * 1000;
  const coldUntil = warmUntil + limits.coldSeconds * 1000;
  return { warmUntil: new Date(warmUntil).toISOString(), coldUntil: new Date(coldUntil).toISOString() };
}

function drained({ from, to, now }: Transition): Partial<Record<Colour, string>> {
  const entries = COLOURS.flatMap((colour) => {
    if (!from || to.traffic[colour] > 0) return [];
    const at = mostOf(from, colour) > 0 ? now : from.drainedAt?.[colour];
    return at === undefined ? [] : [[colour, at] as const];
  });
  return Object.fromEntries(entries);
}
