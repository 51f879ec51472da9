import type * as pulumi from "@pulumi/pulumi";
import { type Monitoring, PARTS_OF } from "../../../model/monitoring/monitoring";
import { AGENT, OTHERS, PROMETHEUS, RELOADER } from "../../../model/monitoring/sizes";
import { grafanaValues } from "./grafanaValues";
import { apart, resourcesOf } from "./hardened";
import type { ManagedPrometheus } from "./managed";
import {
  ALERTMANAGER_ACCOUNT,
  ALERTMANAGER_PODS,
  FULL_NAME,
  PROMETHEUS_ACCOUNT,
  PROMETHEUS_PODS,
} from "./names";
import type { AlertmanagerParts } from "./receivers";

/** What the chart is told from outside. */
export interface StackPlace {
  readonly monitoring: Monitoring;
  /** The class of encrypted volumes that hold data. */
  readonly storageClass: pulumi.Input<string>;
  /** ConfigMaps with dashboards. */
  readonly dashboards: readonly string[];
  /** Names this cluster in what leaves it: `<app>-<environment>`. */
  readonly stack: string;
  readonly region: string;
  /** Where AWS keeps the series. Absent: in the cluster. */
  readonly managed?: Pick<ManagedPrometheus, "remoteWriteUrl" | "roleArn">;
  /** What Alertmanager sends by. Absent: there is none. */
  readonly alertmanager?: Omit<AlertmanagerParts, "ready">;
}

/**
 * Values of kube-prometheus-stack: the operator, Prometheus, kube-state-metrics, Grafana and Alertmanager. The chart's
 * own rules and dashboards stay out, since ours page for the right reasons and theirs for others; and so does the node
 * exporter, which wants the node's file system, processes and network, as no pod here may. What containers use of a
 * node is told by its kubelet.
 */
export function stackValues(place: StackPlace) {
  const { monitoring } = place;
  const { dashboards } = PARTS_OF[monitoring.level];
  const inCluster = monitoring.prometheus === "cluster";
  return {
    fullnameOverride: FULL_NAME,
    crds: { enabled: true },
    defaultRules: { create: false },
    ...UNREACHED,
    kubelet: KUBELET,
    nodeExporter: { enabled: false },
    "kube-state-metrics": STATE_METRICS,
    prometheusOperator: OPERATOR,
    prometheus: inCluster ? prometheusValues(place) : agentValues(place),
    alertmanager: place.alertmanager ? alertmanagerValues(place, place.alertmanager) : { enabled: false },
    grafana: dashboards && monitoring.grafana === "cluster" ? grafanaValues(place) : { enabled: false },
  };
}

/** EKS does not let these be scraped, or nothing here is judged by them; each would only cost series. */
const UNREACHED = Object.fromEntries(
  [
    "kubeApiServer",
    "kubeControllerManager",
    "kubeScheduler",
    "kubeEtcd",
    "kubeProxy",
    "coreDns",
    "kubeDns",
  ].map((component) => [component, { enabled: false }]),
);

const keep = (regex: string) => [{ sourceLabels: ["__name__"], action: "keep", regex }];

/** Of the some hundred series that a kubelet has of each container, those that are shown or judged. */
const KUBELET = {
  serviceMonitor: {
    probes: false,
    cAdvisorInterval: "15s",
    metricRelabelings: keep("kubelet_volume_stats_(available|capacity)_bytes"),
    cAdvisorMetricRelabelings: [
      ...keep("container_(cpu_usage_seconds_total|memory_working_set_bytes)"),
      // A pod's own group and its pause container would count a second time.
      { sourceLabels: ["container"], action: "drop", regex: "|POD" },
    ],
  },
};

const STATE_METRICS = {
  fullnameOverride: `${FULL_NAME}-kube-state-metrics`,
  resources: resourcesOf(OTHERS.stateMetrics),
  // Without Secrets and ConfigMaps: it is given no right to list them.
  collectors: [
    ...["cronjobs", "daemonsets", "deployments", "horizontalpodautoscalers", "jobs", "namespaces", "nodes"],
    ...["persistentvolumeclaims", "poddisruptionbudgets", "pods", "replicasets", "statefulsets"],
  ],
  // Colour and version of a pod are its labels.
  metricLabelsAllowlist: ["pods=[app,colour,version]"],
  // Its series tell of other pods: they keep those pods' namespace and name.
  prometheus: { monitor: { http: { honorLabels: true } } },
};

/** Without its webhook, whose certificate would be made by Jobs that may write any: rules are checked before. */
const OPERATOR = {
  fullnameOverride: `${FULL_NAME}-operator`,
  admissionWebhooks: { enabled: false },
  tls: { enabled: false },
  // It writes the addresses of kubelets, which Prometheus finds them by, in the newer of two kinds alone.
  kubeletEndpointsEnabled: false,
  kubeletEndpointSliceEnabled: true,
  resources: resourcesOf(OTHERS.operator),
  prometheusConfigReloader: { resources: resourcesOf(RELOADER) },
};

/** What Prometheus scrapes and by which rules: ours, whichever chart or program made them. */
const OURS = {
  ruleSelectorNilUsesHelmValues: false,
  podMonitorSelectorNilUsesHelmValues: false,
  serviceMonitorSelectorNilUsesHelmValues: false,
  probeSelectorNilUsesHelmValues: false,
  scrapeConfigSelectorNilUsesHelmValues: false,
  scrapeInterval: "15s",
  evaluationInterval: "15s",
};

const volume = (storageClassName: pulumi.Input<string>, storageGb: number) => ({
  volumeClaimTemplate: {
    spec: {
      storageClassName,
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: `${storageGb}Gi` } },
    },
  },
});

/** Never full: the oldest goes when so much of a volume is used, whatever its age. */
const USED = 0.85;

function prometheusValues({ monitoring, storageClass, stack }: StackPlace) {
  const size = PROMETHEUS[monitoring.level];
  return {
    // Two are asked in turn by nobody: who has begun with one stays with it.
    service: { sessionAffinity: "ClientIP" },
    podDisruptionBudget: { enabled: size.replicas > 1 },
    serviceAccount: { name: PROMETHEUS_ACCOUNT },
    prometheusSpec: {
      ...OURS,
      replicas: size.replicas,
      retention: `${size.retentionDays}d`,
      retentionSize: `${Math.floor(size.storageGb * USED)}GiB`,
      externalLabels: { cluster: stack },
      resources: resourcesOf(size),
      storageSpec: volume(storageClass, size.storageGb),
      podAntiAffinity: "hard",
      topologySpreadConstraints: apart(PROMETHEUS_PODS),
    },
  };
}

/** Forwards all that it scrapes, by a role of its own. */
function agentValues({ stack, region, managed }: StackPlace) {
  return {
    agentMode: true,
    serviceAccount: {
      name: PROMETHEUS_ACCOUNT,
      annotations: { "eks.amazonaws.com/role-arn": managed?.roleArn },
    },
    prometheusSpec: {
      ...OURS,
      replicas: AGENT.replicas,
      externalLabels: { cluster: stack },
      resources: resourcesOf(AGENT),
      remoteWrite: [{ url: managed?.remoteWriteUrl, sigv4: { region } }],
    },
  };
}

function alertmanagerValues(
  { storageClass }: StackPlace,
  { configuration, secrets, roleArn }: Omit<AlertmanagerParts, "ready">,
) {
  const { replicas, storageGb } = OTHERS.alertmanager;
  return {
    enabled: true,
    podDisruptionBudget: { enabled: true },
    serviceAccount: {
      name: ALERTMANAGER_ACCOUNT,
      ...(roleArn !== undefined && { annotations: { "eks.amazonaws.com/role-arn": roleArn } }),
    },
    alertmanagerSpec: {
      replicas,
      // Our Secret is the configuration; the chart writes none.
      useExistingSecret: true,
      configSecret: configuration,
      secrets,
      resources: resourcesOf(OTHERS.alertmanager),
      storage: volume(storageClass, storageGb),
      podAntiAffinity: "hard",
      topologySpreadConstraints: apart(ALERTMANAGER_PODS),
    },
  };
}
