import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { NAMESPACE_LABEL, TO_DNS, TO_HTTPS, closedNamespace, tcp } from "../cluster/networkRules";

/** Qdrant's ports: HTTP, gRPC, and the one by which nodes talk to each other without a key. */
export const HTTP_PORT = 6333;
const GRPC_PORT = 6334;
const PEER_PORT = 6335;

/** Labels of Qdrant's pods, which the chart selects them by, and of those that take snapshots. */
export const STORE_PODS = { "app.kubernetes.io/name": "qdrant", "app.kubernetes.io/instance": "qdrant" };
export const SNAPSHOT_PODS = { "app.kubernetes.io/name": "qdrant-snapshots" };

const pods = (matchLabels: Record<string, string>) => ({ podSelector: { matchLabels } });

export interface VectorNetworkArgs {
  namespace: pulumi.Input<string>;
  /** The namespace of the services, which alone are served. */
  clients: pulumi.Input<string>;
}

/** Who reaches whom in Qdrant's namespace: nobody, then what is named here. */
export const vectorNetwork = (
  name: string,
  { namespace, clients }: VectorNetworkArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.networking.v1.NetworkPolicy[] => {
  const policyTypes = ["Ingress", "Egress"];
  const permits = {
    store: {
      ...pods(STORE_PODS),
      policyTypes,
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { [NAMESPACE_LABEL]: clients } } }],
          ports: tcp(HTTP_PORT, GRPC_PORT),
        },
        { from: [pods(SNAPSHOT_PODS)], ports: tcp(HTTP_PORT) },
        // A node that joins takes whole shards from another as snapshots, over HTTP.
        { from: [pods(STORE_PODS)], ports: tcp(PEER_PORT, HTTP_PORT) },
      ],
      egress: [TO_DNS, { to: [pods(STORE_PODS)], ports: tcp(PEER_PORT, HTTP_PORT) }],
    },
    snapshots: {
      ...pods(SNAPSHOT_PODS),
      policyTypes,
      egress: [TO_DNS, { to: [pods(STORE_PODS)], ports: tcp(HTTP_PORT) }, TO_HTTPS],
    },
  };
  return closedNamespace(name, namespace, permits, opts);
};
