import * as eks from "@pulumi/eks";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { nodesNeeded } from "../../model/capacity";
import type { Environment } from "../../model/environments";
import type { Network } from "../network/network";
import { nodeRole } from "./nodeRole";

export interface ClusterArgs {
  /** The cluster's name, `<app>-<environment>-cluster`. */
  name: string;
  environment: Environment;
  network: Network;
  /** Processors that all pods ask for while both colours run at full size. */
  processors: number;
  /** Address ranges that reach the cluster's API from the internet. Absent: only the VPC reaches it. */
  apiSources?: readonly string[];
}

/** The version that is named is the version that is run: EKS upgrades one minor version at a time. */
const KUBERNETES_VERSION = "1.33";

/** Nodes by environment: how large each is, and how many there are at least, one a zone. */
const NODES: Record<Environment, { instanceType: string; processors: number; least: number }> = {
  dev: { instanceType: "m6i.xlarge", processors: 4, least: 2 },
  staging: { instanceType: "m6i.2xlarge", processors: 8, least: 3 },
  prod: { instanceType: "m6i.4xlarge", processors: 16, least: 3 },
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
  /** What everything that runs in the cluster waits for, and outlives. */
  readonly nodes: pulumi.Resource;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:cluster:Cluster", name, {}, opts);
    const node = NODES[args.environment];
    const size = Math.max(node.least, nodesNeeded(args.processors, node.processors));
    const { role, attachments } = nodeRole(`${args.name}-node`, { parent: this });
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
        endpointPublicAccess: args.apiSources !== undefined,
        ...(args.apiSources && { publicAccessCidrs: [...args.apiSources] }),
        enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
        deletionProtection: args.environment === "prod",
      },
      { parent: this },
    );
    this.nodes = new eks.ManagedNodeGroup(
      `${args.name}-nodes`,
      {
        cluster,
        nodeRole: role,
        subnetIds: args.network.privateSubnetIds,
        instanceTypes: [node.instanceType],
        // The program owns the size: it knows what a release needs, and there is no autoscaler to fight with.
        scalingConfig: { minSize: size, desiredSize: size, maxSize: size + 1 },
      },
      { parent: this, dependsOn: attachments },
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
