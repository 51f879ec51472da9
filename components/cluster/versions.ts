export { KUBERNETES_VERSION } from "../../model/platform";

/**
 * EKS add-ons: the versions that EKS installs by default with `KUBERNETES_VERSION`. They are written
 * out, so that the same commit makes the same cluster tomorrow and an upgrade is a diff that somebody read.
 * `aws eks describe-addon-versions --kubernetes-version` lists what goes with another one.
 */
export const ADDON_VERSIONS = {
  "vpc-cni": "v1.22.4-eksbuild.3",
  "kube-proxy": "v1.35.3-eksbuild.29",
  coredns: "v1.13.2-eksbuild.31",
  "aws-ebs-csi-driver": "v1.64.0-eksbuild.1",
  "metrics-server": "v0.9.0-eksbuild.6",
} as const;

/** The chart, and the image: it schedules as Kubernetes does, so it is of the same minor version. */
export const CLUSTER_AUTOSCALER = { chart: "9.59.0", image: "v1.35.2" } as const;

/** The chart and its operator have one version. */
export const EXTERNAL_SECRETS_CHART = "2.14.0";

/** Chart 1.14.0 installs controller v2.14.0. */
export const LOAD_BALANCER_CONTROLLER_CHART = "1.14.0";

/** Chart 88.5.3 installs the operator v0.93.1, Prometheus v3.14, Alertmanager v0.34 and Grafana 13.2. */
export const KUBE_PROMETHEUS_STACK_CHART = "88.5.3";

/** Chart 0.47.0 installs yet-another-cloudwatch-exporter 0.67. */
export const CLOUDWATCH_EXPORTER_CHART = "0.47.0";

/** Chart 4.11.1 installs Jaeger 2.19. */
export const JAEGER_CHART = "4.11.1";
