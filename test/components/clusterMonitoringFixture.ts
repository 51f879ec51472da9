import * as pulumi from "@pulumi/pulumi";
import {
  ClusterMonitoring,
  type ClusterMonitoringArgs,
} from "../../components/monitoring/cluster/monitoring";
import { BACKENDS } from "../../model/backends";
import type { Environment } from "../../model/environments";
import { type Monitoring, defaultMonitoring } from "../../model/monitoring/monitoring";
import { defaultSlo } from "../../model/monitoring/objectives";
import { defaultServices } from "../../model/services";
import { key, registered, surroundings } from "./backendsFixture";

export const RELEASE = "kubernetes:helm.sh/v3:Release";

const arn = (region: string) => `arn:aws:acm:${region}:123456789012:certificate/1`;

const CERTIFICATES: ClusterMonitoringArgs["certificates"] = [
  { of: "the load balancer", arn: pulumi.output(arn("eu-west-1")), region: "eu-west-1" },
  { of: "CloudFront", arn: pulumi.output(arn("us-east-1")), region: "us-east-1" },
];

/** What Prometheus is to evaluate. */
export const rules = { groups: [{ name: "sluice", rules: [{ record: "sluice:one", expr: "1" }] }] };

/** What watches a stack of `app`, with what configuration changes. */
export async function made(environment: Environment = "prod", changed: Partial<Monitoring> = {}) {
  const services = defaultServices("app", environment);
  const found = await registered(
    (opts) =>
      new ClusterMonitoring(
        "monitoring",
        {
          ...{ app: "app", environment, name: `app-${environment}`, key, rules, services },
          ...surroundings(),
          monitoring: { ...defaultMonitoring(environment), ...changed },
          slo: defaultSlo(Object.keys(services)),
          namespace: "app",
          backends: BACKENDS[environment],
          certificates: CERTIFICATES,
        },
        opts,
      ),
  );
  const release = found.mocks.find(RELEASE, "monitoring");
  return { ...found, release, values: release["values"] as Values };
}

/** Values of kube-prometheus-stack. */
export interface Values extends Record<string, unknown> {
  prometheus: {
    agentMode?: boolean;
    serviceAccount: { name: string; annotations?: Record<string, string> };
    prometheusSpec: Record<string, unknown> & { remoteWrite?: { url: string }[] };
  };
  alertmanager: { enabled: boolean; alertmanagerSpec?: Record<string, unknown> };
  grafana: Record<string, unknown> & { enabled: boolean };
}
