import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Backends as Sizes } from "../../model/backends";
import type { Environment } from "../../model/environments";
import type { Cluster } from "../cluster/cluster";
import type { ExternalSecrets } from "../cluster/externalSecrets";
import type { Key } from "../key";
import type { Network } from "../network/network";
import { Cache } from "./cache";
import { Credentials } from "./credentials";
import { Database } from "./database";
import { databaseUsersJob } from "./databaseUsers";
import { VectorStore } from "./vectorStore";

export interface BackendsArgs {
  app: string;
  environment: Environment;
  region: string;
  sizes: Sizes;
  network: Network;
  cluster: Cluster;
  /** Encrypts data, and the secrets that open it. */
  key: Key;
  operator: ExternalSecrets;
  /** The services' namespace. */
  namespace: pulumi.Input<string>;
  /** What lets the database's own Jobs reach it. */
  access: pulumi.Resource[];
  /** ARNs of further secrets that may be read into the namespace. Default: none. */
  alsoRead?: readonly string[];
}

/** What services keep their data in, and the credentials by which their pods reach it. */
export class Backends extends pulumi.ComponentResource {
  readonly database: Database;
  /** What pods wait for: the Secrets that they mount, and the database's users. */
  readonly ready: pulumi.Resource[];
  /** What reads the namespace's secrets. */
  readonly store: k8s.apiextensions.CustomResource;

  constructor(name: string, args: BackendsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:backends:Backends", name, {}, opts);
    const { app, environment, region, sizes, network, cluster, key, operator, namespace } = args;
    const stack = {
      name: `${app}-${environment}`,
      app,
      environment,
      region,
      network,
      key,
      clientSecurityGroupId: cluster.securityGroupId,
    };
    const inCluster = { parent: this, provider: cluster.provider };
    this.database = new Database("database", { ...stack, settings: sizes.database }, { parent: this });
    const cache = new Cache("cache", { ...stack, settings: sizes.cache }, { parent: this });
    const vectorStore = new VectorStore(
      "vectors",
      {
        ...stack,
        settings: sizes.vectorStore,
        cluster,
        operator,
        clients: namespace,
      },
      { parent: this },
    );
    const credentials = new Credentials(
      "credentials",
      {
        app,
        region,
        cluster,
        namespace,
        operator,
        keyArn: key.arn,
        database: this.database,
        cache,
        vectorStore,
        ...(args.alsoRead && { alsoRead: args.alsoRead }),
      },
      { parent: this },
    );
    this.store = credentials.store;
    const dependsOn = [...credentials.ready, this.database.instance, ...args.access];
    const users = databaseUsersJob({ app, region, namespace }, { ...inCluster, dependsOn });
    this.ready = [...credentials.ready, users];
    this.registerOutputs({});
  }
}
