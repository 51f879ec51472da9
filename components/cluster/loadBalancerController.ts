import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import type { Cluster } from "./cluster";
import { podIdentity } from "./podRole";
import { LOAD_BALANCER_CONTROLLER_CHART } from "./versions";

export interface LoadBalancerControllerArgs {
  app: string;
  environment: Environment;
  cluster: Pick<Cluster, "name" | "provider" | "ready" | "oidcProviderArn" | "oidcIssuer">;
  region: string;
  vpcId: pulumi.Input<string>;
}

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
    const { role, policies } = podIdentity(
      name,
      { cluster, namespace: NAMESPACE, serviceAccount: SERVICE_ACCOUNT, policy: rights(args) },
      { parent: this },
    );
    const alone = args.environment === "dev";
    this.release = new k8s.helm.v3.Release(
      name,
      {
        name: SERVICE_ACCOUNT,
        chart: "aws-load-balancer-controller",
        version: LOAD_BALANCER_CONTROLLER_CHART,
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
          // One works, and both answer the webhook without which no pod of the namespace starts.
          replicaCount: alone ? 1 : 2,
          ...(!alone && { podDisruptionBudget: { maxUnavailable: 1 } }),
          resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
        },
      },
      // On the way down it must still undo the bindings: with nodes, names and its rights.
      { parent: this, provider: cluster.provider, dependsOn: [...cluster.ready, ...policies] },
    );
    this.registerOutputs({});
  }
}

/**
 * What is left of the documented policy of controller v2.14 for bindings that have no `networking`:
 * DescribeTargetGroups for its webhook, DescribeTargetHealth for readiness gates, Register and Deregister for
 * the endpoints, and EC2's descriptions for where pods are. It also looks for security groups whose rules it
 * had made, finds none of its own and changes none. Everything else of that policy is for Ingresses, Services
 * and Gateways, of which the program makes none: who makes one gets an error and no load balancer.
 */
const rights = ({ app, environment }: LoadBalancerControllerArgs): string =>
  JSON.stringify({
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
        // A binding names its target group by ARN, and whoever may write bindings could name another stack's.
        Condition: {
          StringEquals: {
            "aws:ResourceTag/sluice:app": app,
            "aws:ResourceTag/sluice:environment": environment,
          },
        },
      },
    ],
  });
