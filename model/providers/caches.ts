import { sameManifest } from "../manifest";
import { COLOURS, type Colour, type Manifest, type Release } from "../release";
import type { Transition } from "../rule";
import { mostOf } from "../shares";
import type { Declared, Providers } from "./providers";
import { usedBy } from "./tasks";

/** What a colour's keys in the cache begin with: no colour reads what another one has written. */
export const cachePrefix = (colour: Colour): string => `${colour}:`;

/** Whether what a colour has cached is to go when it is taken back. */
export const clearsCaches = (manifest: Manifest, providers: Declared): boolean =>
  usedBy(manifest, Object.keys(providers)).some((name) => providers[name]?.clearCaches);

/** What whoever takes all traffic from a colour should know; undefined where nothing that it has cached is to go. */
export const cachesLeft = (
  { release, providers }: { readonly release: Release; readonly providers: Providers },
  colour: Colour,
): string | undefined =>
  clearsCaches(release[colour], providers)
    ? `what ${colour} has cached is cleared by a Job of the next pulumi up`
    : undefined;

/** A colour whose caches are to be cleared, because its version was taken back. */
export interface Clearing {
  readonly colour: Colour;
  readonly version: string;
  /** ISO time of the update that took its traffic away. */
  readonly at: string;
}

/**
 * The colours whose caches are to be cleared: those that the state says were taken back, from the update after it on.
 * So nothing of it is in the update that moves traffic, and it is the same in each that follows until the colour gets
 * something else to run, or users.
 */
export const clearings = ({ from, to }: Pick<Transition, "from" | "to">, providers: Providers): Clearing[] =>
  COLOURS.flatMap((colour) => {
    const { version } = to[colour];
    if (!from || version === undefined || colour === to.live || colour === from.release.live) return [];
    const back = from.takenBack?.find((one) => one.version === version);
    const idle = mostOf(from, colour) === 0 && to.traffic[colour] === 0;
    const same = sameManifest(from.release[colour], to[colour]);
    return back && idle && same && clearsCaches(to[colour], providers)
      ? [{ colour, version, at: back.at }]
      : [];
  });
