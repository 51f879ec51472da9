import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import type * as pulumi from "@pulumi/pulumi";
import type { Processors } from "../../model/capacity";
import type { Environment } from "../../model/environments";
import { NODES, nodesFor } from "../../model/nodes";
import { nodeRole } from "./nodeRole";
import { KUBERNETES_VERSION } from "./versions";

export interface NodesArgs {
  /** The cluster's name, which leads theirs. */
  name: string;
  environment: Environment;
  /** Tags of instances, volumes and network interfaces. */
  tags: Readonly<Record<string, string>>;
  cluster: eks.Cluster;
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** What services ask for, from one colour at rest to both with all the pods they may have. */
  processors: Processors;
  /** What nodes wait for: without a network they never become ready. */
  after: pulumi.Resource[];
}

/** Nodes beyond what services may ask for: the vector store, operators, and one that is being replaced. */
const SPARE = 1;

/** Nodes that are drained at once in an upgrade, in percent: a third is one zone of three. */
const UNAVAILABLE_PERCENT = 33;

/** The cluster's managed nodes. The cluster autoscaler moves their number between the two bounds. */
export function managedNodes(args: NodesArgs, parent: pulumi.Resource): eks.ManagedNodeGroup {
  const { name, environment, processors } = args;
  const { role, attachments } = nodeRole(`${name}-node`, { parent });
  const least = nodesFor(environment, processors.least);
  const template = launchTemplate(args, parent);
  return new eks.ManagedNodeGroup(
    `${name}-nodes`,
    {
      cluster: args.cluster,
      nodeRole: role,
      subnetIds: args.subnetIds,
      instanceTypes: [NODES[environment].instanceType],
      amiType: "AL2023_x86_64_STANDARD",
      version: KUBERNETES_VERSION,
      launchTemplate: { id: template.id, version: template.latestVersion.apply((version) => `${version}`) },
      scalingConfig: {
        minSize: least,
        desiredSize: least,
        maxSize: Math.max(least, nodesFor(environment, processors.most)) + SPARE,
      },
      // After creation the number is the autoscaler's: an update would take away the nodes of a release.
      ignoreScalingChanges: true,
    },
    { parent, dependsOn: [...attachments, ...args.after], transforms: [fewAtOnce] },
  );
}

function launchTemplate(
  { name, environment, tags: common }: NodesArgs,
  parent: pulumi.Resource,
): aws.ec2.LaunchTemplate {
  const tags = { Name: `${name}-node`, ...common };
  return new aws.ec2.LaunchTemplate(
    `${name}-nodes`,
    {
      description: `Nodes of ${name}`,
      updateDefaultVersion: true,
      // A token, and one hop: a pod that is not on the host's network does not reach the node's credentials.
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeType: "gp3",
            volumeSize: NODES[environment].diskGb,
            // By AWS's key for EBS: a key of ours would have to trust EC2 Auto Scaling, for images and logs.
            encrypted: "true",
            deleteOnTermination: "true",
          },
        },
      ],
      monitoring: { enabled: environment === "prod" },
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
        resourceType,
        tags,
      })),
    },
    { parent },
  );
}

/** eks.ManagedNodeGroup has no argument for it. */
export const fewAtOnce: pulumi.ResourceTransform = ({ type, props, opts }) =>
  type === "aws:eks/nodeGroup:NodeGroup"
    ? { props: { ...props, updateConfig: { maxUnavailablePercentage: UNAVAILABLE_PERCENT } }, opts }
    : undefined;
