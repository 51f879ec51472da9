import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { SECRETS, type VectorStoreSettings } from "../../model/backends";
import type { Environment } from "../../model/environments";
import { VECTOR_STORE } from "../../model/names";
import type { Cluster } from "../cluster/cluster";
import type { ExternalSecrets } from "../cluster/externalSecrets";
import { hardenedNamespace, nameIn } from "../cluster/namespace";
import type { Key } from "../key";
import { secretWithValue } from "./secret";
import { externalSecret, secretStore } from "./secretStore";
import { HTTP_PORT, vectorNetwork } from "./vectorNetwork";
import { VectorSnapshots } from "./vectorSnapshots";
import { storeValues } from "./vectorValues";
import { vectorVolumes } from "./vectorVolumes";

export interface VectorStoreArgs {
  /** `<app>-<environment>`, before every name in AWS. */
  name: string;
  environment: Environment;
  region: string;
  settings: VectorStoreSettings;
  cluster: Pick<Cluster, "oidcProviderArn" | "oidcIssuer" | "provider" | "ready" | "storageClasses">;
  key: Pick<Key, "arn">;
  operator: Pick<ExternalSecrets, "release">;
  /** The services' namespace, which alone is served. */
  clients: pulumi.Input<string>;
}

const CHART_VERSION = "1.19.0";

const NAME = VECTOR_STORE;

/** The key of the Kubernetes Secret with a whole header line, so that the API key is in no process's arguments. */
const HEADER = "header";

/** Qdrant, by its own chart, in a namespace of its own that nothing but the services reaches. */
export class VectorStore extends pulumi.ComponentResource {
  /** Where services reach it inside the cluster. */
  readonly url = `http://${NAME}.${NAME}.svc.cluster.local:${HTTP_PORT}`;
  /** The secret with `api-key` and `url`, as a JSON object. */
  readonly secretArn: pulumi.Output<string>;
  readonly release: k8s.helm.v3.Release;
  /** Where snapshots are: the bucket's name. */
  readonly snapshots: pulumi.Output<string>;

  constructor(name: string, args: VectorStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:backends:VectorStore", name, {}, opts);
    const { cluster, settings, region, environment } = args;
    const protect = environment === "prod";
    const resource = `${args.name}-qdrant`;
    const inCluster = { parent: this, provider: cluster.provider };
    const secret = apiKey(resource, { ...args, url: this.url }, { parent: this });
    this.secretArn = secret.arn;
    // Its volumes go with it, so that it is gone before their driver is.
    const home = nameIn(hardenedNamespace(NAME, { ...inCluster, protect, dependsOn: cluster.ready }), NAME);
    const network = vectorNetwork(NAME, { namespace: home, clients: args.clients }, inCluster);
    const reader = { namespace: NAME, home, secretArns: [secret.arn], keyArn: args.key.arn };
    const store = secretStore(resource, { ...args, ...reader }, inCluster);
    const credentials = externalSecret(
      NAME,
      {
        secret: SECRETS.vectorStore,
        home,
        store,
        arn: secret.arn,
        template: {
          "api-key": `{{ index . "api-key" }}`,
          [HEADER]: `api-key: {{ index . "api-key" }}`,
        },
      },
      inCluster,
    );
    this.release = new k8s.helm.v3.Release(
      NAME,
      {
        name: NAME,
        chart: "qdrant",
        version: CHART_VERSION,
        namespace: home,
        repositoryOpts: { repo: "https://qdrant.github.io/qdrant-helm" },
        values: storeValues(settings, {
          storageClass: cluster.storageClasses.data,
          apiKey: { name: SECRETS.vectorStore, key: "api-key" },
        }),
      },
      {
        ...inCluster,
        protect,
        // Policies first: no pod is ever open. And the Secret, or pods would not start.
        dependsOn: [...cluster.ready, credentials, ...network],
      },
    );
    vectorVolumes(NAME, { settings, home }, { ...inCluster, dependsOn: [this.release] });
    this.snapshots = new VectorSnapshots(
      `${NAME}-snapshots`,
      {
        name: args.name,
        environment,
        region,
        settings,
        cluster,
        key: args.key,
        namespace: NAME,
        home,
        store: NAME,
        header: { secret: credentials.metadata.name, key: HEADER },
      },
      { parent: this, dependsOn: [this.release] },
    ).bucket;
    this.registerOutputs({ url: this.url, secretArn: this.secretArn, snapshots: this.snapshots });
  }
}

/** The API key with the address that it is for. Qdrant reads it when it starts; who rotates it restarts Qdrant. */
function apiKey(
  name: string,
  {
    name: stack,
    environment,
    key,
    url,
  }: Pick<VectorStoreArgs, "name" | "environment" | "key"> & { url: string },
  opts: pulumi.CustomResourceOptions,
) {
  const kept = { ...opts, protect: environment === "prod" };
  const password = new random.RandomPassword(name, { length: 64, special: false }, kept);
  const value = { "api-key": password.result, url };
  const description = `How to reach the Qdrant of ${stack}`;
  return secretWithValue(name, { description, environment, key, value }, kept);
}
