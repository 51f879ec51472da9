import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";
import { Faults, namesOf } from "./arguments";
import { Component, type Construct } from "./component";
import { hasAccessEntries } from "./eks-arguments";

type Args = eks.ManagedNodeGroupArgs;
/** A core that a program makes up may lack what a cluster always has. */
type Core = Partial<pulumi.UnwrappedObject<eks.types.output.CoreData>> &
  Pick<pulumi.UnwrappedObject<eks.types.output.CoreData>, "cluster">;

const NAMES = namesOf<Args>({
  amiId: true,
  amiType: true,
  bootstrapExtraArgs: true,
  bottlerocketSettings: true,
  capacityType: true,
  cluster: true,
  clusterName: true,
  diskSize: true,
  enableEfaSupport: true,
  enableIMDSv2: true,
  forceUpdateVersion: true,
  gpu: true,
  ignoreScalingChanges: true,
  instanceTypes: true,
  kubeletExtraArgs: true,
  labels: true,
  launchTemplate: true,
  nodeGroupName: true,
  nodeGroupNamePrefix: true,
  nodeRole: true,
  nodeRoleArn: true,
  nodeadmExtraOptions: true,
  operatingSystem: true,
  placementGroupAvailabilityZone: true,
  releaseVersion: true,
  remoteAccess: true,
  scalingConfig: true,
  subnetIds: true,
  tags: true,
  taints: true,
  userData: true,
  version: true,
});

const NO_USER_DATA = "no node boots here, so no boot script is written";

function check(args: pulumi.Inputs): asserts args is Args {
  const faults = new Faults("eks.ManagedNodeGroup");
  faults.names(args, NAMES);
  if (args.cluster === undefined) faults.add("cluster", "required, but nothing was found");
  if (args.nodeRole && args.nodeRoleArn) {
    faults.add(
      "nodeRole",
      "You cannot specify both nodeRole and nodeRoleArn when creating a managed node group.",
    );
  }
  if (!args.nodeRole && !args.nodeRoleArn) {
    faults.add("nodeRole", "An IAM role, or role ARN must be provided to create a managed node group");
  }
  if (args.launchTemplate && args.enableIMDSv2 !== undefined) {
    faults.add(
      "launchTemplate",
      "If you provide a custom launch template, you cannot provide enableIMDSv2. Please include it in the launch template that you are providing.",
    );
  }
  faults.unserved(args, {
    amiId: NO_USER_DATA,
    bootstrapExtraArgs: NO_USER_DATA,
    bottlerocketSettings: NO_USER_DATA,
    enableEfaSupport: "it has no placement groups",
    kubeletExtraArgs: NO_USER_DATA,
    nodeadmExtraOptions: NO_USER_DATA,
    operatingSystem: "give amiType",
    userData: NO_USER_DATA,
  });
  faults.raise();
}

/** Constructs `eks:index:ManagedNodeGroup`. */
export function constructManagedNodeGroup(construct: Construct): pulumi.provider.ConstructResult {
  const { name, args } = construct;
  check(args);
  const component = new Component("eks:index:ManagedNodeGroup", construct);
  const core = pulumi.output(args.cluster).apply((cluster) => {
    const given = cluster as unknown;
    return eks.Cluster.isInstance(given) ? given.core : (cluster as unknown as Core);
  }) as pulumi.Output<Core>;
  const nodeRoleArn = args.nodeRoleArn ?? pulumi.output(args.nodeRole!).apply((role) => role.arn);
  const template = launchTemplate(name, args, component);
  const nodeGroup = new aws.eks.NodeGroup(
    name,
    {
      amiType: args.amiType,
      capacityType: args.capacityType,
      clusterName: args.clusterName ?? core.apply((known) => known.cluster.name),
      // With a launch template of ours, the disk is described there.
      diskSize: template && !args.launchTemplate ? undefined : args.diskSize,
      forceUpdateVersion: args.forceUpdateVersion,
      instanceTypes: args.instanceTypes,
      labels: args.labels,
      launchTemplate: template,
      nodeGroupName: args.nodeGroupName,
      nodeGroupNamePrefix: args.nodeGroupNamePrefix,
      nodeRoleArn: allowed(core, nodeRoleArn),
      releaseVersion: args.releaseVersion,
      remoteAccess: args.remoteAccess,
      scalingConfig: pulumi.output(args.scalingConfig).apply((config) => ({
        desiredSize: config?.desiredSize ?? 2,
        minSize: config?.minSize ?? 1,
        maxSize: config?.maxSize ?? 2,
      })),
      subnetIds:
        args.subnetIds ??
        core.apply((known) => known.subnetIds ?? known.privateSubnetIds ?? known.publicSubnetIds ?? []),
      tags: args.tags,
      taints: args.taints,
      version:
        args.version ?? (args.launchTemplate ? undefined : core.apply((known) => known.cluster.version)),
    },
    {
      parent: component,
      dependsOn: core.apply((known) =>
        known.eksNodeAccess ? [known.eksNodeAccess as unknown as pulumi.Resource] : [],
      ),
      ignoreChanges: args.ignoreScalingChanges ? ["scalingConfig.desiredSize"] : undefined,
    },
  );
  return component.finish({ nodeGroup, placementGroupName: "" });
}

/** The role's ARN, once it is known that nodes with it may join. */
function allowed(core: pulumi.Output<Core>, nodeRoleArn: pulumi.Input<string>): pulumi.Output<string> {
  const arns = core.apply((known) => pulumi.all((known.instanceRoles ?? []).map((role) => role.arn)));
  const mode = core.apply((known) => known.cluster.accessConfig.authenticationMode);
  return pulumi.all([arns, mode, nodeRoleArn]).apply(([roles, authentication, arn]) => {
    if (hasAccessEntries(authentication) || roles.includes(arn)) return arn;
    throw new pulumi.InputPropertyError({
      propertyPath: "nodeRole",
      reason:
        "A managed node group cannot be created without first setting its role in the cluster's instanceRoles",
    });
  });
}

function launchTemplate(name: string, args: Args, parent: pulumi.Resource): Args["launchTemplate"] {
  if (args.launchTemplate || args.enableIMDSv2 === undefined) return args.launchTemplate;
  const template = new aws.ec2.LaunchTemplate(
    `${name}-launchTemplate`,
    {
      blockDeviceMappings: args.diskSize
        ? [{ deviceName: "/dev/xvda", ebs: { volumeSize: args.diskSize } }]
        : undefined,
      metadataOptions: {
        httpTokens: args.enableIMDSv2 ? "required" : "optional",
        httpPutResponseHopLimit: 2,
        httpEndpoint: "enabled",
      },
    },
    { parent },
  );
  return { id: template.id, version: template.latestVersion.apply((version) => `${version}`) };
}
