/** The namespace of all that monitors, and of nothing else. */
export const MONITORING_NAMESPACE = "monitoring";

/** What the charts' objects are named by; the release of kube-prometheus-stack. */
export const FULL_NAME = "monitoring";

/** Prometheus' service account, which has a role in AWS where AWS keeps the series. */
export const PROMETHEUS_ACCOUNT = `${FULL_NAME}-prometheus`;

/** That of Alertmanager, which has one where it publishes to SNS. */
export const ALERTMANAGER_ACCOUNT = `${FULL_NAME}-alertmanager`;

/** Labels of pods, the charts' or the operator's. */
export const PROMETHEUS_PODS = { "app.kubernetes.io/name": "prometheus" };
export const AGENT_PODS = { "app.kubernetes.io/name": "prometheus-agent" };
export const ALERTMANAGER_PODS = { "app.kubernetes.io/name": "alertmanager" };
export const GRAFANA_PODS = { "app.kubernetes.io/name": "grafana" };
export const OPERATOR_PODS = { "app.kubernetes.io/name": "kube-prometheus-stack-prometheus-operator" };
export const STATE_METRICS_PODS = { "app.kubernetes.io/name": "kube-state-metrics" };
export const EXPORTER_PODS = { "app.kubernetes.io/name": "cloudwatch-exporter" };
export const JAEGER_PODS = { "app.kubernetes.io/name": "jaeger" };

/** Where they answer, inside the cluster. */
export const PROMETHEUS_URL = `http://${FULL_NAME}-prometheus.${MONITORING_NAMESPACE}:9090`;
export const ALERTMANAGER_URL = `http://${FULL_NAME}-alertmanager.${MONITORING_NAMESPACE}:9093`;
export const JAEGER = "jaeger";
export const JAEGER_URL = `http://${JAEGER}.${MONITORING_NAMESPACE}:16686`;

/** Ports at which Jaeger takes spans by OTLP: gRPC and HTTP. */
export const OTLP = [4317, 4318] as const;
