import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/**
 * The namespace of every service. Pods in it are hardened or refused, and become ready only when the load
 * balancer has seen them healthy.
 */
export const namespace = (name: string, opts: pulumi.CustomResourceOptions): k8s.core.v1.Namespace =>
  new k8s.core.v1.Namespace(
    name,
    {
      metadata: {
        name,
        labels: {
          "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled",
          "pod-security.kubernetes.io/enforce": "restricted",
        },
      },
    },
    opts,
  );
