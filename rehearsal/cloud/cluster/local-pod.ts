import type { JobPod } from "./job-pod";
import type { Pod } from "./pod";

/** A pod as others may see it. */
export interface LocalPod {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly service: string;
  readonly colour: string;
  readonly version: string;
  /** Name of its first container. */
  readonly container: string;
  /** ISO time by the machine's clock. */
  readonly created: string;
  /** When it ends at the latest, where it was told to; ISO time by the machine's clock. */
  readonly deleted?: string;
  readonly phase: "Pending" | "Running";
  /** On 127.0.0.1; 0 until it listens, and for the pod of a Job. */
  readonly port: number;
  readonly ready: boolean;
  readonly terminating: boolean;
  readonly restarts: number;
  /** Why it is not ready; empty when it is. */
  readonly reason: string;
}

export function localPod(pod: Pod): LocalPod {
  const { service, colour, version } = pod.identity;
  const { port, ready, terminating, restarts, reason, deleted } = pod;
  const { name, namespace } = pod.init;
  const { labels, container } = pod.spec;
  return {
    ...{ name, namespace, labels, service, colour, version, container, created: pod.created },
    ...(deleted !== undefined && { deleted }),
    // Once its container has been started a pod runs, whatever becomes of the container.
    phase: port > 0 || restarts > 0 ? "Running" : "Pending",
    ...{ port, ready, terminating, restarts, reason },
  };
}

export function localJobPod({ init, identity, labels, reason, container, created }: JobPod): LocalPod {
  const { service, colour, version } = identity;
  const { name, namespace } = init;
  const phase = reason === "Running" ? "Running" : "Pending";
  const state = { phase, port: 0, ready: false, terminating: false, restarts: 0, reason } as const;
  return { name, namespace, labels, service, colour, version, container, created, ...state };
}
