import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { VPC_CIDR } from "../network/network";
import { TO_DNS, TO_HTTPS, closedNamespace, tcp } from "./networkRules";

/** Where the operator's webhook listens, and the label of its pods, both the chart's. */
const WEBHOOK_PORT = 10250;
const WEBHOOK_PODS = { "app.kubernetes.io/name": "external-secrets-webhook" };

/**
 * Who reaches whom in the operator's namespace: nobody, except that it asks the cluster's API and AWS, and that
 * the control plane, which has addresses of the VPC, asks its webhook.
 */
export const operatorNetwork = (
  name: string,
  namespace: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): k8s.networking.v1.NetworkPolicy[] =>
  closedNamespace(
    name,
    namespace,
    {
      operator: { podSelector: {}, policyTypes: ["Egress"], egress: [TO_DNS, TO_HTTPS] },
      webhook: {
        podSelector: { matchLabels: WEBHOOK_PODS },
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ ipBlock: { cidr: VPC_CIDR } }], ports: tcp(WEBHOOK_PORT) }],
      },
    },
    opts,
  );
