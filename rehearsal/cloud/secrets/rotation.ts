import { randomBytes } from "node:crypto";
import { credentialsOf, fieldsOf } from "../data/credentials";
import { databaseAt, refusal, setPassword } from "../data/users";
import { CloudError } from "../faults";
import type { World } from "../world";
import { ROTATION, SECRET_VERSION, STACK } from "./tokens";
import { currentVersion, putVersion, secretAt } from "./versions";

/**
 * How a secret's password is rotated. `alternating`: the user that is not in use gets a new password and becomes
 * the current one; the one before stays valid until the next rotation. `single`: the one user's password
 * changes at once, and whoever still holds the former one is refused.
 */
export type Strategy = "alternating" | "single";

/** What a rotation made current. */
export interface Rotated {
  readonly secret: string;
  readonly versionId: string;
  readonly username: string;
}

/** What AWS's rotation functions append to the name of the second user. */
const CLONE = "_clone";

/** The strategy of the function that a secret's rotation names: AWS's for several users, or any other. */
export function strategyOf(world: World, arn: string): Strategy {
  const lambda = world.get(ROTATION, arn)?.properties.rotationLambdaArn;
  const application = world
    .all(STACK)
    .find(
      ({ properties }) => (properties.outputs as { RotationLambdaARN?: string }).RotationLambdaARN === lambda,
    );
  return /MultiUser$/.test(String(application?.properties.applicationId)) ? "alternating" : "single";
}

/**
 * Rotates a database user's secret as AWS's rotation functions for PostgreSQL do.
 *
 * @param name ARN or name of the secret
 * @throws CloudError where there is no such secret, it holds no credentials, or the database refuses to be signed
 *   in to with what the function uses for it: the master's secret, or with `single` the secret's own password
 */
export function rotate(world: World, name: string, strategy: Strategy): Rotated {
  const secret = secretAt(world, name);
  if (!secret)
    throw new CloudError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  const current = currentVersion(world, secret.id)?.properties;
  const credentials = credentialsOf(current?.secretString);
  if (!current || !credentials) {
    throw failed(`the value of ${secret.id} has no username, password and host in its JSON`);
  }
  const value = fieldsOf(current.secretString);
  const signIn = strategy === "single" ? credentials : master(world, value.masterarn);
  const refused = refusal(world, { ...signIn, host: credentials.host });
  if (refused !== undefined)
    throw failed(`unable to log into the database as ${signIn.username}: ${refused}`);

  const username = strategy === "single" ? credentials.username : otherUser(credentials.username);
  const password = randomBytes(24).toString("base64url");
  setPassword(world, databaseAt(world, credentials.host)!, username, password);
  const versionId = crypto.randomUUID();
  const held = {
    type: SECRET_VERSION,
    id: `${secret.id}|${versionId}`,
    properties: {
      ...current,
      secretString: JSON.stringify({ ...value, username, password }),
      versionId,
      versionStages: ["AWSCURRENT"],
    },
  };
  world.put(held);
  putVersion(world, held);
  return { secret: secret.id, versionId, username };
}

function master(world: World, arn: unknown): { username: string; password: string } {
  const secret = typeof arn === "string" ? secretAt(world, arn) : undefined;
  const found = secret && credentialsOf(withHost(currentVersion(world, secret.id)?.properties.secretString));
  if (found) return found;
  throw failed(
    `two users take turns by the master's hand, and "masterarn" in the secret's JSON names no secret of ` +
      `the master's (found ${JSON.stringify(arn)})`,
  );
}

/** The master's secret may leave out the host: the function takes that of the secret that it rotates. */
const withHost = (secretString: unknown): string => JSON.stringify({ host: "", ...fieldsOf(secretString) });

const otherUser = (username: string): string =>
  username.endsWith(CLONE) ? username.slice(0, -CLONE.length) : username + CLONE;

const failed = (why: string): CloudError =>
  new CloudError("InvalidRequestException", `Rotation failed: ${why}`);
