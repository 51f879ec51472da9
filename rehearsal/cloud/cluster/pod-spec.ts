import { quantity } from "./names";
import { labelsOf, listOf, numberOf, objectOf, stringOf } from "./objects";
import type { Values } from "../providers/behaviour";

/** What the kubelet reads from a pod template. Times in seconds. */
export interface PodSpec {
  /** Name of the first container. */
  readonly container: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Processors that all its containers together ask for; 0 where they ask for none. */
  readonly processors: number;
  /** How long a pod may take to end after it was told to; Kubernetes' default is 30. */
  readonly graceSeconds: number;
  /** The sleep before the signal to end; the longest of all containers. */
  readonly preStopSeconds: number;
  readonly readiness: Readiness;
}

/** The readiness probe, with Kubernetes' defaults. Without a path, listening is enough. */
export interface Readiness {
  readonly path: string | undefined;
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

/** Reads a pod template. The first container with a readiness probe decides. */
export function readTemplate(template: Values): PodSpec {
  const spec = objectOf(template.spec);
  const containers = listOf(spec.containers).map(objectOf);
  const probe = objectOf(
    containers.find((container) => container.readinessProbe !== undefined)?.readinessProbe,
  );
  return {
    container: stringOf(containers[0]?.name) ?? "",
    labels: labelsOf(objectOf(template.metadata).labels),
    processors: containers.reduce((total, one) => total + processorsOf(one), 0),
    graceSeconds: numberOf(spec.terminationGracePeriodSeconds, 30),
    preStopSeconds: Math.max(0, ...containers.map(preStop)),
    readiness: {
      path: probe.httpGet === undefined ? undefined : (stringOf(objectOf(probe.httpGet).path) ?? "/"),
      initialDelaySeconds: numberOf(probe.initialDelaySeconds, 0),
      periodSeconds: numberOf(probe.periodSeconds, 10),
      timeoutSeconds: numberOf(probe.timeoutSeconds, 1),
      successThreshold: numberOf(probe.successThreshold, 1),
      failureThreshold: numberOf(probe.failureThreshold, 3),
    },
  };
}

/** What a container asks for; where it says only its limit, that. */
function processorsOf({ resources }: Values): number {
  const { requests, limits } = objectOf(resources);
  const { cpu } = { ...objectOf(limits), ...objectOf(requests) };
  return quantity(typeof cpu === "number" ? String(cpu) : (stringOf(cpu) ?? "")) ?? 0;
}

/** `sleep: {seconds}`, or an `exec` whose command sleeps. */
function preStop(container: Values): number {
  const hook = objectOf(objectOf(container.lifecycle).preStop);
  const command = listOf(objectOf(hook.exec).command).join(" ");
  return numberOf(objectOf(hook.sleep).seconds, Number(/\bsleep\s+(\d+(?:\.\d+)?)/.exec(command)?.[1] ?? 0));
}
