import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { type Monitoring, PARTS_OF } from "../../../model/monitoring/monitoring";
import { NAMESPACE_LABEL, TO_DNS, TO_HTTPS, closedNamespace, tcp } from "../../cluster/networkRules";
import { VPC_CIDR } from "../../network/network";
import {
  AGENT_PODS,
  ALERTMANAGER_PODS,
  EXPORTER_PODS,
  JAEGER_PODS,
  MONITORING_NAMESPACE,
  OPERATOR_PODS,
  OTLP,
  PROMETHEUS_PODS,
  STATE_METRICS_PODS,
} from "./names";

type Spec = k8s.types.input.networking.v1.NetworkPolicySpec;

export interface MonitoringNetworkArgs {
  monitoring: Monitoring;
  /** The namespace of all that monitors. */
  home: pulumi.Input<string>;
  /** The services' namespace. */
  namespace: pulumi.Input<string>;
  /** Ports of the services' pods, where they export. */
  ports: readonly number[];
}

/** Where a kubelet tells what its containers use. */
const KUBELET = 10250;

const NAME = "app.kubernetes.io/name";

/** Pods by their names: any of some charts'. */
const anyOf = (...pods: readonly Readonly<Record<typeof NAME, string>>[]) => ({
  matchExpressions: [{ key: NAME, operator: "In", values: pods.map((labels) => labels[NAME]) }],
});

const SCRAPERS = anyOf(PROMETHEUS_PODS, AGENT_PODS);

const inNamespace = (name: pulumi.Input<string>) => ({
  namespaceSelector: { matchLabels: { [NAMESPACE_LABEL]: name } },
});

/**
 * Who reaches whom: those who monitor each other; Prometheus the services' pods and the kubelets; the services Jaeger;
 * and out of the cluster only those who ask its API, write to AWS or tell people.
 */
export function monitoringNetwork(
  args: MonitoringNetworkArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.networking.v1.NetworkPolicy[] {
  const { dashboards } = PARTS_OF[args.monitoring.level];
  const mail = args.monitoring.receivers.email?.server.split(":")[1];
  const permits: Record<string, Spec> = {
    inside: {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector: {} }] }],
      egress: [{ to: [{ podSelector: {} }] }, TO_DNS],
    },
    outside: {
      podSelector: anyOf(
        ...[OPERATOR_PODS, STATE_METRICS_PODS, EXPORTER_PODS],
        ...[PROMETHEUS_PODS, AGENT_PODS, ALERTMANAGER_PODS],
      ),
      policyTypes: ["Egress"],
      egress: [TO_HTTPS, ...(mail === undefined ? [] : [{ ...TO_HTTPS, ports: tcp(Number(mail)) }])],
    },
    scrape: {
      podSelector: SCRAPERS,
      policyTypes: ["Egress"],
      egress: [
        { to: [inNamespace(args.namespace)], ports: tcp(...args.ports) },
        { to: [{ ipBlock: { cidr: VPC_CIDR } }], ports: tcp(KUBELET) },
      ],
    },
    ...(dashboards && {
      traces: {
        podSelector: { matchLabels: JAEGER_PODS },
        policyTypes: ["Ingress"],
        ingress: [{ from: [inNamespace(args.namespace)], ports: tcp(...OTLP) }],
      },
    }),
  };
  return [
    ...closedNamespace(MONITORING_NAMESPACE, args.home, permits, opts),
    inServices(args, dashboards, opts),
  ];
}

/** The other end, in the services' namespace: who may scrape their pods, and where spans go. */
function inServices(
  { namespace, home, ports }: MonitoringNetworkArgs,
  traced: boolean,
  opts: pulumi.CustomResourceOptions,
): k8s.networking.v1.NetworkPolicy {
  return new k8s.networking.v1.NetworkPolicy(
    "monitored",
    {
      metadata: {
        name: "monitored",
        namespace,
        labels: {
          "app.kubernetes.io/part-of": MONITORING_NAMESPACE,
          "app.kubernetes.io/managed-by": "pulumi",
        },
      },
      spec: {
        podSelector: { matchExpressions: [{ key: "colour", operator: "Exists" }] },
        policyTypes: traced ? ["Ingress", "Egress"] : ["Ingress"],
        ingress: [{ from: [{ ...inNamespace(home), podSelector: SCRAPERS }], ports: tcp(...ports) }],
        ...(traced && {
          egress: [
            {
              to: [{ ...inNamespace(home), podSelector: { matchLabels: JAEGER_PODS } }],
              ports: tcp(...OTLP),
            },
          ],
        }),
      },
    },
    opts,
  );
}
