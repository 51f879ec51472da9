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
  const { port, ready, terminating, restarts, reason } = pod;
  const { name, namespace } = pod.init;
  const { labels } = pod.spec;
  return { name, namespace, labels, service, colour, version, port, ready, terminating, restarts, reason };
}

export function localJobPod({ init, identity, labels, reason }: JobPod): LocalPod {
  const { service, colour, version } = identity;
  const { name, namespace } = init;
  const state = { port: 0, ready: false, terminating: false, restarts: 0, reason };
  return { name, namespace, labels, service, colour, version, ...state };
}
