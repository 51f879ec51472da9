import { namespaceName } from "../../names";
import { SERIES } from "../cloudwatch/exported";
import { deploymentsOf, inNamespace, ofDeployments } from "../pods";
import { ENDING } from "../saturation";
import { type Alert, WHOM, type Watched } from "./alert";

/** Alerts of what the cluster does for the services, beside the limits of a release. */
export const clusterAlerts = ({ app, stack }: Watched): Alert[] => [
  {
    name: "ReplicaMismatch",
    severity: "warning",
    about: "health",
    expr: mismatch(app),
    forSeconds: 900,
    when: "a colour has had fewer available pods than it should have for 15 min",
    says: `${WHOM} lacks {{ $value }} of its pods`,
    help: "Look at pods that are pending, and at what the nodes have left.",
    command: `sluice status -s ${stack}; kubectl get pods -n ${namespaceName(app)}`,
    source: "twice the 540 s that a Deployment may take, less than a bake",
  },
  {
    name: "JobFailed",
    severity: "warning",
    about: "jobs",
    expr: `max by (namespace, job_name) (kube_job_failed{${inNamespace(app)},condition="true"}) == 1`,
    forSeconds: 0,
    when: "a Job has failed: a migration, a check of the cache, a snapshot of the vector store",
    says: "the Job {{ $labels.job_name }} has failed",
    help: "A failed migration holds the release by T3: read its logs, mend it, release again.",
    command: `kubectl logs -n ${namespaceName(app)} job/{{ $labels.job_name }}; sluice status -s ${stack}`,
    source: "002: migrations and snapshots are Jobs",
  },
  {
    name: "MetricsMissing",
    severity: "warning",
    about: "metrics",
    expr: `min by (namespace, job, app, colour, version) (up{${inNamespace(app)}}) == 0`,
    forSeconds: 600,
    when: "a target of the namespace could not be scraped for 10 min: nothing that is measured there can alert",
    says: `{{ with $labels.app }}${WHOM}{{ else }}{{ $labels.job }}{{ end }} has a target that cannot be scraped`,
    help: "Look at the target's error on Prometheus' page /targets, and at the pod's /metrics.",
    command: `sluice doctor -s ${stack}; kubectl get pods -n ${namespaceName(app)}`,
    source: "what is not seen is never good",
  },
  {
    name: "BackendMetricsMissing",
    severity: "warning",
    about: "metrics",
    expr: `absent(${SERIES.connections}) or absent(${SERIES.memory})`,
    forSeconds: 900,
    when: "what CloudWatch has of the database or of the cache has not come for 15 min",
    says: "nothing is known of the database's connections or of the cache's memory",
    help: "Until it comes nobody is told when they are full, but by alarms. The exporter's log names what CloudWatch refuses; look at its role, and at its way to AWS.",
    command: "kubectl logs -n monitoring deploy/cloudwatch-exporter; kubectl get pods -n monitoring",
    needs: "cloudwatch exporter",
    source: "what is not seen is never good",
  },
  ...certificateAlerts(stack),
];

function mismatch(app: string): string {
  const by = "namespace, deployment";
  const of = (series: string) => `max by (${by}) (${series}{${deploymentsOf(app)}})`;
  return ofDeployments(
    `${of("kube_deployment_spec_replicas")} - ${of("kube_deployment_status_replicas_available")} > 0`,
  );
}

function certificateAlerts(stack: string): Alert[] {
  const alert = (name: string, severity: Alert["severity"], days: number): Alert => ({
    name,
    severity,
    about: "certificate",
    expr: `min by (name) (${SERIES.daysLeft}) < ${days}`,
    forSeconds: 3_600,
    when: `the certificate of the load balancer or of CloudFront ends in less than ${days} days`,
    says: "the certificate of {{ $labels.name }} ends in {{ $value }} days",
    help: "ACM renews its own where their DNS record is in place: look at the renewal status. One that was imported is renewed by hand.",
    command: `aws acm list-certificates --certificate-statuses ISSUED; sluice doctor -s ${stack}`,
    needs: "cloudwatch exporter",
    source: "ACM renews from 60 days before the end on, and tells of a failure 45 days before",
  });
  return [
    alert("CertificateEndsSoon", "warning", ENDING.warningDays),
    alert("CertificateEndsNow", "critical", ENDING.criticalDays),
  ];
}
