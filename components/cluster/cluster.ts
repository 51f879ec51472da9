import * as eks from "@pulumi/eks";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import type { Network } from "../network/network";
import { nodeRole } from "./nodeRole";

export interface ClusterArgs {
  /** The cluster's name, `<app>-<environment>-cluster`. */
  name: string;
  environment: Environment;
  network: Network;
}

/** The version that is named is the version that is run: EKS upgrades one minor version at a time. */
const KUBERNETES_VERSION = "1.33";

const NODES: Record<Environment, { instanceType: string; minSize: number; maxSize: number }> = {
  dev: { instanceType: "m6i.large", minSize: 2, maxSize: 6 },
  staging: { instanceType: "m6i.xlarge", minSize: 3, maxSize: 12 },
  prod: { instanceType: "m6i.2xlarge", minSize: 3, maxSize: 24 },
};

/** The EKS cluster with its managed nodes, and the Kubernetes provider that reaches it. */
export class Cluster extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  /** Secret: it names the endpoint and how to authenticate. */
  readonly kubeconfig: pulumi.Output<string>;
  readonly provider: k8s.Provider;
  /** The group that EKS puts on managed nodes, and so on their pods. */
  readonly securityGroupId: pulumi.Output<string>;
  readonly oidcProviderArn: pulumi.Output<string>;
  readonly oidcIssuer: pulumi.Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:cluster:Cluster", name, {}, opts);
    const nodes = NODES[args.environment];
    const role = nodeRole(`${args.name}-node`, { parent: this });
    const cluster = new eks.Cluster(
      args.name,
      {
        name: args.name,
        version: KUBERNETES_VERSION,
        vpcId: args.network.vpcId,
        publicSubnetIds: args.network.publicSubnetIds,
        privateSubnetIds: args.network.privateSubnetIds,
        nodeAssociatePublicIpAddress: false,
        // Unset it means CONFIG_MAP, which is edited inside the cluster and out of the program's sight.
        authenticationMode: "API",
        // The nodes have a role of their own, and EKS gives it access by itself.
        createInstanceRole: false,
        skipDefaultNodeGroup: true,
        createOidcProvider: true,
        endpointPrivateAccess: true,
        // Laptops and hosted runners reach dev; the others are reached from inside the VPC.
        endpointPublicAccess: args.environment === "dev",
        enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
        deletionProtection: args.environment === "prod",
      },
      { parent: this },
    );
    new eks.ManagedNodeGroup(
      `${args.name}-nodes`,
      {
        cluster,
        nodeRole: role,
        subnetIds: args.network.privateSubnetIds,
        instanceTypes: [nodes.instanceType],
        scalingConfig: { minSize: nodes.minSize, desiredSize: nodes.minSize, maxSize: nodes.maxSize },
        // The autoscaler owns the size from the first scale-up on.
        ignoreScalingChanges: true,
      },
      { parent: this },
    );
    this.name = cluster.eksCluster.name;
    this.kubeconfig = pulumi.secret(cluster.kubeconfigJson);
    this.securityGroupId = cluster.eksCluster.vpcConfig.clusterSecurityGroupId;
    this.oidcProviderArn = cluster.oidcProviderArn;
    this.oidcIssuer = cluster.oidcIssuer;
    this.provider = new k8s.Provider(
      args.name,
      {
        kubeconfig: this.kubeconfig,
        // Without it an edit of the kubeconfig can replace the provider, and everything on it.
        clusterIdentifier: args.name,
        enableServerSideApply: true,
      },
      { parent: this },
    );
    this.registerOutputs({ name: this.name, kubeconfig: this.kubeconfig });
  }
}
