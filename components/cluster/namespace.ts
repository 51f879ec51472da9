import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/**
 * The namespace of every service, whose pods become ready only when the load balancer has seen them healthy.
 */
export const namespace = (name: string, opts: pulumi.CustomResourceOptions): k8s.core.v1.Namespace =>
  hardenedNamespace(name, opts, { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" });

/**
 * A namespace in which pods are hardened or refused. Its default service account gives no pod a token: whoever
 * needs one has an account of its own.
 *
 * @param labels beside those that every namespace of the stack has
 */
export function hardenedNamespace(
  name: string,
  opts: pulumi.CustomResourceOptions,
  labels: Readonly<Record<string, string>> = {},
): k8s.core.v1.Namespace {
  const home = new k8s.core.v1.Namespace(
    name,
    {
      metadata: {
        name,
        labels: {
          "app.kubernetes.io/name": name,
          "app.kubernetes.io/part-of": name,
          "app.kubernetes.io/managed-by": "pulumi",
          ...RESTRICTED,
          ...labels,
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
        namespace: nameIn(home, name),
        annotations: { "pulumi.com/patchForce": "true" },
      },
      automountServiceAccountToken: false,
    },
    pulumi.mergeOptions(opts, { parent: home, protect: false }),
  );
  return home;
}

/**
 * The name of a namespace, for what is in it and waits for it. Its own output would be known only once it is made,
 * and a preview could not judge where things go.
 */
export const nameIn = (home: k8s.core.v1.Namespace, name: string): pulumi.Output<string> =>
  home.urn.apply(() => name);

/**
 * Labels of Pod Security Admission: what is refused, what is recorded, what is warned of. The newest rules each
 * time: an upgrade of Kubernetes brings its own. Whoever applies something that would be refused is told so at
 * once, and not by pods that never appear.
 */
const RESTRICTED: Readonly<Record<string, string>> = Object.fromEntries(
  ["enforce", "audit", "warn"].flatMap((mode) => [
    [`pod-security.kubernetes.io/${mode}`, "restricted"],
    [`pod-security.kubernetes.io/${mode}-version`, "latest"],
  ]),
);
