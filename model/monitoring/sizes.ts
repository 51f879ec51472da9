import { quantity } from "../quantity";
import { type Monitoring, PARTS_OF, type Level } from "./monitoring";

/** What one kind of monitoring pods asks of the nodes. */
export interface Size {
  readonly replicas: number;
  /** Processor request of a pod, as a Kubernetes quantity. */
  readonly cpu: string;
  /** Memory request and limit of a pod, as a Kubernetes quantity. */
  readonly memory: string;
  /** Volume of a pod, in GiB. Absent: it keeps nothing. */
  readonly storageGb?: number;
  /** Whether a {@link RELOADER} runs beside it. */
  readonly reloaded?: boolean;
}

/** Prometheus, with how long it keeps what it has. */
export interface PrometheusSize extends Size {
  readonly storageGb: number;
  /** In days; `sluice` asks for six of them, and one more, where requests are few. */
  readonly retentionDays: number;
}

/**
 * Prometheus by level. Where alerts wake somebody there are two, each of which scrapes and judges for itself, so that
 * the loss of a node or zone silences nothing. Sized for some 100,000 series, which is ten times what the services of
 * the guide and their pods make; a volume is full of older data, never of newer (`retentionSize`).
 */
export const PROMETHEUS: Readonly<Record<Level, PrometheusSize>> = {
  basic: { replicas: 1, cpu: "100m", memory: "1Gi", storageGb: 10, retentionDays: 7 },
  full: { replicas: 1, cpu: "200m", memory: "2Gi", storageGb: 50, retentionDays: 15 },
  "full-with-alerting": { replicas: 2, cpu: "200m", memory: "4Gi", storageGb: 100, retentionDays: 31 },
};

/** The agent that stands for Prometheus where AWS keeps the series: it forwards, and keeps what is on its way. */
export const AGENT: Size = { replicas: 1, cpu: "100m", memory: "1Gi" };

/** The others, whatever the level. */
export const OTHERS = {
  operator: { replicas: 1, cpu: "50m", memory: "128Mi" },
  stateMetrics: { replicas: 1, cpu: "20m", memory: "192Mi" },
  exporter: { replicas: 1, cpu: "10m", memory: "64Mi" },
  grafana: { replicas: 1, cpu: "100m", memory: "512Mi" },
  jaeger: { replicas: 1, cpu: "100m", memory: "1Gi", storageGb: 20 },
  // They tell each other what was sent, so that two do not page twice.
  alertmanager: { replicas: 2, cpu: "20m", memory: "96Mi", storageGb: 1 },
} as const satisfies Readonly<Record<string, Size>>;

/** Beside each Prometheus and Alertmanager, to tell it of a changed configuration. */
export const RELOADER = { cpu: "10m", memory: "64Mi" } as const;

/** For how many hours Jaeger keeps traces. */
export const TRACE_HOURS = 72;

/** All pods of the monitoring, by kind. */
export function sizesOf({ level, prometheus, grafana }: Monitoring): Size[] {
  const { dashboards, alerting } = PARTS_OF[level];
  const inCluster = prometheus === "cluster";
  return [
    OTHERS.operator,
    OTHERS.stateMetrics,
    OTHERS.exporter,
    { ...(inCluster ? PROMETHEUS[level] : AGENT), reloaded: true },
    ...(dashboards && grafana === "cluster" ? [OTHERS.grafana] : []),
    ...(dashboards ? [OTHERS.jaeger] : []),
    ...(alerting && inCluster ? [{ ...OTHERS.alertmanager, reloaded: true }] : []),
  ];
}

/** Processors that the monitoring asks of the nodes, in whole ones and parts. */
export const monitoringProcessors = (monitoring: Monitoring): number =>
  sizesOf(monitoring).reduce(
    (sum, { replicas, cpu, reloaded }) =>
      sum + replicas * (quantity(cpu) + (reloaded ? quantity(RELOADER.cpu) : 0)),
    0,
  );

/** Volumes of the monitoring, in GiB. */
export const monitoringStorage = (monitoring: Monitoring): number =>
  sizesOf(monitoring).reduce((sum, { replicas, storageGb = 0 }) => sum + replicas * storageGb, 0);
