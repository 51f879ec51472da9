import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Qdrant's ports: HTTP, gRPC, and the one by which nodes talk to each other without a key. */
export const HTTP_PORT = 6333;
const GRPC_PORT = 6334;
const PEER_PORT = 6335;

/** Labels of Qdrant's pods, which the chart selects them by, and of those that take snapshots. */
export const STORE_PODS = { "app.kubernetes.io/name": "qdrant", "app.kubernetes.io/instance": "qdrant" };
export const SNAPSHOT_PODS = { "app.kubernetes.io/name": "qdrant-snapshots" };

/** Where nodes keep the roles that they have themselves. */
const INSTANCE_METADATA = "169.254.169.254/32";

const tcp = (...ports: number[]) => ports.map((port) => ({ protocol: "TCP", port }));
const pods = (matchLabels: Record<string, string>) => ({ podSelector: { matchLabels } });

const DNS = {
  to: [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
      ...pods({ "k8s-app": "kube-dns" }),
    },
  ],
  ports: [{ protocol: "UDP", port: 53 }, ...tcp(53)],
};

export interface VectorNetworkArgs {
  namespace: pulumi.Input<string>;
  /** The namespace of the services, which alone are served. */
  clients: pulumi.Input<string>;
}

/** Who reaches whom in Qdrant's namespace: nobody, then what is named here. */
export function vectorNetwork(
  name: string,
  { namespace, clients }: VectorNetworkArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.networking.v1.NetworkPolicy[] {
  const policy = (suffix: string, spec: k8s.types.input.networking.v1.NetworkPolicySpec) =>
    new k8s.networking.v1.NetworkPolicy(
      `${name}-${suffix}`,
      {
        metadata: {
          name: suffix,
          namespace,
          labels: { "app.kubernetes.io/part-of": "qdrant", "app.kubernetes.io/managed-by": "pulumi" },
        },
        spec: { ...spec, policyTypes: ["Ingress", "Egress"] },
      },
      opts,
    );
  return [
    policy("deny", { podSelector: {} }),
    policy("store", {
      ...pods(STORE_PODS),
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": clients } } }],
          ports: tcp(HTTP_PORT, GRPC_PORT),
        },
        { from: [pods(SNAPSHOT_PODS)], ports: tcp(HTTP_PORT) },
        // A node that joins takes whole shards from another as snapshots, over HTTP.
        { from: [pods(STORE_PODS)], ports: tcp(PEER_PORT, HTTP_PORT) },
      ],
      egress: [DNS, { to: [pods(STORE_PODS)], ports: tcp(PEER_PORT, HTTP_PORT) }],
    }),
    policy("snapshots", {
      ...pods(SNAPSHOT_PODS),
      egress: [
        DNS,
        { to: [pods(STORE_PODS)], ports: tcp(HTTP_PORT) },
        // S3 and STS have no addresses of their own to be named by; the role says what may be done there.
        { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [INSTANCE_METADATA] } }], ports: tcp(443) },
      ],
    }),
  ];
}
