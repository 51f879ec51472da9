import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs } from "./eks-arguments";
import { ServiceRole } from "./service-role";

const AUTO_MODE_POLICIES = [
  "AmazonEKSComputePolicy",
  "AmazonEKSBlockStoragePolicy",
  "AmazonEKSLoadBalancingPolicy",
  "AmazonEKSNetworkingPolicy",
];

/** The control plane with the roles that it runs under. */
export interface ControlPlane {
  readonly cluster: aws.eks.Cluster;
  readonly role: pulumi.Output<aws.iam.Role>;
  /** Of Auto Mode's nodes. */
  readonly nodeRole?: aws.iam.Role;
  readonly subnetIds: pulumi.Output<string[]>;
  readonly encryptionConfig?: pulumi.Output<{ provider: { keyArn: string }; resources: string[] }>;
}

/** Creates `aws.eks.Cluster` as the published component does. */
export function createControlPlane(
  name: string,
  securityGroup: pulumi.Output<aws.ec2.SecurityGroup> | undefined,
  args: ClusterArgs,
  parent: pulumi.Resource,
): ControlPlane {
  const auto = args.autoMode?.enabled === true;
  const service = args.serviceRole
    ? undefined
    : new ServiceRole(
        `${name}-eksRole`,
        {
          service: "eks.amazonaws.com",
          description: "Allows EKS to manage clusters on your behalf.",
          policies: ["AmazonEKSClusterPolicy", ...(auto ? AUTO_MODE_POLICIES : [])],
          actions: ["sts:AssumeRole", "sts:TagSession"],
          tags: args.tags,
        },
        { parent },
      );
  const role = pulumi.output(args.serviceRole ?? service!.role);
  const nodes =
    auto && args.autoMode?.createNodeRole !== false ? autoModeRole(name, args, parent) : undefined;
  const subnetIds = args.subnetIds
    ? pulumi.output(args.subnetIds)
    : pulumi
        .all([args.publicSubnetIds ?? [], args.privateSubnetIds ?? []])
        .apply(([publicIds, privateIds]) => [...publicIds, ...privateIds]);
  const encryptionConfig =
    args.encryptionConfigKeyArn === undefined
      ? undefined
      : pulumi
          .output(args.encryptionConfigKeyArn)
          .apply((keyArn) => ({ provider: { keyArn }, resources: ["secrets"] }));

  const cluster = new aws.eks.Cluster(
    `${name}-eksCluster`,
    {
      name: args.name,
      roleArn: role.arn,
      bootstrapSelfManagedAddons: auto ? false : (args.bootstrapSelfManagedAddons ?? true),
      vpcConfig: {
        securityGroupIds: securityGroup && [securityGroup.id],
        subnetIds,
        endpointPrivateAccess: args.endpointPrivateAccess,
        endpointPublicAccess: args.endpointPublicAccess,
        publicAccessCidrs: publicCidrs(args),
      },
      version: args.version,
      enabledClusterLogTypes: args.enabledClusterLogTypes,
      tags: pulumi
        .all([args.clusterTags, args.tags])
        .apply(([own, shared]) => ({ Name: `${name}-eksCluster`, ...own, ...shared })),
      encryptionConfig,
      accessConfig: args.authenticationMode
        ? { authenticationMode: args.authenticationMode, bootstrapClusterCreatorAdminPermissions: true }
        : undefined,
      upgradePolicy: args.upgradePolicy,
      deletionProtection: args.deletionProtection,
      kubernetesNetworkConfig: networkConfig(args, auto),
      ...(auto && {
        computeConfig: pulumi
          .all([args.autoMode?.computeConfig, nodes?.role.arn])
          .apply(([config, nodeRoleArn]) => ({
            enabled: true,
            nodeRoleArn,
            nodePools: ["general-purpose", "system"],
            ...config,
          })),
        storageConfig: { blockStorage: { enabled: true } },
      }),
    },
    {
      parent,
      ignoreChanges: ["accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons"],
      dependsOn: [service, nodes].flatMap((one) => (one ? [one.resolvedRole] : [])),
    },
  );
  return { cluster, role, nodeRole: nodes?.role, subnetIds, encryptionConfig };
}

const autoModeRole = (name: string, args: ClusterArgs, parent: pulumi.Resource): ServiceRole =>
  new ServiceRole(
    `${name}-nodeRole`,
    {
      service: "ec2.amazonaws.com",
      policies: ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"],
      tags: args.tags,
    },
    { parent },
  );

function publicCidrs(args: ClusterArgs): pulumi.Output<string[]> | undefined {
  if (!args.publicAccessCidrs) return undefined;
  return pulumi.all([args.publicAccessCidrs, args.endpointPublicAccess ?? true]).apply(([cidrs, open]) => {
    if (!open) throw new Error("`publicAccessCidrs` can only be set when `endpointPublicAccess` is true");
    return cidrs;
  });
}

function networkConfig(args: ClusterArgs, auto: boolean) {
  if (!args.kubernetesServiceIpAddressRange && !args.ipFamily && !auto) return undefined;
  return pulumi
    .all([args.kubernetesServiceIpAddressRange, args.ipFamily])
    .apply(([range, ipFamily = "ipv4"]) => ({
      ipFamily,
      ...(ipFamily === "ipv4" && range !== undefined && { serviceIpv4Cidr: range }),
      ...(auto && { elasticLoadBalancing: { enabled: true } }),
    }));
}
