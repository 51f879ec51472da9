import { fieldsOf } from "../../data/credentials";
import { findParameter, parameterArn } from "../../endpoint/ssm/parameter";
import { mayRead } from "../../secrets/permissions";
import { secretAt, versionsOf } from "../../secrets/versions";
import type { Held, World } from "../../world";
import { objectOf, stringOf } from "../objects";
import { CLUSTER_SECRET_STORE, SECRET_STORE, SERVICE_ACCOUNT } from "../tokens";

const ROLE = "aws:iam/role:Role";

/** A secret of AWS's that a store can reach. */
export interface Store {
  /** @throws Error where it cannot be read, or has no such property or version */
  read(remote: Readonly<Record<string, unknown>>): string;
}

/**
 * The store that an ExternalSecret names, with the eyes of the service account that the store signs in with.
 *
 * @throws Error where there is no such store, or it is not fit to be used
 */
export function storeOf(world: World, externalSecret: Held): Store {
  const { namespace } = objectOf(externalSecret.properties.metadata);
  const { kind = "SecretStore", name } = objectOf(objectOf(externalSecret.properties.spec).secretStoreRef);
  const held =
    kind === "ClusterSecretStore"
      ? world.get(CLUSTER_SECRET_STORE, String(name))
      : world.get(SECRET_STORE, `${String(namespace)}/${String(name)}`);
  if (!held) {
    throw new Error(
      `could not get ${String(kind)} "${String(name)}", SecretStore.external-secrets.io not found`,
    );
  }
  const problem = storeProblem(world, held, String(namespace));
  if (problem !== undefined) throw new Error(`${String(kind)} "${String(name)}" is not ready: ${problem}`);
  const { region, service } = objectOf(objectOf(objectOf(held.properties.spec).provider).aws);
  const readFrom = service === "ParameterStore" ? readParameter : read;
  return {
    read: (remote) => readFrom(world, String(region), roleOf(world, held, String(namespace)), remote),
  };
}

/** What is wrong with a store; undefined where it is valid. */
export function storeProblem(world: World, store: Held, namespace: string): string | undefined {
  const aws = objectOf(objectOf(objectOf(store.properties.spec).provider).aws);
  if (aws.service !== "SecretsManager" && aws.service !== "ParameterStore")
    return "the local cluster serves the services SecretsManager and ParameterStore";
  const account = serviceAccount(store, namespace);
  if (!account) return undefined;
  const held = world.get(SERVICE_ACCOUNT, account);
  if (!held) return `serviceaccounts "${account.split("/").pop()!}" not found`;
  const arn = roleArn(held);
  if (arn === undefined)
    return `an IAM role must be associated with service account ${account.split("/").pop()!}`;
  return world.all(ROLE).some(({ properties }) => properties.arn === arn)
    ? undefined
    : `the role ${arn} of service account ${account} does not exist`;
}

const roleArn = (account: Held): string | undefined =>
  stringOf(objectOf(objectOf(account.properties.metadata).annotations)["eks.amazonaws.com/role-arn"]);

/** `namespace/name` of the account that a store signs in with; without one it is the operator itself. */
function serviceAccount(store: Held, namespace: string): string | undefined {
  const { auth } = objectOf(objectOf(objectOf(store.properties.spec).provider).aws);
  const reference = objectOf(objectOf(objectOf(auth).jwt).serviceAccountRef);
  if (reference.name === undefined) return undefined;
  return `${stringOf(reference.namespace) ?? namespace}/${String(reference.name)}`;
}

function roleOf(world: World, store: Held, namespace: string): Held | undefined {
  const account = serviceAccount(store, namespace);
  const arn = account && roleArn(world.get(SERVICE_ACCOUNT, account)!);
  return world.all(ROLE).find(({ properties }) => properties.arn === arn);
}

/** A parameter, which is one text. */
function readParameter(
  world: World,
  region: string,
  role: Held | undefined,
  { key }: Readonly<Record<string, unknown>>,
): string {
  const held = findParameter(world, String(key));
  if (!held) throw new Error(`ParameterNotFound: there is no parameter ${String(key)}`);
  const arn = parameterArn(region, String(key));
  if (role && !mayRead(world, role, arn, "ssm:GetParameter")) {
    throw new Error(
      `AccessDeniedException: assumed-role/${String(role.properties.name)} is not authorized to perform: ` +
        `ssm:GetParameter on resource: ${arn}`,
    );
  }
  return String(held.properties.value);
}

function read(
  world: World,
  region: string,
  role: Held | undefined,
  { key, property, version }: Readonly<Record<string, unknown>>,
): string {
  const secret = secretAt(world, String(key));
  if (!secret || secret.properties.region !== region) throw new Error("Secret does not exist");
  if (role && !mayRead(world, role, secret.id)) {
    throw new Error(
      `AccessDeniedException: assumed-role/${String(role.properties.name)} is not authorized to perform: ` +
        `secretsmanager:GetSecretValue on resource: ${secret.id}`,
    );
  }
  const stage = stringOf(version) ?? "AWSCURRENT";
  const found = versionsOf(world, secret.id).findLast(({ properties: { versionStages, versionId } }) =>
    stage.startsWith("uuid/")
      ? versionId === stage.slice("uuid/".length)
      : Array.isArray(versionStages) && versionStages.includes(stage),
  );
  if (!found)
    throw new Error(`Secrets Manager can't find the specified secret value for staging label: ${stage}`);
  const text = String(found.properties.secretString);
  if (property === undefined) return text;
  const fields = fieldsOf(text);
  const value = String(property) in fields ? fields[String(property)] : nested(fields, String(property));
  if (value === undefined) throw new Error(`key ${String(property)} does not exist in secret ${String(key)}`);
  return typeof value === "string" ? value : JSON.stringify(value);
}

const nested = (fields: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>(
      (at, name) =>
        typeof at === "object" && at !== null ? (at as Record<string, unknown>)[name] : undefined,
      fields,
    );
