import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { floorOf } from "../../model/capacity";
import { deploymentName } from "../../model/names";
import { labelsOf, selectorOf } from "./labels";
import { podTemplate } from "./podTemplate";
import { type PermanentArgs, SERVICE_PORT, type WorkloadArgs } from "./workloadArgs";

/**
 * A Deployment that makes no progress for so many seconds has failed. Less than the ten minutes that Pulumi
 * waits, so that Kubernetes' reason is what people read.
 */
const PROGRESS_SECONDS = 540;

/** One colour's Service. It exists before any pod: a binding, and so a readiness gate, needs it. */
export function colourService(args: PermanentArgs, opts: pulumi.CustomResourceOptions): k8s.core.v1.Service {
  const name = deploymentName(args.service, args.colour);
  return new k8s.core.v1.Service(
    name,
    {
      metadata: {
        name,
        namespace: args.namespace,
        labels: labelsOf(args),
        // Gated pods wait for the target group, which waits for this Service: waiting for pods deadlocks.
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        selector: selectorOf(args.service, args.colour),
        ports: [{ name: "http", port: SERVICE_PORT, targetPort: "http" }],
      },
    },
    opts,
  );
}

/**
 * One colour's identity of a service. Each colour has its own, so that a candidate may be given other rights
 * than the live colour; none of them has a token for the cluster's API.
 */
export function colourAccount(
  args: PermanentArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.ServiceAccount {
  const name = deploymentName(args.service, args.colour);
  return new k8s.core.v1.ServiceAccount(
    name,
    {
      metadata: { name, namespace: args.namespace, labels: labelsOf(args) },
      automountServiceAccountToken: false,
    },
    opts,
  );
}

/** One colour's Deployment of one service. */
export function colourDeployment(
  args: WorkloadArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.apps.v1.Deployment {
  const { service, colour, settings, manifest } = args;
  const name = deploymentName(service, colour);
  const single = settings.kind === "singleton";
  return new k8s.apps.v1.Deployment(
    name,
    {
      metadata: {
        name,
        namespace: args.namespace,
        labels: labelsOf({ ...args, version: manifest.version }),
      },
      spec: {
        replicas: floorOf(settings, args.capacity),
        selector: { matchLabels: selectorOf(service, colour) },
        strategy: single
          ? { type: "Recreate" }
          : { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        // No minReadySeconds: a public pod is ready only once the load balancer has found it healthy twice.
        progressDeadlineSeconds: PROGRESS_SECONDS,
        // The way back is the other colour, or the recorded manifest, and never an old ReplicaSet.
        revisionHistoryLimit: 2,
        template: podTemplate(args),
      },
    },
    // The autoscaler owns the number of pods from the first moment on.
    single ? opts : pulumi.mergeOptions(opts, { ignoreChanges: ["spec.replicas"] }),
  );
}
