import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { assumedByServiceAccount } from "./assumeRole";
import type { Cluster } from "./cluster";

export interface LoadBalancerControllerArgs {
  cluster: Cluster;
  region: string;
  vpcId: pulumi.Input<string>;
}

const CHART_VERSION = "1.14.0";
const NAMESPACE = "kube-system";
const SERVICE_ACCOUNT = "aws-load-balancer-controller";

/**
 * The AWS Load Balancer Controller, for its TargetGroupBinding alone: load balancer, listeners, rules and
 * target groups are the program's, so the controller may register targets and look, and nothing more.
 */
export class LoadBalancerController extends pulumi.ComponentResource {
  /** What a TargetGroupBinding must wait for: the custom resource's definition and its webhook. */
  readonly release: k8s.helm.v3.Release;

  constructor(name: string, args: LoadBalancerControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:cluster:LoadBalancerController", name, {}, opts);
    const { cluster } = args;
    const role = new aws.iam.Role(
      name,
      {
        assumeRolePolicy: assumedByServiceAccount(
          cluster.oidcProviderArn,
          cluster.oidcIssuer,
          NAMESPACE,
          SERVICE_ACCOUNT,
        ),
      },
      { parent: this },
    );
    new aws.iam.RolePolicy(
      name,
      {
        role: role.name,
        policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: [
                "ec2:DescribeAvailabilityZones",
                "ec2:DescribeInstances",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
                "elasticloadbalancing:DescribeListeners",
                "elasticloadbalancing:DescribeLoadBalancers",
                "elasticloadbalancing:DescribeRules",
                "elasticloadbalancing:DescribeTags",
                "elasticloadbalancing:DescribeTargetGroupAttributes",
                "elasticloadbalancing:DescribeTargetGroups",
                "elasticloadbalancing:DescribeTargetHealth",
              ],
              Resource: "*",
            },
            {
              Effect: "Allow",
              Action: ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
              Resource: "arn:aws:elasticloadbalancing:*:*:targetgroup/*/*",
            },
          ],
        }),
      },
      { parent: this },
    );
    this.release = new k8s.helm.v3.Release(
      name,
      {
        name: SERVICE_ACCOUNT,
        chart: "aws-load-balancer-controller",
        version: CHART_VERSION,
        namespace: NAMESPACE,
        repositoryOpts: { repo: "https://aws.github.io/eks-charts" },
        values: {
          clusterName: cluster.name,
          region: args.region,
          vpcId: args.vpcId,
          // It would stand before every Service of the cluster, and refuse them until the controller runs.
          enableServiceMutatorWebhook: false,
          serviceAccount: {
            name: SERVICE_ACCOUNT,
            annotations: { "eks.amazonaws.com/role-arn": role.arn },
          },
        },
      },
      // It needs nodes to run on; and on the way down it must still undo the bindings.
      { parent: this, provider: cluster.provider, dependsOn: [cluster.nodes] },
    );
    this.registerOutputs({});
  }
}
