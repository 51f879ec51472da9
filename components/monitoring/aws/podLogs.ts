import type * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../../model/environments";
import type { Cluster } from "../../cluster/cluster";
import { podIdentity } from "../../cluster/podRole";
import type { Key } from "../../key";
import { logGroup } from "../../logs";
import { FLUENT_BIT_CHART } from "./versions";

export interface PodLogsArgs {
  /** The cluster's name, as it is in the log group's. */
  clusterName: string;
  environment: Environment;
  region: string;
  cluster: Pick<Cluster, "ready" | "provider" | "oidcProviderArn" | "oidcIssuer">;
  key: Pick<Key, "arn">;
}

/** It reads files of the node, which no namespace of services lets a pod do. */
const NAMESPACE = "kube-system";
const SERVICE_ACCOUNT = "fluent-bit";

/** The log group of what pods write, named as CloudWatch's own agent names it. */
export const podLogPath = (clusterName: string): string =>
  `/aws/containerinsights/${clusterName}/application`;

/** Brings what pods write to CloudWatch Logs, where it outlives them, and gives the log group. */
export function podLogs(
  name: string,
  args: PodLogsArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup {
  const { clusterName, cluster, environment, key, region } = args;
  const logs = logGroup(name, { path: podLogPath(clusterName), environment, key }, opts);
  const { role, policies } = podIdentity(
    name,
    { cluster, namespace: NAMESPACE, serviceAccount: SERVICE_ACCOUNT, policy: logs.arn.apply(mayWrite) },
    opts,
  );
  new k8s.helm.v3.Release(
    name,
    {
      name: SERVICE_ACCOUNT,
      chart: "fluent-bit",
      version: FLUENT_BIT_CHART,
      namespace: NAMESPACE,
      repositoryOpts: { repo: "https://fluent.github.io/helm-charts" },
      values: {
        fullnameOverride: SERVICE_ACCOUNT,
        serviceAccount: {
          name: SERVICE_ACCOUNT,
          annotations: { "eks.amazonaws.com/role-arn": role.arn },
        },
        resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
          seccompProfile: { type: "RuntimeDefault" },
        },
        // Every node has pods whose last words matter, whatever else it is kept free for.
        tolerations: [{ operator: "Exists" }],
        priorityClassName: "system-node-critical",
        config: { inputs: INPUTS, filters: FILTERS, outputs: outputs(podLogPath(clusterName), region) },
      },
    },
    { ...opts, provider: cluster.provider, dependsOn: [...cluster.ready, ...policies] },
  );
  return logs;
}

const mayWrite = (arn: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resource: `${arn}:*`,
      },
    ],
  });

const INPUTS = `[INPUT]
    Name tail
    Path /var/log/containers/*.log
    multiline.parser docker, cri
    Tag kube.*
    Mem_Buf_Limit 5MB
    Skip_Long_Lines On
`;

/** What a line says is kept as it was; where it is JSON, its fields can be asked for as well. */
const FILTERS = `[FILTER]
    Name kubernetes
    Match kube.*
    Merge_Log On
    Merge_Log_Key log_processed
    Keep_Log On
    Labels On
    Annotations Off
    Use_Kubelet Off
    K8S-Logging.Parser Off
    K8S-Logging.Exclude Off
`;

const outputs = (path: string, region: string): string => `[OUTPUT]
    Name cloudwatch_logs
    Match kube.*
    region ${region}
    log_group_name ${path}
    log_stream_prefix pods-
    auto_create_group false
`;
