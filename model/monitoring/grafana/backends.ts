import { namespaceName } from "../../names";
import { quoted } from "../promql";
import { FULL } from "../saturation";
import type { Dashboard } from "./dashboard";
import type { Panel } from "./panel";
import type { Dashboards } from "./release";

/** The vector store: its namespace without the pods that take snapshots. */
const STORE = `namespace="qdrant",pod!~"qdrant-snapshots-.*"`;

/**
 * What services stand on, as far as the cluster knows it. The database and the cache are AWS's, of which Prometheus has
 * what alerts read and CloudWatch the rest: this dashboard links to the one there.
 */
export const backendsDashboard = ({ app, console }: Pick<Dashboards, "app" | "console">): Dashboard => ({
  uid: "sluice-backends",
  title: "Backends",
  description:
    "The vector store's pods and volumes, and Jobs on the backends. Database and cache are in CloudWatch, by the link above.",
  since: "24h",
  annotations: [],
  links: [{ title: "Database and cache in CloudWatch", url: console }],
  rows: [
    { title: "Vector store", panels: [ready, restarts, volumes, processors, memory] },
    { title: "Jobs", panels: [failedJobs(app), doneJobs(app)] },
  ],
});

const ready: Panel = {
  kind: "graph",
  title: "Nodes that are ready",
  description:
    "Qdrant's nodes that answer. Three in prod: with one less it still serves, with two less it does not.",
  unit: "suffix: pods",
  width: 8,
  queries: [{ expr: `sum(kube_pod_status_ready{${STORE},condition="true"})`, legend: "ready" }],
};

const restarts: Panel = {
  kind: "graph",
  title: "Restarts",
  description:
    "Restarts of each node within an hour. A node that uses more memory than it may is killed and comes back.",
  unit: "suffix: restarts",
  width: 8,
  queries: [
    {
      expr: `sum by (pod) (max_over_time(kube_pod_container_status_restarts_total{${STORE}}[1h]) - min_over_time(kube_pod_container_status_restarts_total{${STORE}}[1h]))`,
      legend: "{{pod}}",
    },
  ],
};

const volumes: Panel = {
  kind: "graph",
  title: "Volumes",
  description: `Part of each volume that is used, data and snapshots apart. Above ${FULL.warningPercent} % let it grow: sluice:backends.vectorStore.storageGb.`,
  unit: "percentunit",
  limit: FULL.warningPercent / 100,
  most: 1,
  width: 8,
  queries: [
    {
      expr: `1 - kubelet_volume_stats_available_bytes{namespace="qdrant"} / kubelet_volume_stats_capacity_bytes{namespace="qdrant"}`,
      legend: "{{persistentvolumeclaim}}",
    },
  ],
};

const processors: Panel = {
  kind: "graph",
  title: "Processors",
  description: "Processors in use by each node of the vector store.",
  unit: "suffix: cores",
  width: 12,
  queries: [
    {
      expr: `sum by (pod) (rate(container_cpu_usage_seconds_total{${STORE},container!=""}[5m]))`,
      legend: "{{pod}}",
    },
  ],
};

const memory: Panel = {
  kind: "graph",
  title: "Memory",
  description:
    "Memory in use by each node of the vector store; more than sluice:backends.vectorStore.memory and it is killed.",
  unit: "bytes",
  width: 12,
  queries: [
    {
      expr: `sum by (pod) (container_memory_working_set_bytes{${STORE},container!=""})`,
      legend: "{{pod}}",
    },
  ],
};

const jobs = (app: string): string => `namespace=${quoted(namespaceName(app))}`;

const failedJobs = (app: string): Panel => ({
  kind: "graph",
  title: "Jobs that failed",
  description:
    "Pods of Jobs that failed: migrations, the database's users, checks of a restored database. `kubectl logs -n <namespace> job/<name>` says why.",
  unit: "suffix: pods",
  width: 12,
  queries: [{ expr: `max by (job_name) (kube_job_status_failed{${jobs(app)}})`, legend: "{{job_name}}" }],
});

const doneJobs = (app: string): Panel => ({
  kind: "graph",
  title: "Jobs that succeeded",
  description:
    "Pods of Jobs that succeeded, by Job. A version's share rises only when its migration is among them.",
  unit: "suffix: pods",
  width: 12,
  queries: [{ expr: `max by (job_name) (kube_job_status_succeeded{${jobs(app)}})`, legend: "{{job_name}}" }],
});
