import type { World } from "../world";
import { desiredReplicas } from "./autoscaling";
import { type Labels, headOf, lineOf } from "./exposition";
import type { LocalPod } from "./local-pod";
import { listOf, numberOf, objectOf, stringOf } from "./objects";
import { DEPLOYMENT, HORIZONTAL_POD_AUTOSCALER, JOB } from "./tokens";

/** A family as kube-state-metrics has it. */
interface Family {
  readonly name: string;
  readonly type: "gauge" | "counter";
  readonly help: string;
  readonly series: readonly (readonly [labels: Labels, value: number])[];
}

const PHASES = ["Pending", "Running", "Succeeded", "Failed", "Unknown"] as const;
const CONDITIONS = ["true", "false", "unknown"] as const;
const JOB_FAILURES = ["BackoffLimitExceeded", "DeadlineExceeded", "Evicted"] as const;

const one = (holds: boolean): number => (holds ? 1 : 0);
const secondsOf = (iso: string): number => Date.parse(iso) / 1_000;

/**
 * What kube-state-metrics would tell of the local cluster, in Prometheus' text format: of pods, Deployments,
 * autoscalers and Jobs. Times are the machine's own, since Prometheus' are.
 */
export function kubeStateMetrics(world: World, pods: readonly LocalPod[]): string {
  return [
    ...podFamilies(pods),
    ...deploymentFamilies(world),
    ...autoscalerFamilies(world),
    ...jobFamilies(world),
  ]
    .filter(({ series }) => series.length > 0)
    .flatMap((family) => [
      headOf(family),
      ...family.series.map(([labels, value]) => lineOf(family.name, labels, value)),
    ])
    .join("");
}

const gauge = (name: string, help: string, series: Family["series"]): Family => ({
  ...{ name, type: "gauge", help, series },
});

function podFamilies(pods: readonly LocalPod[]): Family[] {
  const labels = ({ namespace, name: pod }: LocalPod) => ({ namespace, pod });
  const inContainer = (pod: LocalPod) => ({ ...labels(pod), container: pod.container });
  const each = (value: (pod: LocalPod) => number): Family["series"] =>
    pods.map((pod) => [labels(pod), value(pod)]);
  const crashing = pods.filter(({ reason }) => reason.startsWith("CrashLoopBackOff"));
  return [
    {
      name: "kube_pod_container_status_restarts_total",
      type: "counter",
      help: "The number of container restarts per container.",
      series: pods.map((pod) => [inContainer(pod), pod.restarts]),
    },
    gauge(
      "kube_pod_container_status_waiting_reason",
      "Describes the reason the container is currently in waiting state.",
      crashing.map((pod) => [{ ...inContainer(pod), reason: "CrashLoopBackOff" }, 1]),
    ),
    gauge(
      "kube_pod_status_ready",
      "Describes whether the pod is ready to serve requests.",
      pods.flatMap((pod) =>
        CONDITIONS.map((condition) => [{ ...labels(pod), condition }, one(condition === String(pod.ready))]),
      ),
    ),
    gauge(
      "kube_pod_labels",
      "Kubernetes labels converted to Prometheus labels.",
      // It tells those alone that it is allowed to: `pods=[version]`.
      pods.map((pod) => {
        const { version } = pod.labels;
        return [{ ...labels(pod), ...(version !== undefined && { label_version: version }) }, 1];
      }),
    ),
    gauge(
      "kube_pod_created",
      "Unix creation timestamp",
      each(({ created }) => secondsOf(created)),
    ),
    gauge(
      "kube_pod_deletion_timestamp",
      "Unix deletion timestamp",
      pods.flatMap((pod) => (pod.deleted === undefined ? [] : [[labels(pod), secondsOf(pod.deleted)]])),
    ),
    gauge(
      "kube_pod_status_phase",
      "The pods current phase.",
      pods.flatMap((pod) => PHASES.map((phase) => [{ ...labels(pod), phase }, one(phase === pod.phase)])),
    ),
  ];
}

/** An object's namespace, and its name under a kind's own word. */
const named = (word: string, metadata: unknown): Labels => {
  const { namespace, name } = objectOf(metadata);
  return { namespace: stringOf(namespace) ?? "default", [word]: stringOf(name) ?? "" };
};

function deploymentFamilies(world: World): Family[] {
  const all = world.all(DEPLOYMENT);
  const status = (field: string): Family["series"] =>
    all.map(({ properties }) => [
      named("deployment", properties.metadata),
      numberOf(objectOf(properties.status)[field], 0),
    ]);
  return [
    gauge(
      "kube_deployment_spec_replicas",
      "Number of desired pods for a deployment.",
      all.map((held) => [named("deployment", held.properties.metadata), desiredReplicas(world, held)]),
    ),
    gauge("kube_deployment_status_replicas", "The number of replicas per deployment.", status("replicas")),
    gauge(
      "kube_deployment_status_replicas_available",
      "The number of available replicas per deployment.",
      status("availableReplicas"),
    ),
    gauge(
      "kube_deployment_status_replicas_ready",
      "The number of ready replicas per deployment.",
      status("readyReplicas"),
    ),
    gauge(
      "kube_deployment_status_replicas_updated",
      "The number of updated replicas per deployment.",
      status("updatedReplicas"),
    ),
  ];
}

function autoscalerFamilies(world: World): Family[] {
  const all = world.all(HORIZONTAL_POD_AUTOSCALER);
  const each = (part: "spec" | "status", field: string, otherwise: number): Family["series"] =>
    all.map(({ properties }) => [
      named("horizontalpodautoscaler", properties.metadata),
      numberOf(objectOf(properties[part])[field], otherwise),
    ]);
  const family = (rest: string, help: string, series: Family["series"]) =>
    gauge(`kube_horizontalpodautoscaler_${rest}`, help, series);
  return [
    family("spec_min_replicas", "Lower limit for the number of pods.", each("spec", "minReplicas", 1)),
    family("spec_max_replicas", "Upper limit for the number of pods.", each("spec", "maxReplicas", 1)),
    family("status_current_replicas", "Current number of replicas.", each("status", "currentReplicas", 0)),
    family("status_desired_replicas", "Desired number of replicas.", each("status", "desiredReplicas", 0)),
  ];
}

function jobFamilies(world: World): Family[] {
  const all = world.all(JOB).map(({ properties }) => {
    const status = objectOf(properties.status);
    const conditions = listOf(status.conditions).map(objectOf);
    const failure = conditions.find(({ type }) => type === "Failed");
    const complete = conditions.some(({ type }) => type === "Complete");
    return { labels: named("job_name", properties.metadata), status, failure, complete };
  });
  const ended = (holds: (job: (typeof all)[number]) => boolean): Family["series"] =>
    all
      .filter(holds)
      .flatMap(({ labels }) =>
        CONDITIONS.map((condition) => [{ ...labels, condition }, one(condition === "true")] as const),
      );
  return [
    gauge(
      "kube_job_failed",
      "The job has failed its execution.",
      ended(({ failure }) => failure !== undefined),
    ),
    gauge(
      "kube_job_complete",
      "The job has completed its execution.",
      ended(({ complete }) => complete),
    ),
    gauge(
      "kube_job_status_failed",
      "The number of pods which reached Phase Failed and the reason for failure.",
      all.flatMap(({ labels, status, failure }): [Labels, number][] =>
        failure === undefined
          ? [[labels, numberOf(status.failed, 0)]]
          : JOB_FAILURES.map((reason) => [{ ...labels, reason }, one(failure.reason === reason)]),
      ),
    ),
    gauge(
      "kube_job_status_succeeded",
      "The number of pods which reached Phase Succeeded.",
      all.map(({ labels, status }) => [labels, numberOf(status.succeeded, 0)]),
    ),
  ];
}
