import type { Held } from "../world";
import { outcome, type Jobs } from "./jobs";
import { labelsOf, objectOf } from "./objects";
import type { Pod } from "./pod";
import type { Pods } from "./pods";
import { DAEMON_SET, DEPLOYMENT, JOB, SERVICE, STATEFUL_SET } from "./tokens";
import { unmet } from "./waiting-for";
import { ownerOf, type Workloads } from "./workloads";

/** What Pulumi's awaiter makes of an object: ready, failed for good, or not yet; the latter two with reasons. */
export type Verdict =
  { readonly state: "ready" } | { readonly state: "failed" | "pending"; readonly reasons: readonly string[] };

const READY: Verdict = { state: "ready" };

/** Judges an object as the world has it now. Kinds that nothing is known of are ready at once. */
export function verdict(held: Held, pods: Pods, workloads: Workloads, jobs: Jobs): Verdict {
  // What the program says to wait for takes the place of what Pulumi knows of the kind.
  const lacking = unmet(held);
  if (lacking) return lacking.length === 0 ? READY : { state: "pending", reasons: lacking };
  switch (held.type) {
    case DEPLOYMENT:
    case STATEFUL_SET:
    case DAEMON_SET:
      return workload(held, pods, workloads);
    case JOB:
      return job(held, jobs);
    case SERVICE:
      return service(held, pods);
    default:
      return READY;
  }
}

function workload(held: Held, pods: Pods, workloads: Workloads): Verdict {
  const { metadata, status } = held.properties;
  const { desired, updated, available, total } = workloads.progress(held);
  const seen = objectOf(status).observedGeneration === objectOf(metadata).generation;
  if (seen && updated === desired && available >= desired && total === desired) return READY;
  const stuck = workloads.stuck(held);
  const kind = held.type.split(":").pop()!;
  const reasons = [
    ...(available < desired
      ? [
          `[MinimumReplicasUnavailable] ${kind} does not have minimum availability: ${available} of ${desired} pods are ready`,
        ]
      : []),
    ...(updated < desired || total > desired
      ? ["Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live"]
      : []),
    ...(stuck ? [`[ProgressDeadlineExceeded] ${kind} has timed out progressing`] : []),
    ...pods
      .of(ownerOf(held))
      .filter((pod) => !pod.ready && !pod.terminating)
      .map(explain),
  ];
  return { state: stuck ? "failed" : "pending", reasons };
}

function explain(pod: Pod): string {
  const why = pod.containersReady
    ? `the readiness gate of ${pod.openGates.join(", ")} has not opened: the load balancer does not call the target healthy`
    : pod.reason;
  return `[Pod ${pod.init.namespace}/${pod.init.name}]: ${why}`;
}

function job(held: Held, jobs: Jobs): Verdict {
  const ended = outcome(held);
  if (ended?.complete) return READY;
  if (ended)
    return { state: "failed", reasons: [`[Job ${held.id}]: ${ended.message}`, ...jobs.reasons(held)] };
  return {
    state: "pending",
    reasons: [`[Job ${held.id}]: Job is running, or suspended`, ...jobs.reasons(held)],
  };
}

/** Pulumi waits for a pod behind a Service, unless it has no selector, no address of its own, or another name. */
function service(held: Held, pods: Pods): Verdict {
  const { selector, clusterIP, type } = objectOf(held.properties.spec);
  const labels = labelsOf(selector);
  if (Object.keys(labels).length === 0 || clusterIP === "None" || type === "ExternalName") return READY;
  const { namespace } = objectOf(held.properties.metadata);
  if (pods.selected(String(namespace), labels).some((pod) => pod.ready)) return READY;
  const reason =
    "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may not " +
    "match labels on any Pods";
  return { state: "pending", reasons: [reason] };
}
