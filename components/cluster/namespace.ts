import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/**
 * The namespace of every service. Pods in it are hardened or refused, and become ready only when the load
 * balancer has seen them healthy. Its default service account gives no pod a token: whoever needs one has an
 * account of its own.
 */
export function namespace(name: string, opts: pulumi.CustomResourceOptions): k8s.core.v1.Namespace {
  const home = new k8s.core.v1.Namespace(
    name,
    {
      metadata: {
        name,
        labels: {
          "app.kubernetes.io/name": name,
          "app.kubernetes.io/part-of": name,
          "app.kubernetes.io/managed-by": "pulumi",
          "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled",
          // The newest rules each time: an upgrade of Kubernetes brings its own. Whoever applies something
          // that would be refused is told so at once, and not by pods that never appear.
          ...hardened("restricted"),
        },
      },
    },
    opts,
  );
  // Kubernetes makes this account by itself, so it is not the program's to create or delete.
  new k8s.core.v1.ServiceAccountPatch(
    `${name}-default`,
    {
      metadata: {
        name: "default",
        namespace: home.metadata.name,
        annotations: { "pulumi.com/patchForce": "true" },
      },
      automountServiceAccountToken: false,
    },
    pulumi.mergeOptions(opts, { parent: home }),
  );
  return home;
}

/** Labels of Pod Security Admission: what is refused, what is recorded, what is warned of. */
const hardened = (level: "restricted" | "baseline"): Record<string, string> =>
  Object.fromEntries(
    ["enforce", "audit", "warn"].flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, level],
      [`pod-security.kubernetes.io/${mode}-version`, "latest"],
    ]),
  );
