import type { AwsAlarm, AwsMetric } from "./alarm";

const MINUTE = 60;

/** A metric that EKS publishes of its control plane, from Kubernetes 1.28 on and without an agent. */
export const ofCluster = (cluster: string, metric: string, statistic: string): AwsMetric => ({
  namespace: "AWS/EKS",
  metric,
  dimensions: { ClusterName: cluster },
  statistic,
});

/** A metric of the load balancer as a whole. */
export const ofBalancer = (loadBalancer: string, metric: string, statistic: string): AwsMetric => ({
  namespace: "AWS/ApplicationELB",
  metric,
  dimensions: { LoadBalancer: loadBalancer },
  statistic,
});

/** Percent of requests that the load balancer itself may refuse. */
const REFUSED = 1;

/** Requests in five minutes below which one that failed says nothing. */
const LEAST = 100;

/** Percent of the API server's answers that may be errors of its own. */
const API_ERRORS = 5;

/** Stands for the load balancer's name in CloudWatch, which AWS chooses: `app/<name>/<id>`. */
export const BALANCER = "(the load balancer)";

/** Alarms of the load balancer: what no target group counts, since the request reached no target. */
export const BALANCER_ALARMS: readonly AwsAlarm[] = [
  {
    name: "balancer/refused",
    severity: "critical",
    says: `the load balancer answers more than ${REFUSED} % of requests with an error of its own: no target could be asked`,
    help: "sluice verify: a colour without targets, or a share that points at one",
    metrics: {
      requests: ofBalancer(BALANCER, "RequestCount", "Sum"),
      refused: ofBalancer(BALANCER, "HTTPCode_ELB_5XX_Count", "Sum"),
    },
    // What the balancer answers itself is not among the requests that it counts.
    expression: `IF(FILL(requests, 0) + FILL(refused, 0) >= ${LEAST}, 100 * FILL(refused, 0) / (FILL(requests, 0) + FILL(refused, 0)))`,
    comparison: "above",
    threshold: REFUSED,
    periodSeconds: 5 * MINUTE,
    periods: 1,
  },
  {
    name: "balancer/connections",
    severity: "critical",
    says: "the load balancer turned connections away: it had reached the most that it takes",
    help: "the load balancer's ActiveConnectionCount; a service that keeps them open; AWS support raises the limit",
    metrics: { value: ofBalancer(BALANCER, "RejectedConnectionCount", "Sum") },
    comparison: "above",
    threshold: 0,
    periodSeconds: MINUTE,
    periods: 2,
  },
];

/** Alarms of the control plane: while it answers wrongly nothing is deployed, scaled or replaced. */
export const clusterAlarms = (cluster: string): AwsAlarm[] => [
  {
    name: "cluster/api-errors",
    severity: "warning",
    says: `more than ${API_ERRORS} % of the Kubernetes API's answers are errors of its own`,
    help: `aws eks describe-cluster --name ${cluster}, and AWS's health dashboard`,
    metrics: {
      requests: ofCluster(cluster, "apiserver_request_total", "Sum"),
      errors: ofCluster(cluster, "apiserver_request_total_5XX", "Sum"),
    },
    expression: "IF(requests > 0, 100 * FILL(errors, 0) / requests)",
    comparison: "above",
    threshold: API_ERRORS,
    periodSeconds: 5 * MINUTE,
    periods: 3,
  },
  {
    name: "cluster/pending",
    severity: "warning",
    says: "pods have waited for a node for a quarter of an hour",
    help: "kubectl get pods -A --field-selector status.phase=Pending; the node group's bounds, and the account's quota",
    metrics: { value: ofCluster(cluster, "scheduler_pending_pods", "Minimum") },
    comparison: "above",
    threshold: 0,
    periodSeconds: 5 * MINUTE,
    periods: 3,
  },
];
