import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Monitoring, PARTS_OF } from "../../../model/monitoring/monitoring";
import { alertmanagerConfig } from "../../../model/monitoring/routing";
import type { RuleFile } from "../../../model/monitoring/ruleFile";
import { PROMETHEUS } from "../../../model/monitoring/sizes";
import { assumedByService } from "../../cluster/assumeRole";
import type { Cluster } from "../../cluster/cluster";
import { podIdentity } from "../../cluster/podRole";
import type { Key } from "../../key";
import { MONITORING_NAMESPACE, PROMETHEUS_ACCOUNT } from "./names";

export interface ManagedArgs {
  /** `<app>-<environment>`, before every name in AWS. */
  stack: string;
  monitoring: Monitoring;
  rules: RuleFile;
  cluster: Pick<Cluster, "oidcProviderArn" | "oidcIssuer">;
  key: Pick<Key, "arn">;
}

/** Where Prometheus' agent writes to, and as whom. */
export interface ManagedPrometheus {
  readonly remoteWriteUrl: pulumi.Output<string>;
  readonly roleArn: pulumi.Output<string>;
  /** What the agent waits for. */
  readonly ready: readonly pulumi.Resource[];
}

/**
 * Amazon Managed Service for Prometheus: it keeps the series that an agent in the cluster writes, evaluates the rules
 * and sends the alerts. The agent scrapes what Prometheus would, by the same PodMonitor: AWS's own scraper would want
 * the same said a second time, and costs by the hour.
 */
export function managedPrometheus(
  name: string,
  { stack, monitoring, rules, cluster, key }: ManagedArgs,
  opts: pulumi.CustomResourceOptions,
): ManagedPrometheus {
  const workspace = new aws.amp.Workspace(name, { alias: stack, kmsKeyArn: key.arn }, opts);
  const workspaceId = workspace.id;
  new aws.amp.WorkspaceConfiguration(
    name,
    { workspaceId, retentionPeriodInDays: PROMETHEUS[monitoring.level].retentionDays },
    opts,
  );
  new aws.amp.RuleGroupNamespace(
    name,
    // JSON is YAML.
    { workspaceId, name: "sluice", data: JSON.stringify(rules) },
    opts,
  );
  const sns = monitoring.receivers.page?.sns;
  if (PARTS_OF[monitoring.level].alerting && sns !== undefined) {
    // It knows no other receivers, and takes no defaults for all of them.
    const { global: _, ...config } = alertmanagerConfig({ receivers: { page: { sns } } });
    const definition = JSON.stringify({ alertmanager_config: JSON.stringify(config) });
    new aws.amp.AlertManagerDefinition(name, { workspaceId, definition }, opts);
  }
  const { role, policies } = podIdentity(
    `${name}-prometheus`,
    {
      cluster,
      namespace: MONITORING_NAMESPACE,
      serviceAccount: PROMETHEUS_ACCOUNT,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "aps:RemoteWrite", Resource: workspace.arn }],
      }),
    },
    opts,
  );
  return {
    remoteWriteUrl: pulumi.interpolate`${workspace.prometheusEndpoint}api/v1/remote_write`,
    roleArn: role.arn,
    ready: policies,
  };
}

/**
 * Amazon Managed Grafana, for people of IAM Identity Center. It may ask the account's Prometheus workspaces and nothing
 * else. Its data source and the dashboards are put into it by its own API, which the engine does not reach.
 */
export function managedGrafana(
  name: string,
  { stack, key }: Pick<ManagedArgs, "stack" | "key">,
  opts: pulumi.CustomResourceOptions,
): aws.grafana.Workspace {
  const role = new aws.iam.Role(
    `${name}-grafana`,
    { assumeRolePolicy: assumedByService("grafana.amazonaws.com") },
    opts,
  );
  new aws.iam.RolePolicy(
    `${name}-grafana`,
    {
      role: role.name,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: [
              ...["ListWorkspaces", "DescribeWorkspace", "QueryMetrics"],
              ...["GetLabels", "GetSeries", "GetMetricMetadata"],
            ].map((action) => `aps:${action}`),
            Resource: "*",
          },
        ],
      }),
    },
    opts,
  );
  return new aws.grafana.Workspace(
    name,
    {
      name: stack,
      accountAccessType: "CURRENT_ACCOUNT",
      authenticationProviders: ["AWS_SSO"],
      permissionType: "CUSTOMER_MANAGED",
      roleArn: role.arn,
      dataSources: ["PROMETHEUS"],
      kmsKeyId: key.arn,
    },
    opts,
  );
}
