import { EXTERNAL_SECRETS } from "./crds-external-secrets";

/** A custom resource whose definition the local cluster has installed. */
export interface CustomResource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** The name of the type of its `spec` among `types`. */
  readonly spec: string;
  /** In the notation of facts/kubernetes.ts. */
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** As the AWS Load Balancer Controller publishes it (elbv2.k8s.aws_targetgroupbindings.yaml). */
const targetGroupBinding: CustomResource = {
  apiVersion: "elbv2.k8s.aws/v1beta1",
  kind: "TargetGroupBinding",
  namespaced: true,
  spec: "TargetGroupBindingSpec",
  types: {
    TargetGroupBindingSpec: {
      iamRoleArnToAssume: "s",
      assumeRoleExternalId: "s",
      ipAddressType: "=ipv4,ipv6",
      multiClusterTargetGroup: "b",
      networking: "#TargetGroupBindingNetworking",
      nodeSelector: "#meta.v1.LabelSelector",
      "serviceRef!": "#TargetGroupBindingServiceReference",
      targetGroupARN: "s",
      targetGroupName: "s",
      targetGroupProtocol: "=GENEVE,HTTP,HTTPS,TCP,TCP_UDP,TLS,UDP",
      targetType: "=instance,ip",
      vpcID: "s",
    },
    TargetGroupBindingServiceReference: { "name!": "s", "port!": "n|s" },
    TargetGroupBindingNetworking: { ingress: "[#TargetGroupBindingIngressRule]" },
    TargetGroupBindingIngressRule: {
      "from!": "[#TargetGroupBindingPeer]",
      "ports!": "[#TargetGroupBindingPort]",
    },
    TargetGroupBindingPeer: {
      ipBlock: "#TargetGroupBindingIpBlock",
      securityGroup: "#TargetGroupBindingGroup",
    },
    TargetGroupBindingIpBlock: { "cidr!": "s" },
    TargetGroupBindingGroup: { "groupID!": "s" },
    TargetGroupBindingPort: { port: "n|s", protocol: "=TCP,UDP" },
  },
};

/** As the Prometheus operator publishes it; only what has a fixed type is named, the rest is `any`. */
const monitoring = (kind: string, spec: Readonly<Record<string, string>>): CustomResource => ({
  apiVersion: "monitoring.coreos.com/v1",
  kind,
  namespaced: true,
  spec: `${kind}Spec`,
  types: { [`${kind}Spec`]: spec },
});

/** The definitions that the local cluster has: one more kind is one more entry. */
export const CUSTOM_RESOURCES: readonly CustomResource[] = [
  targetGroupBinding,
  ...EXTERNAL_SECRETS,
  monitoring("PrometheusRule", { groups: "[any]" }),
  monitoring("ServiceMonitor", {
    attachMetadata: "any",
    bodySizeLimit: "s",
    "endpoints!": "[any]",
    jobLabel: "s",
    labelLimit: "n",
    labelNameLengthLimit: "n",
    labelValueLengthLimit: "n",
    namespaceSelector: "any",
    podTargetLabels: "[s]",
    sampleLimit: "n",
    scrapeClass: "s",
    scrapeProtocols: "[s]",
    "selector!": "#meta.v1.LabelSelector",
    targetLabels: "[s]",
    targetLimit: "n",
  }),
  monitoring("PodMonitor", {
    attachMetadata: "any",
    jobLabel: "s",
    namespaceSelector: "any",
    "podMetricsEndpoints!": "[any]",
    podTargetLabels: "[s]",
    sampleLimit: "n",
    "selector!": "#meta.v1.LabelSelector",
  }),
];
