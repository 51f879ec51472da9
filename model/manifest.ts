import { COLOURS, type Footprint, type Manifest, type Release } from "./release";

const sorted = (record: Readonly<Record<string, string>> | undefined) =>
  Object.entries(record ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

/** Absent and empty parts run the same thing, and so do other orders of the same names. */
const essence = (manifest: Manifest): string =>
  JSON.stringify([
    manifest.version ?? null,
    sorted(manifest.images),
    sorted(manifest.settings),
    manifest.services ? [...new Set(manifest.services)].sort() : null,
  ]);

/** Whether two colours run the same thing. */
export const sameManifest = (one: Manifest, other: Manifest): boolean => essence(one) === essence(other);

/** Whether two releases ask for the same. */
export const sameRelease = (one: Release, other: Release): boolean =>
  one.strategy === other.strategy &&
  one.live === other.live &&
  COLOURS.every((colour) => one.traffic[colour] === other.traffic[colour]) &&
  COLOURS.every((colour) => sameManifest(one[colour], other[colour]));

/** What differs between two manifests, as keys of configuration. */
export function differences(before: Manifest, after: Manifest): (keyof Manifest)[] {
  const keys = ["version", "images", "settings", "services"] as const;
  return keys.filter((key) => !sameManifest({ [key]: before[key] }, { [key]: after[key] }));
}

/** The services that a colour has: those its manifest names, or every service of the stack. */
export const servicesOf = (
  manifest: Manifest,
  services: Readonly<Record<string, Footprint>>,
): readonly string[] => (manifest.version === undefined ? [] : (manifest.services ?? Object.keys(services)));
