import * as pulumi from "@pulumi/pulumi";
import { SECRETS, SECRETS_FOLDER } from "../../model/backends";
import { namespaceName } from "../../model/names";
import type { Cluster } from "../cluster/cluster";
import type { ExternalSecrets } from "../cluster/externalSecrets";
import type { Cache } from "./cache";
import type { Database } from "./database";
import { databaseAuthorities } from "./databaseAuthorities";
import { MASTER_SECRET, databaseOwner } from "./databaseNames";
import { externalSecret, secretStore } from "./secretStore";
import type { VectorStore } from "./vectorStore";

export interface CredentialsArgs {
  app: string;
  region: string;
  cluster: Pick<Cluster, "oidcProviderArn" | "oidcIssuer" | "provider">;
  /** The services' namespace, from the Namespace itself. */
  namespace: pulumi.Input<string>;
  operator: Pick<ExternalSecrets, "release">;
  /** The key that the secrets are encrypted with. */
  keyArn: pulumi.Input<string>;
  database: Pick<Database, "appSecretArn" | "masterSecretArn">;
  cache: Pick<Cache, "secretArn">;
  vectorStore: Pick<VectorStore, "secretArn">;
}

/** The key of {@link SECRETS}.database with the certificates that the database is verified by. */
export const AUTHORITIES_KEY = "ca.pem";

/**
 * The credentials of the backends, from Secrets Manager into the services' namespace. A rotation restarts no
 * pod: files under {@link SECRETS_FOLDER} follow it, and environment variables stay as they were, which is
 * well, for the user before the rotation works on until the next one.
 */
export class Credentials extends pulumi.ComponentResource {
  /** What pods wait for: each exists only when its Kubernetes Secret does. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: CredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:backends:Credentials", name, {}, opts);
    const { app, region, cluster, operator, keyArn, database, cache, vectorStore } = args;
    const inCluster = { parent: this, provider: cluster.provider };
    const home = args.namespace;
    const store = secretStore(
      name,
      {
        cluster,
        region,
        namespace: namespaceName(app),
        home,
        operator,
        secretArns: [database.appSecretArn, database.masterSecretArn, cache.secretArn, vectorStore.secretArn],
        keyArn,
      },
      inCluster,
    );
    const into = (secret: string, arn: pulumi.Input<string>, template: Record<string, string>) =>
      externalSecret(secret, { secret, home, store, arn, template }, inCluster);
    this.ready = [
      into(SECRETS.database, database.appSecretArn, {
        ...properties("username", "password", "host", "port", "dbname"),
        url: databaseUrl(app),
        [AUTHORITIES_KEY]: databaseAuthorities(region),
      }),
      // For the Job that makes the users; no service mounts it.
      into(
        MASTER_SECRET,
        database.masterSecretArn,
        properties("username", "password", "host", "port", "dbname"),
      ),
      into(SECRETS.cache, cache.secretArn, properties("url")),
      into(SECRETS.vectorStore, vectorStore.secretArn, properties("url", "api-key")),
    ];
    this.registerOutputs({});
  }
}

/** Each property of the secret under its own name. */
const properties = (...names: string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, `{{ index . "${name}" }}`]));

/**
 * The database as libpq wants it. Whichever of the two alternating users it names acts as the one owner, so
 * that what it makes is not its own; and the server proves that it is RDS's, by the certificates beside it.
 */
const databaseUrl = (app: string): string => {
  const authorities = `${SECRETS_FOLDER}/${SECRETS.database}/${AUTHORITIES_KEY}`;
  return [
    "postgresql://{{ .username | urlquery }}:{{ .password | urlquery }}@{{ .host }}:{{ .port }}/{{ .dbname }}",
    `?sslmode=verify-full&sslrootcert=${authorities}&options=-crole%3D${databaseOwner(app)}`,
  ].join("");
};
