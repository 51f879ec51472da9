import { capacityOf } from "./capacity";
import type { Migration } from "./migration";
import { COLOURS, type Manifest, type Release } from "./release";

const sorted = (record: Readonly<Record<string, string>> | undefined) =>
  Object.entries(record ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

/** Absent and empty parts run the same thing, and so do other orders of the same names. */
const essence = (manifest: Manifest): string =>
  JSON.stringify([
    manifest.version ?? null,
    sorted(manifest.images),
    sorted(manifest.settings),
    manifest.services ? [...new Set(manifest.services)].sort() : null,
    manifest.migration ? parts(manifest.migration) : null,
  ]);

const parts = (migration: Migration): unknown[] => [
  migration.revision,
  migration.phase,
  migration.serves,
  migration.service ?? null,
  migration.command ?? null,
  migration.deadlineSeconds ?? null,
  migration.downgrade ?? null,
];

/** Whether two migrations are the same one. */
export const sameMigration = (one: Migration | undefined, other: Migration | undefined): boolean =>
  JSON.stringify(one && parts(one)) === JSON.stringify(other && parts(other));

/** Whether two colours run the same thing. */
export const sameManifest = (one: Manifest, other: Manifest): boolean => essence(one) === essence(other);

/** Whether two releases run the same and share traffic the same way: what bakes. */
export const sameRunning = (one: Release, other: Release): boolean =>
  one.strategy === other.strategy &&
  one.live === other.live &&
  COLOURS.every((colour) => one.traffic[colour] === other.traffic[colour]) &&
  COLOURS.every((colour) => sameManifest(one[colour], other[colour]));

/** Whether two releases ask for the same, so that there is nothing to do between them. */
export const sameRelease = (one: Release, other: Release): boolean =>
  sameRunning(one, other) && COLOURS.every((colour) => capacityOf(one, colour) === capacityOf(other, colour));

/** What differs between two manifests, as keys of configuration. */
export function differences(before: Manifest, after: Manifest): (keyof Manifest)[] {
  const keys = ["version", "images", "settings", "services", "migration"] as const;
  return keys.filter((key) => !sameManifest({ [key]: before[key] }, { [key]: after[key] }));
}

/** The services that a colour has: those its manifest names, or every service of the stack. */
export const servicesOf = (
  manifest: Manifest,
  services: Readonly<Record<string, unknown>>,
): readonly string[] => (manifest.version === undefined ? [] : (manifest.services ?? Object.keys(services)));
