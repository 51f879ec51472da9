import type { Values } from "../providers/behaviour";
import { CloudError } from "../faults";
import type { Held, World } from "../world";
import { numberOf, objectOf } from "./objects";
import { DEPLOYMENT, HORIZONTAL_POD_AUTOSCALER } from "./tokens";

/** The autoscaler of a Deployment, where it has one. */
export function autoscalerOf(world: World, deployment: Held): Held | undefined {
  const { name, namespace } = objectOf(deployment.properties.metadata);
  return world.all(HORIZONTAL_POD_AUTOSCALER).find((held) => {
    const target = objectOf(objectOf(held.properties.spec).scaleTargetRef);
    return (
      objectOf(held.properties.metadata).namespace === namespace &&
      target.kind === "Deployment" &&
      target.name === name
    );
  });
}

/**
 * How many pods a Deployment should have: `spec.replicas`, or what its autoscaler has come to by load, within the
 * bounds that it has now.
 */
export function desiredReplicas(world: World, deployment: Held): number {
  const autoscaler = autoscalerOf(world, deployment);
  const replicas = numberOf(objectOf(deployment.properties.spec).replicas, 1);
  // Kubernetes does not scale a workload that was scaled to zero by hand.
  if (!autoscaler || replicas === 0) return replicas;
  const { minReplicas, maxReplicas } = objectOf(autoscaler.properties.spec);
  const floor = numberOf(minReplicas, 1);
  const { desiredReplicas: desired } = objectOf(autoscaler.properties.status);
  return Math.max(floor, Math.min(numberOf(desired, floor), numberOf(maxReplicas, Infinity)));
}

/**
 * An autoscaler owns `spec.replicas` once it has changed it; server-side apply refuses to set another value.
 *
 * @throws CloudError `Conflict`
 */
export function replicaConflict(world: World, type: string, id: string, olds: Values, news: Values): void {
  const held = type === DEPLOYMENT ? world.get(type, id) : undefined;
  const { replicas } = objectOf(news.spec);
  if (!held || typeof replicas !== "number" || replicas === 0 || !autoscalerOf(world, held)) return;
  const live = desiredReplicas(world, held);
  if (live === replicas || objectOf(olds.spec).replicas === live) return;
  throw new CloudError(
    "Conflict",
    `Apply failed with 1 conflict: conflict with "kube-controller-manager" with subresource "scale" using ` +
      `apps/v1: .spec.replicas (found ${replicas}, the HorizontalPodAutoscaler has set ${live}); leave ` +
      `spec.replicas out, or ignore changes to it`,
  );
}
