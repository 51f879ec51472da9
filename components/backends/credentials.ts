import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { SECRETS, SECRETS_FOLDER } from "../../model/backends";
import { namespaceName } from "../../model/names";
import type { Cluster } from "../cluster/cluster";
import type { ExternalSecrets } from "../cluster/externalSecrets";
import type { Cache } from "./cache";
import type { Database } from "./database";
import { databaseAuthorities } from "./databaseAuthorities";
import { DATABASE_PORT, MASTER_SECRET } from "./databaseNames";
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
  database: Pick<Database, "appSecretArn" | "masterSecretArn" | "readerAddresses">;
  cache: Pick<Cache, "secretArn">;
  vectorStore: Pick<VectorStore, "secretArn">;
  /** ARNs of secrets beside these that may be read into the namespace. Default: none. */
  alsoRead?: readonly string[];
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
  /** What reads them, for whoever has others to be read. */
  readonly store: k8s.apiextensions.CustomResource;

  constructor(name: string, args: CredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:backends:Credentials", name, {}, opts);
    const { app, region, cluster, operator, keyArn, database, cache, vectorStore, alsoRead = [] } = args;
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
        secretArns: [
          ...[database.appSecretArn, database.masterSecretArn, cache.secretArn, vectorStore.secretArn],
          ...alsoRead,
        ],
        keyArn,
      },
      inCluster,
    );
    this.store = store;
    const into = (
      secret: string,
      arn: pulumi.Input<string>,
      template: Record<string, pulumi.Input<string>>,
    ) => externalSecret(secret, { secret, home, store, arn, template }, inCluster);
    this.ready = [
      into(SECRETS.database, database.appSecretArn, {
        ...properties("username", "password", "host", "port", "dbname"),
        url: databaseUrl("{{ .host }}:{{ .port }}"),
        // What may be a moment old can be asked here; where there is no replica, of the primary.
        "reader-url": readerUrl(database.readerAddresses),
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
 * The database as libpq wants it. The server proves that it is RDS's, by the certificates beside it. Nothing in
 * it is written with a percent sign, which Alembic's configuration would take for its own.
 *
 * @param hosts one or more, with ports and commas
 */
const databaseUrl = (hosts: string): string => {
  const authorities = `${SECRETS_FOLDER}/${SECRETS.database}/${AUTHORITIES_KEY}`;
  return [
    `postgresql://{{ .username | urlquery }}:{{ .password | urlquery }}@${hosts}/{{ .dbname }}`,
    `?sslmode=verify-full&sslrootcert=${authorities}`,
  ].join("");
};

/** Replicas each as often as the other; the primary where there are none. */
const readerUrl = (addresses: readonly pulumi.Output<string>[]): pulumi.Output<string> =>
  pulumi.all([...addresses]).apply((hosts) => {
    if (hosts.length === 0) return databaseUrl("{{ .host }}:{{ .port }}");
    return `${databaseUrl(hosts.map((host) => `${host}:${DATABASE_PORT}`).join(","))}&load_balance_hosts=random`;
  });
