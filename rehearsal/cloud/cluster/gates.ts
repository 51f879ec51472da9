import type { Values } from "../providers/behaviour";
import type { Held, World } from "../world";
import { labelsOf, objectOf, selects, stringOf } from "./objects";
import type { Pods } from "./pods";
import { NAMESPACE, SERVICE, TARGET_GROUP_BINDING } from "./tokens";

/** The namespace's label by which the AWS Load Balancer Controller gives pods a readiness gate. */
const INJECT = "elbv2.k8s.aws/pod-readiness-gate-inject";

/** Where a local pod is reached; its port tells one from another. */
export const ADDRESS = "127.0.0.1";

/** The Service that a TargetGroupBinding refers to, if it exists. */
export function serviceOf(world: World, binding: Held): Held | undefined {
  const namespace = String(objectOf(binding.properties.metadata).namespace);
  const name = String(objectOf(objectOf(binding.properties.spec).serviceRef).name);
  return world.get(SERVICE, `${namespace}/${name}`);
}

/** The target group of a binding. */
export const targetGroupOf = (binding: Held): string =>
  stringOf(objectOf(binding.properties.spec).targetGroupARN) ?? "";

/**
 * The readiness gates that a pod of this template gets: one for each binding whose Service selects it.
 * They are given at creation only, so a binding that comes later has no say in the pod's readiness.
 */
export function gatesOf(world: World, namespace: string, template: Values): string[] {
  const labels = labelsOf(objectOf(world.get(NAMESPACE, namespace)?.properties.metadata).labels);
  if (labels[INJECT] !== "enabled") return [];
  const pod = labelsOf(objectOf(template.metadata).labels);
  return world
    .all(TARGET_GROUP_BINDING)
    .filter((binding) => objectOf(binding.properties.metadata).namespace === namespace)
    .filter((binding) => {
      const service = serviceOf(world, binding);
      return service && selects(labelsOf(objectOf(service.properties.spec).selector), pod);
    })
    .map(targetGroupOf);
}

/** Opens the gates of pods that their target groups report as healthy; gives the number that stay shut. */
export function openGates(world: World, pods: Pods): number {
  let shut = 0;
  for (const pod of pods.all()) {
    for (const arn of pod.openGates) {
      const target = world.targets(arn).find((one) => one.id === ADDRESS && one.port === pod.port);
      if (target?.state === "healthy") pod.openGate(arn);
      else shut += 1;
    }
  }
  return shut;
}
