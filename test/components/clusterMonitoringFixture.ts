import { ClusterMonitoring } from "../../components/monitoring/cluster/monitoring";
import type { Environment } from "../../model/environments";
import { type Monitoring, defaultMonitoring } from "../../model/monitoring/monitoring";
import { defaultSlo } from "../../model/monitoring/objectives";
import { defaultServices } from "../../model/services";
import { key, registered, surroundings } from "./backendsFixture";

export const RELEASE = "kubernetes:helm.sh/v3:Release";

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
