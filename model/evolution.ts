import { compare, lt, valid } from "semver";
import type { Migration, Schema } from "./migration";
import { COLOURS, type Colour, type DeployedManifest, type Release, otherColour } from "./release";
import type { Transition } from "./rule";

/** A colour's manifest with the migration that its version needs. */
export type Migrating = DeployedManifest & { readonly colour: Colour; readonly migration: Migration };

/** What a migration or a rollback leaves behind; the time is known once it has. */
export type Evolved = Omit<Schema, "at">;

type Evolving = Pick<Transition, "from" | "to" | "recovery">;

/**
 * Whether one version is older than another. Versions that are not semantic cannot be compared, and nothing
 * is known of them: only equal ones are not older.
 */
export const isOlder = (one: string, other: string): boolean =>
  valid(one) !== null && valid(other) !== null ? lt(one, other) : one !== other;

/** Whether a version can run on the schema. Without a schema nothing has been taken from anybody. */
export const isServed = (schema: Pick<Schema, "serves"> | undefined, version: string | undefined): boolean =>
  schema === undefined || version === undefined || !isOlder(version, schema.serves);

/**
 * Whether the schema has all that a version's migration gives. Versions have the order of the schema's
 * revisions: what a newer version migrated includes what the older ones need. The version that migrated last may
 * have another migration since, which counts as one that is still to run.
 */
function reaches(schema: Schema | undefined, version: string, { revision, serves }: Migration): boolean {
  if (schema === undefined || isOlder(schema.version, version)) return false;
  return isOlder(version, schema.version) || (schema.revision === revision && schema.serves === serves);
}

/** The colours whose version has a migration, the oldest version first; one that is undone has none. */
export const migrating = ({ to, recovery }: Omit<Evolving, "from">): Migrating[] =>
  COLOURS.flatMap((colour) => {
    const { version, migration } = to[colour];
    if (version === undefined || !migration || recovery?.downgrade?.colour === colour) return [];
    return [{ ...to[colour], colour, version, migration }];
  }).sort((one, other) => order(one.version, other.version));

const order = (one: string, other: string): number =>
  valid(one) !== null && valid(other) !== null ? compare(one, other) : 0;

/** The migrations that the update runs before it deploys their versions, the oldest version first. */
export const pending = (transition: Evolving): Migrating[] =>
  migrating(transition).filter(
    ({ version, migration }) => !reaches(transition.from?.schema, version, migration),
  );

/**
 * The migrations whose Jobs are there: those that the update runs, and the last one that has run. An older
 * one's goes with the update that brings its successor, and none comes back on a schema that is past it: the
 * tools of an old version do not know the revisions of a newer one.
 */
export function standing(transition: Evolving): Migrating[] {
  const all = migrating(transition);
  const newest = all.at(-1);
  const last = transition.from?.schema?.version;
  return all.filter(
    ({ version }) =>
      (last === undefined || !isOlder(version, last)) && newest && !isOlder(version, newest.version),
  );
}

/** Whether a colour's migration had completed before this update, or there is none to complete. */
export const hasMigrated = (transition: Evolving, colour: Colour): boolean => {
  const { version, migration } = transition.to[colour];
  if (version === undefined || !migration) return true;
  const { from, recovery } = transition;
  return recovery?.downgrade?.colour !== colour && reaches(from?.schema, version, migration);
};

/**
 * The schema after a rollback, by the version that stays. Where that one declares no migration, nothing older
 * than it is known to be served.
 */
export function undone(to: Release, { colour, to: revision }: { colour: Colour; to: string }): Evolved {
  const { version = "none", migration } = to[otherColour(colour)];
  return {
    revision,
    phase: migration?.phase ?? "expand",
    serves: migration?.serves ?? version,
    version,
  };
}

/** What a migration leaves behind. */
export const evolved = ({ version, migration: { revision, phase, serves } }: Migrating): Evolved => ({
  revision,
  phase,
  serves,
  version,
});

/** Whether the rollback that is asked for has been: the schema is at its revision. */
export const isUndone = ({ from, recovery }: Evolving): boolean =>
  recovery?.downgrade !== undefined && from?.schema?.revision === recovery.downgrade.to;

/** The schema that stands once the update has succeeded; the former one where nothing migrates. */
export function schemaAfter(transition: Evolving & Pick<Transition, "now">): Schema | undefined {
  const { from, to, recovery, now } = transition;
  const downgrade = isUndone(transition) ? undefined : recovery?.downgrade;
  const last = pending(transition).at(-1);
  if (last) return { ...evolved(last), at: now };
  return downgrade ? { ...undone(to, downgrade), at: now } : from?.schema;
}
