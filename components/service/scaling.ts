import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { floorOf } from "../../model/capacity";
import { deploymentName } from "../../model/names";
import { labelsOf, selectorOf } from "./labels";
import type { WorkloadArgs } from "./workloadArgs";

/** Processor use that pods are kept at, in percent of what they ask for: the rest is for what comes suddenly. */
const UTILISATION = 70;

/** Load that is gone for less than this comes back; in seconds. */
const STABLE_SECONDS = 300;

export type ScalingArgs = Pick<
  WorkloadArgs,
  "app" | "service" | "colour" | "settings" | "namespace" | "capacity"
>;

/** One colour's autoscaler of a service. Its floor follows the release, and load decides above it. */
export function colourAutoscaler(
  args: ScalingArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.autoscaling.v2.HorizontalPodAutoscaler {
  const { service, colour, settings } = args;
  const name = deploymentName(service, colour);
  return new k8s.autoscaling.v2.HorizontalPodAutoscaler(
    name,
    {
      metadata: { name, namespace: args.namespace, labels: labelsOf(args) },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
        minReplicas: floorOf(settings, args.capacity),
        maxReplicas: settings.maxReplicas,
        metrics: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: UTILISATION } },
          },
        ],
        behavior: {
          scaleDown: {
            stabilizationWindowSeconds: STABLE_SECONDS,
            // Each pod that leaves drains for as long as the load balancer lets it: one at a time.
            policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
          },
        },
      },
    },
    opts,
  );
}

/**
 * Of one colour's pods of a service, one at a time may be evicted. The bound is on those that are missing and not
 * on those that stay, because a single pod that must stay would block its node's drain for ever; where one pod is
 * all there is, as in dev, a drain costs seconds. Pods that are not ready hold up no drain.
 */
export function colourBudget(
  args: ScalingArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.policy.v1.PodDisruptionBudget {
  const { service, colour } = args;
  const name = deploymentName(service, colour);
  return new k8s.policy.v1.PodDisruptionBudget(
    name,
    {
      metadata: { name, namespace: args.namespace, labels: labelsOf(args) },
      spec: {
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: "AlwaysAllow",
        selector: { matchLabels: selectorOf(service, colour) },
      },
    },
    opts,
  );
}
