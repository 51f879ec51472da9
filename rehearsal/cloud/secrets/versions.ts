import { credentialsOf } from "../data/credentials";
import { addUser } from "../data/users";
import type { Held, World } from "../world";
import { SECRET, SECRET_VERSION } from "./tokens";

const CURRENT = "AWSCURRENT";
const PREVIOUS = "AWSPREVIOUS";

/** The versions of a secret, oldest first. @param arn of the secret, or its name, as the version was put. */
export const versionsOf = (world: World, arn: string): Held[] =>
  world.all(SECRET_VERSION).filter(({ properties }) => properties.secretId === arn);

/** A secret by its ARN, its name, or its ARN without the six random characters. */
export function secretAt(world: World, name: string): Held | undefined {
  return (
    world.get(SECRET, name) ??
    world
      .all(SECRET)
      .find(({ id, properties }) => properties.name === name || id.replace(/-[^-]{6}$/, "") === name)
  );
}

/** The version that `AWSCURRENT` stands at; undefined where the secret has no value yet. */
export const currentVersion = (world: World, arn: string): Held | undefined =>
  versionsOf(world, arn).findLast(({ properties }) => stagesOf(properties).includes(CURRENT));

/**
 * A new version is the current one: the one before becomes the previous, and the one before that loses its
 * stage. The first version that names a user of a database stands for that user's creation; a later one does not
 * reach the database, so that a value put by hand is refused there, as it would be.
 */
export function putVersion(world: World, held: Held): void {
  const { secretId, secretString } = held.properties;
  const others = versionsOf(world, String(secretId)).filter(({ id }) => id !== held.id);
  if (!stagesOf(held.properties).includes(CURRENT)) return;
  for (const other of others) {
    const versionStages = stagesOf(other.properties).includes(CURRENT) ? [PREVIOUS] : [];
    other.properties = { ...other.properties, versionStages };
    world.put(other);
  }
  const credentials = credentialsOf(secretString);
  if (others.length === 0 && credentials) addUser(world, credentials);
}

const stagesOf = ({ versionStages }: Held["properties"]): unknown[] =>
  Array.isArray(versionStages) ? versionStages : [];
