import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Backends } from "../../../model/backends";
import { ASKS_SECONDS, exporterConfig } from "../../../model/monitoring/cloudwatch/exported";
import { OTHERS } from "../../../model/monitoring/sizes";
import type { Cluster } from "../../cluster/cluster";
import { podIdentity } from "../../cluster/podRole";
import { CLOUDWATCH_EXPORTER_CHART } from "../../cluster/versions";
import type { ShownCertificate } from "../../edge/certificates";
import { HARDENED_CONTAINER, hardenedPod, resourcesOf } from "./hardened";
import { EXPORTER_PODS, MONITORING_NAMESPACE } from "./names";

export interface CloudWatchExporterArgs {
  /** `<app>-<environment>`, which database and cache have as their name. */
  stack: string;
  region: string;
  cluster: Pick<Cluster, "oidcProviderArn" | "oidcIssuer">;
  /** The namespace, from the Namespace itself. */
  home: pulumi.Input<string>;
  backends: Pick<Backends, "database" | "cache">;
  certificates: readonly ShownCertificate[];
}

const NAME = EXPORTER_PODS["app.kubernetes.io/name"];

/** The user that the exporter's image has: nobody. */
const USER = 65534;

/**
 * Brings what CloudWatch knows of database, cache and certificates into Prometheus, so that alerts of them reach whom
 * all others reach. AWS measures these from outside: whoever asked them directly would need a user of the database, the
 * cache's token and a way to both.
 *
 * @param opts of what is in AWS; `inCluster` of what is in the cluster, after the definition of ServiceMonitors
 */
export function cloudWatchExporter(
  name: string,
  { stack, region, cluster, home, backends, certificates }: CloudWatchExporterArgs,
  opts: pulumi.CustomResourceOptions,
  inCluster: pulumi.CustomResourceOptions,
): k8s.helm.v3.Release {
  const { role, policies } = podIdentity(
    name,
    { cluster, namespace: MONITORING_NAMESPACE, serviceAccount: NAME, policy: MAY_ASK },
    opts,
  );
  const config = pulumi.output([...certificates]).apply((known) =>
    // JSON is YAML.
    JSON.stringify(exporterConfig({ name: stack, region, backends, certificates: known }), undefined, 2),
  );
  return new k8s.helm.v3.Release(
    name,
    {
      name: NAME,
      chart: "prometheus-yet-another-cloudwatch-exporter",
      version: CLOUDWATCH_EXPORTER_CHART,
      namespace: home,
      repositoryOpts: { repo: "https://prometheus-community.github.io/helm-charts" },
      values: {
        nameOverride: NAME,
        fullnameOverride: NAME,
        serviceAccount: {
          name: NAME,
          annotations: { "eks.amazonaws.com/role-arn": role.arn },
          automountServiceAccountToken: false,
        },
        podSecurityContext: hardenedPod(USER),
        securityContext: HARDENED_CONTAINER,
        resources: resourcesOf(OTHERS.exporter),
        testConnection: false,
        extraArgs: { "scraping-interval": ASKS_SECONDS },
        serviceMonitor: { enabled: true, interval: `${ASKS_SECONDS}s` },
        config,
      },
    },
    pulumi.mergeOptions(inCluster, { dependsOn: policies }),
  );
}

/** CloudWatch's metrics have no ARNs to be named by. It puts the account's alias on each series, where there is one. */
const MAY_ASK = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: ["cloudwatch:GetMetricStatistics", "iam:ListAccountAliases"],
      Resource: "*",
    },
  ],
});
