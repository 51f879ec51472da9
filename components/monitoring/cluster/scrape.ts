import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { RuleFile } from "../../../model/monitoring/ruleFile";
import { MONITORING_NAMESPACE } from "./names";

const LABELS = {
  "app.kubernetes.io/part-of": MONITORING_NAMESPACE,
  "app.kubernetes.io/managed-by": "pulumi",
};

/**
 * How the services' pods are scraped: each at the port that it serves at, with the labels that rules and dashboards
 * know it by. The operator adds `namespace` and `pod` by itself. What a pod says of `app` or `colour` counts for
 * nothing: the scrape's labels win.
 */
export const podMonitor = (
  name: string,
  { home, namespace }: { home: pulumi.Input<string>; namespace: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource =>
  new k8s.apiextensions.CustomResource(
    `${name}-services`,
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PodMonitor",
      metadata: { name: "services", namespace: home, labels: LABELS },
      spec: {
        namespaceSelector: { matchNames: [namespace] },
        selector: { matchExpressions: [{ key: "colour", operator: "Exists" }] },
        podTargetLabels: ["app", "colour", "version"],
        podMetricsEndpoints: [{ port: "http", path: "/metrics", interval: "15s", honorLabels: false }],
        // A label with a value for each user would take Prometheus down with it: that pod is not scraped then.
        sampleLimit: 10_000,
      },
    },
    opts,
  );

/** Rules for Prometheus, recording and alerting. */
export const prometheusRule = (
  name: string,
  { home, rules }: { home: pulumi.Input<string>; rules: RuleFile },
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource =>
  new k8s.apiextensions.CustomResource(
    `${name}-rules`,
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PrometheusRule",
      metadata: { name: "sluice", namespace: home, labels: LABELS },
      spec: { groups: rules.groups },
    },
    opts,
  );

/** Grafana's dashboards as files, each in a ConfigMap by name; Grafana has them as volumes. */
export const dashboardMaps = (
  name: string,
  {
    home,
    maps,
  }: { home: pulumi.Input<string>; maps: Readonly<Record<string, Readonly<Record<string, string>>>> },
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.ConfigMap[] =>
  Object.entries(maps).map(
    ([map, data]) =>
      new k8s.core.v1.ConfigMap(
        `${name}-${map}`,
        { metadata: { name: map, namespace: home, labels: LABELS }, data },
        opts,
      ),
  );
