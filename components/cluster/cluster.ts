import * as eks from "@pulumi/eks";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Access } from "../../model/access";
import type { Processors } from "../../model/capacity";
import type { Environment } from "../../model/environments";
import { stackTags } from "../../model/names";
import type { Key } from "../key";
import { logGroup } from "../logs";
import type { Network } from "../network/network";
import { accessEntries, withoutCreatorAdmin } from "./access";
import { networkAddons, nodeAddons } from "./addons";
import { managedNodes } from "./nodes";
import { type StorageClasses, storageClasses } from "./storageClasses";
import { KUBERNETES_VERSION } from "./versions";

export interface ClusterArgs {
  /** The cluster's name, `<app>-<environment>-cluster`. */
  name: string;
  app: string;
  environment: Environment;
  network: Pick<Network, "vpcId" | "publicSubnetIds" | "privateSubnetIds">;
  /** Encrypts Kubernetes Secrets, volumes and the control plane's logs; CloudWatch Logs may use it. */
  key: Pick<Key, "arn">;
  /** Who reaches the cluster's API. While no admin is named, its creator is one. */
  access: Access;
  /** The services' namespace. */
  namespace: string;
  /** Between which numbers of processors the nodes must be able to give. */
  processors: Processors;
  /** Address ranges that reach the cluster's API from the internet. Absent: only the VPC reaches it. */
  apiSources?: readonly string[];
}

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
  /**
   * What everything that runs in the cluster waits for, and is gone before: nodes, names and the driver of
   * volumes. On the way down a controller still needs names to reach AWS, and the driver to delete volumes.
   */
  readonly ready: pulumi.Resource[];
  /** Names of the storage classes of encrypted volumes. */
  readonly storageClasses: StorageClasses;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:cluster:Cluster", name, {}, opts);
    const { network, environment, key } = args;
    const inside = { parent: this };
    const cluster = controlPlane(args, this);
    this.name = cluster.eksCluster.name;
    this.kubeconfig = pulumi.secret(cluster.kubeconfigJson);
    this.securityGroupId = cluster.eksCluster.vpcConfig.clusterSecurityGroupId;
    this.oidcProviderArn = cluster.oidcProviderArn;
    this.oidcIssuer = cluster.oidcIssuer;
    const entries = accessEntries(
      { clusterName: this.name, access: args.access, namespace: args.namespace },
      inside,
    );
    // The default tags of the provider do not reach what AWS or the cluster makes.
    const tags = stackTags(args.app, environment);
    const identified = { name: args.name, clusterName: this.name, cluster: this };
    const after = networkAddons(identified, inside);
    const { name: named, processors } = args;
    const subnetIds = network.privateSubnetIds;
    const nodes = managedNodes(
      { name: named, environment, tags, cluster, subnetIds, processors, after },
      this,
    );
    const addons = nodeAddons({ ...identified, tags, key }, { ...inside, dependsOn: [nodes] });
    this.ready = [nodes, ...addons];
    this.provider = new k8s.Provider(
      args.name,
      {
        kubeconfig: this.kubeconfig,
        // Without it an edit of the kubeconfig can replace the provider, and everything on it.
        clusterIdentifier: args.name,
        enableServerSideApply: true,
      },
      // Without an entry nobody is let in, and nothing could be removed once the entries are gone.
      { ...inside, dependsOn: entries },
    );
    this.storageClasses = storageClasses(
      { environment, key },
      { ...inside, provider: this.provider, dependsOn: addons },
    );
    this.registerOutputs({ name: this.name, kubeconfig: this.kubeconfig });
  }
}

/** The control plane; add-ons, nodes and access are the program's own resources, not its children. */
function controlPlane(args: ClusterArgs, parent: pulumi.Resource): eks.Cluster {
  const { name, environment, network, key, access, apiSources } = args;
  const prod = environment === "prod";
  const path = `/aws/eks/${name}/cluster`;
  const logs = logGroup(`${name}-logs`, { path, environment, key }, { parent, protect: prod });
  return new eks.Cluster(
    name,
    {
      name,
      version: KUBERNETES_VERSION,
      // A version that nobody looks after any more is left, at the latest when its support ends.
      upgradePolicy: { supportType: "STANDARD" },
      vpcId: network.vpcId,
      publicSubnetIds: network.publicSubnetIds,
      privateSubnetIds: network.privateSubnetIds,
      nodeAssociatePublicIpAddress: false,
      // Unset it means CONFIG_MAP, which is edited inside the cluster and out of the program's sight.
      authenticationMode: "API",
      // The nodes have a role of their own, and EKS gives it access by itself.
      createInstanceRole: false,
      skipDefaultNodeGroup: true,
      // EKS makes the group that control plane and managed nodes share; others would have no member.
      skipDefaultSecurityGroups: true,
      createOidcProvider: true,
      // Add-ons have pinned versions and roles by the OIDC provider, which is there only after the cluster.
      bootstrapSelfManagedAddons: false,
      useDefaultVpcCni: true,
      kubeProxyAddonOptions: { enabled: false },
      corednsAddonOptions: { enabled: false },
      encryptionConfigKeyArn: key.arn,
      endpointPrivateAccess: true,
      endpointPublicAccess: apiSources !== undefined,
      ...(apiSources && { publicAccessCidrs: [...apiSources] }),
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      deletionProtection: prod,
    },
    {
      parent,
      dependsOn: [logs],
      protect: prod,
      ...(access.admins.length > 0 && { transforms: [withoutCreatorAdmin] }),
    },
  );
}
