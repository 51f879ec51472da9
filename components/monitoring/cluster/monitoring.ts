import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Backends } from "../../../model/backends";
import type { Environment } from "../../../model/environments";
import { type Dashboards, dashboardFiles } from "../../../model/monitoring/grafana";
import { type Monitoring, PARTS_OF } from "../../../model/monitoring/monitoring";
import type { Slo } from "../../../model/monitoring/objectives";
import type { RuleFile } from "../../../model/monitoring/ruleFile";
import type { ServiceSettings } from "../../../model/services";
import type { Cluster } from "../../cluster/cluster";
import type { ExternalSecrets } from "../../cluster/externalSecrets";
import { hardenedNamespace, nameIn } from "../../cluster/namespace";
import { JAEGER_CHART, KUBE_PROMETHEUS_STACK_CHART } from "../../cluster/versions";
import type { ShownCertificate } from "../../edge/certificates";
import type { Key } from "../../key";
import { cloudWatchExporter } from "./cloudWatchExporter";
import { grafanaPassword } from "./grafanaPassword";
import { jaegerValues } from "./jaegerValues";
import { managedGrafana, managedPrometheus } from "./managed";
import { monitoringNetwork } from "./monitoringNetwork";
import { FULL_NAME, JAEGER, MONITORING_NAMESPACE } from "./names";
import { receivers } from "./receivers";
import { dashboardMaps, podMonitor, prometheusRule } from "./scrape";
import { stackValues } from "./stackValues";

export interface ClusterMonitoringArgs {
  app: string;
  environment: Environment;
  region: string;
  /** `<app>-<environment>`, before every name in AWS. */
  name: string;
  monitoring: Monitoring;
  slo: Slo;
  services: Readonly<Record<string, ServiceSettings>>;
  /** Recording and alerting rules. */
  rules: RuleFile;
  cluster: Pick<Cluster, "oidcProviderArn" | "oidcIssuer" | "provider" | "ready" | "storageClasses">;
  key: Pick<Key, "arn">;
  operator: Pick<ExternalSecrets, "release">;
  /** The services' namespace, from the Namespace itself. */
  namespace: pulumi.Input<string>;
  backends: Backends;
  /** What users are shown. */
  certificates: readonly ShownCertificate[];
}

/**
 * What watches the services from inside the cluster, by the level that configuration asks for: Prometheus, which
 * `sluice` asks; Grafana and Jaeger; Alertmanager. All of it is in a namespace of its own, and nothing of it follows
 * the release: a shift changes none of its objects.
 */
export class ClusterMonitoring extends pulumi.ComponentResource {
  constructor(name: string, args: ClusterMonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:monitoring:ClusterMonitoring", name, {}, opts);
    const { cluster, monitoring, services, rules, name: stack } = args;
    const { dashboards, alerting } = PARTS_OF[monitoring.level];
    const inAws = { parent: this };
    const inCluster = { ...inAws, provider: cluster.provider };
    // Its volumes go with it, so that it is gone before their driver is.
    const made = hardenedNamespace(MONITORING_NAMESPACE, { ...inCluster, dependsOn: cluster.ready });
    const home = nameIn(made, MONITORING_NAMESPACE);
    const placed = { ...args, home, stack };
    const ports = [...new Set(Object.values(services).map(({ port }) => port))].sort((a, b) => a - b);
    const network = monitoringNetwork({ ...placed, ports }, inCluster);
    const ready = [...cluster.ready, ...network];

    const isManaged = monitoring.prometheus === "managed";
    const managed = isManaged ? managedPrometheus(name, placed, inAws) : undefined;
    const alertmanager = alerting && !isManaged ? receivers(name, placed, inAws) : undefined;
    const maps = dashboards ? dashboardFiles(dashboardsFrom(args)) : {};
    const shown = dashboardMaps(name, { home, maps }, inCluster);
    if (dashboards && monitoring.grafana === "managed") managedGrafana(name, placed, inAws);
    const admin =
      dashboards && monitoring.grafana === "cluster" ? [grafanaPassword(name, placed, inAws)] : [];

    const release = new k8s.helm.v3.Release(
      name,
      {
        name: FULL_NAME,
        chart: "kube-prometheus-stack",
        version: KUBE_PROMETHEUS_STACK_CHART,
        namespace: home,
        repositoryOpts: { repo: "https://prometheus-community.github.io/helm-charts" },
        values: stackValues({
          monitoring,
          stack,
          region: args.region,
          storageClass: cluster.storageClasses.scratch,
          dashboards: Object.keys(maps),
          ...(managed && { managed }),
          ...(alertmanager && { alertmanager }),
        }),
      },
      // Policies first: no pod is ever open. And what pods mount, or they would not start.
      {
        ...inCluster,
        dependsOn: [
          ...[...ready, ...shown, ...admin],
          ...[...(managed?.ready ?? []), ...(alertmanager?.ready ?? [])],
        ],
      },
    );
    // The chart brings the definitions of these.
    const defined = { ...inCluster, dependsOn: [release] };
    podMonitor(name, { home, namespace: args.namespace }, defined);
    cloudWatchExporter(`${name}-cloudwatch`, placed, inAws, defined);
    if (!isManaged) prometheusRule(name, { home, rules }, defined);
    if (dashboards) {
      new k8s.helm.v3.Release(
        `${name}-${JAEGER}`,
        {
          name: JAEGER,
          chart: "jaeger",
          version: JAEGER_CHART,
          namespace: home,
          repositoryOpts: { repo: "https://jaegertracing.github.io/helm-charts" },
          values: jaegerValues(cluster.storageClasses.scratch),
        },
        { ...inCluster, dependsOn: ready },
      );
    }
    this.registerOutputs({});
  }
}

const dashboardsFrom = ({ app, services, slo, region, name }: ClusterMonitoringArgs): Dashboards => ({
  app,
  services,
  slo,
  console: `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${name}-backends`,
});
