import type { Held, World } from "../world";
import type { Credentials } from "./credentials";

export const DB_INSTANCE = "aws:rds/instance:Instance";

/** How the world remembers a database's users beside its master: no API of AWS's shows them. */
const USER = "local:database/user";

/** An instance by its identifier, its ARN, or its id. */
export function instanceAt(world: World, name: string): Held | undefined {
  return (
    world.get(DB_INSTANCE, name) ??
    world
      .all(DB_INSTANCE)
      .find(({ properties: { identifier, arn } }) => name !== "" && (identifier === name || arn === name))
  );
}

/** The primary that a host name leads to; a replica has the users of its source. */
export function databaseAt(world: World, host: string): Held | undefined {
  let found = world.all(DB_INSTANCE).find(({ properties }) => properties.address === host);
  for (let seen = 0; found && seen < 8; seen++) {
    const source = found.properties.replicateSourceDb;
    if (typeof source !== "string" || source === "") break;
    found = instanceAt(world, source);
  }
  return found;
}

/** Creates a user where the database knows none of that name. */
export function addUser(world: World, credentials: Credentials): void {
  const database = databaseAt(world, credentials.host);
  if (!database || passwordOf(world, database, credentials.username) !== undefined) return;
  setPassword(world, database, credentials.username, credentials.password);
}

/** Sets a user's password, and creates the user first where there is none. */
export function setPassword(world: World, database: Held, username: string, password: string): void {
  world.put({ type: USER, id: `${database.id} ${username}`, properties: { password } });
}

/** Drops all users of a database that is gone. */
export function dropUsers(world: World, database: Held): void {
  for (const { id } of world.all(USER)) if (id.startsWith(`${database.id} `)) world.remove(USER, id);
}

/** Why a database refuses these credentials, in PostgreSQL's words; undefined where it accepts them. */
export function refusal(world: World, { host, username, password }: Credentials): string | undefined {
  const database = databaseAt(world, host);
  if (!database) return `could not translate host name "${host}" to address: Name or service not known`;
  return passwordOf(world, database, username) === password
    ? undefined
    : `FATAL: password authentication failed for user "${username}"`;
}

function passwordOf(world: World, database: Held, username: string): unknown {
  const user = world.get(USER, `${database.id} ${username}`);
  if (user) return user.properties.password;
  return database.properties.username === username ? database.properties.password : undefined;
}
