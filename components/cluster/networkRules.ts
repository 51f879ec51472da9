import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** The label that every namespace has, with its name. */
export const NAMESPACE_LABEL = "kubernetes.io/metadata.name";

/**
 * Link-local addresses: a node's metadata (169.254.169.254), from which its credentials could be had, and the Pod
 * Identity agent. Nothing that pods call is there.
 */
const LINK_LOCAL = "169.254.0.0/16";

/** Ports of a rule, by TCP. */
export const tcp = (...ports: number[]): k8s.types.input.networking.v1.NetworkPolicyPort[] =>
  ports.map((port) => ({ protocol: "TCP", port }));

/** To the cluster's DNS, by either protocol. */
export const TO_DNS: k8s.types.input.networking.v1.NetworkPolicyEgressRule = {
  to: [
    {
      namespaceSelector: { matchLabels: { [NAMESPACE_LABEL]: "kube-system" } },
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    },
  ],
  ports: [{ protocol: "UDP", port: 53 }, ...tcp(53)],
};

/** To AWS and the cluster's API, which have no addresses of their own to be named by: roles say what may be done. */
export const TO_HTTPS: k8s.types.input.networking.v1.NetworkPolicyEgressRule = {
  to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [LINK_LOCAL] } }],
  ports: tcp(443),
};

/**
 * The policies of a namespace by their names: nobody reaches or is reached, but as `permits` say. Their logical
 * names begin with `name`, which is also what they are labelled to be part of.
 */
export const closedNamespace = (
  name: string,
  namespace: pulumi.Input<string>,
  permits: Readonly<Record<string, k8s.types.input.networking.v1.NetworkPolicySpec>>,
  opts: pulumi.CustomResourceOptions,
): k8s.networking.v1.NetworkPolicy[] => {
  const deny = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
  const labels = { "app.kubernetes.io/part-of": name, "app.kubernetes.io/managed-by": "pulumi" };
  return Object.entries({ deny, ...permits }).map(
    ([policy, spec]) =>
      new k8s.networking.v1.NetworkPolicy(
        `${name}-${policy}`,
        { metadata: { name: policy, namespace, labels }, spec },
        opts,
      ),
  );
};
