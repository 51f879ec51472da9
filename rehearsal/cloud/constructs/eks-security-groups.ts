import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs } from "./eks-arguments";

const ALL = { fromPort: 0, toPort: 0, protocol: "-1" };
const INTERNET = { ...ALL, type: "egress", description: "Allow internet access.", cidrBlocks: ["0.0.0.0/0"] };

/** The control plane's security group, unless one is given or none is wanted. */
export function clusterSecurityGroup(
  name: string,
  args: ClusterArgs,
  parent: pulumi.Resource,
): pulumi.Output<aws.ec2.SecurityGroup> | undefined {
  if (args.clusterSecurityGroup) return pulumi.output(args.clusterSecurityGroup);
  if (args.skipDefaultSecurityGroups ?? args.autoMode?.enabled) return undefined;
  const group = new aws.ec2.SecurityGroup(
    `${name}-eksClusterSecurityGroup`,
    {
      vpcId: args.vpcId,
      revokeRulesOnDelete: true,
      tags: pulumi
        .all([args.clusterSecurityGroupTags, args.tags])
        .apply(([own, shared]) => ({ Name: `${name}-eksClusterSecurityGroup`, ...own, ...shared })),
    },
    { parent },
  );
  new aws.ec2.SecurityGroupRule(
    `${name}-eksClusterInternetEgressRule`,
    { ...INTERNET, securityGroupId: group.id },
    { parent },
  );
  return pulumi.output(group);
}

/** The nodes' security group with its rules, and the rule that lets nodes into the API server. */
export function nodeSecurityGroup(
  name: string,
  cluster: aws.eks.Cluster,
  clusterGroup: pulumi.Output<aws.ec2.SecurityGroup>,
  args: ClusterArgs,
  parent: pulumi.Resource,
): { group: aws.ec2.SecurityGroup; clusterIngress: aws.ec2.SecurityGroupRule } {
  const group = new aws.ec2.SecurityGroup(
    `${name}-nodeSecurityGroup`,
    {
      vpcId: args.vpcId,
      revokeRulesOnDelete: true,
      tags: pulumi
        .all([args.nodeSecurityGroupTags, args.tags, cluster.name])
        .apply(([own, shared, clusterName]) => ({
          Name: `${name}-nodeSecurityGroup`,
          [`kubernetes.io/cluster/${clusterName}`]: "owned",
          ...own,
          ...shared,
        })),
    },
    { parent },
  );
  const nodes = { securityGroupId: group.id };
  const fromCluster = { ...nodes, type: "ingress", protocol: "tcp", sourceSecurityGroupId: clusterGroup.id };
  const rule = (suffix: string, ruleArgs: aws.ec2.SecurityGroupRuleArgs) =>
    new aws.ec2.SecurityGroupRule(`${name}-${suffix}`, ruleArgs, { parent });

  rule("eksNodeIngressRule", {
    ...ALL,
    ...nodes,
    type: "ingress",
    description: "Allow nodes to communicate with each other",
    self: true,
  });
  rule("eksNodeClusterIngressRule", {
    ...fromCluster,
    description: "Allow worker Kubelets and pods to receive communication from the cluster control plane",
    fromPort: 1025,
    toPort: 65535,
  });
  rule("eksExtApiServerClusterIngressRule", {
    ...fromCluster,
    description:
      "Allow pods running extension API servers on port 443 to receive communication from cluster control plane",
    fromPort: 443,
    toPort: 443,
  });
  rule("eksNodeInternetEgressRule", { ...INTERNET, ...nodes });
  const clusterIngress = rule("eksClusterIngressRule", {
    type: "ingress",
    description: "Allow pods to communicate with the cluster API Server",
    fromPort: 443,
    toPort: 443,
    protocol: "tcp",
    securityGroupId: clusterGroup.id,
    sourceSecurityGroupId: group.id,
  });
  return { group, clusterIngress };
}
