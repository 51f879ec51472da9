import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "./cluster";
import { hardenedNamespace, nameIn } from "./namespace";
import { operatorNetwork } from "./operatorNetwork";
import { EXTERNAL_SECRETS_CHART } from "./versions";

export interface ExternalSecretsArgs {
  cluster: Pick<Cluster, "ready" | "provider">;
}

/** The namespace of the operator, and of nothing else. */
export const OPERATOR_NAMESPACE = "external-secrets";

/** The operator's own service account, which the chart names after the release. */
export const OPERATOR_SERVICE_ACCOUNT = "external-secrets";

/** One in work and one that takes over: while none runs, nothing new arrives in pods. */
const REPLICAS = 2;

/**
 * The External Secrets Operator, which writes Kubernetes Secrets from what Secrets Manager holds. It has no
 * rights in AWS: it acts as the service account of each store, and only where that store's namespace lets it.
 */
export class ExternalSecrets extends pulumi.ComponentResource {
  /** What stores and external secrets must wait for, and be gone before: their definitions and the operator. */
  readonly release: k8s.helm.v3.Release;

  constructor(name: string, args: ExternalSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:cluster:ExternalSecrets", name, {}, opts);
    const { ready, provider } = args.cluster;
    const inCluster = { parent: this, provider };
    const made = hardenedNamespace(OPERATOR_NAMESPACE, { ...inCluster, dependsOn: ready });
    const home = nameIn(made, OPERATOR_NAMESPACE);
    const network = operatorNetwork(OPERATOR_NAMESPACE, home, inCluster);
    this.release = new k8s.helm.v3.Release(
      name,
      {
        name: OPERATOR_SERVICE_ACCOUNT,
        chart: "external-secrets",
        version: EXTERNAL_SECRETS_CHART,
        namespace: home,
        repositoryOpts: { repo: "https://charts.external-secrets.io" },
        values: VALUES,
      },
      // Policies first: no pod is ever open.
      { ...inCluster, dependsOn: [...ready, ...network] },
    );
    this.registerOutputs({});
  }
}

const requests = { requests: { cpu: "20m", memory: "96Mi" }, limits: { memory: "256Mi" } };
const available = { replicaCount: REPLICAS, podDisruptionBudget: { enabled: true, minAvailable: 1 } };

const VALUES = {
  ...available,
  installCRDs: true,
  leaderElect: true,
  serviceAccount: { create: true, name: OPERATOR_SERVICE_ACCOUNT },
  // Nothing across namespaces, and nothing written back to AWS: the operator is not given those rights at all.
  processClusterStore: false,
  processClusterExternalSecret: false,
  processClusterGenerator: false,
  processPushSecret: false,
  processClusterPushSecret: false,
  crds: {
    createClusterSecretStore: false,
    createClusterExternalSecret: false,
    createClusterGenerator: false,
    createPushSecret: false,
    createClusterPushSecret: false,
  },
  rbac: {
    // With it the operator may act as any service account of the cluster, that is as any role in AWS.
    serviceAccountTokenCreate: false,
    // Whoever may edit a namespace would else edit what is read into it.
    aggregateToView: false,
    aggregateToEdit: false,
    aggregateToAdmin: false,
  },
  resources: requests,
  webhook: { ...available, resources: requests },
  certController: { resources: requests },
};
