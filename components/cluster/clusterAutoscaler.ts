import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import type { Cluster } from "./cluster";
import { podIdentity } from "./podRole";
import { CLUSTER_AUTOSCALER } from "./versions";

export interface ClusterAutoscalerArgs {
  environment: Environment;
  cluster: Pick<Cluster, "name" | "provider" | "ready" | "oidcProviderArn" | "oidcIssuer">;
  region: string;
}

const NAMESPACE = "kube-system";
const SERVICE_ACCOUNT = "cluster-autoscaler";

/**
 * The cluster autoscaler: nodes follow the pods, between the bounds of the node group. Before a share rises
 * its colour's pods are waited for, and so are the nodes that they need.
 */
export class ClusterAutoscaler extends pulumi.ComponentResource {
  readonly release: k8s.helm.v3.Release;

  constructor(name: string, args: ClusterAutoscalerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:cluster:ClusterAutoscaler", name, {}, opts);
    const { cluster } = args;
    const { role, policies } = podIdentity(
      name,
      { cluster, namespace: NAMESPACE, serviceAccount: SERVICE_ACCOUNT, policy: rights(cluster.name) },
      { parent: this },
    );
    this.release = new k8s.helm.v3.Release(
      name,
      {
        name: SERVICE_ACCOUNT,
        chart: "cluster-autoscaler",
        version: CLUSTER_AUTOSCALER.chart,
        namespace: NAMESPACE,
        repositoryOpts: { repo: "https://kubernetes.github.io/autoscaler" },
        values: {
          fullnameOverride: SERVICE_ACCOUNT,
          image: { tag: CLUSTER_AUTOSCALER.image },
          autoDiscovery: { clusterName: cluster.name },
          awsRegion: args.region,
          // One works and one takes over; where nobody waits for a node, none needs to take over.
          replicaCount: args.environment === "dev" ? 1 : 2,
          podDisruptionBudget: { maxUnavailable: 1 },
          priorityClassName: "system-cluster-critical",
          rbac: {
            serviceAccount: {
              name: SERVICE_ACCOUNT,
              annotations: { "eks.amazonaws.com/role-arn": role.arn },
            },
          },
          resources: { requests: { cpu: "50m", memory: "256Mi" }, limits: { memory: "512Mi" } },
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65534,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containerSecurityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          extraArgs: {
            expander: "least-waste",
            // Pods of kube-system have budgets, so nodes that carry nothing else may go.
            "skip-nodes-with-system-pods": false,
            // A pod's own temporary files hold no node: what must last is on a volume.
            "skip-nodes-with-local-storage": false,
          },
        },
      },
      { parent: this, provider: cluster.provider, dependsOn: [...cluster.ready, ...policies] },
    );
    this.registerOutputs({});
  }
}

/** To look at any group, and to resize those that EKS has tagged as this cluster's. */
const rights = (clusterName: pulumi.Output<string>): pulumi.Output<string> =>
  clusterName.apply((name) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: [
            "autoscaling:DescribeAutoScalingGroups",
            "autoscaling:DescribeAutoScalingInstances",
            "autoscaling:DescribeLaunchConfigurations",
            "autoscaling:DescribeScalingActivities",
            "autoscaling:DescribeTags",
            "ec2:DescribeImages",
            "ec2:DescribeInstanceTypes",
            "ec2:DescribeLaunchTemplateVersions",
            "ec2:GetInstanceTypesFromInstanceRequirements",
            "eks:DescribeNodegroup",
          ],
          Resource: "*",
        },
        {
          Effect: "Allow",
          Action: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
          Resource: "*",
          Condition: {
            StringEquals: {
              "aws:ResourceTag/k8s.io/cluster-autoscaler/enabled": "true",
              [`aws:ResourceTag/k8s.io/cluster-autoscaler/${name}`]: "owned",
            },
          },
        },
      ],
    }),
  );
