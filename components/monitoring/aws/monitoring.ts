import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Backends } from "../../../model/backends";
import type { Environment } from "../../../model/environments";
import type { Flag } from "../../../model/flags/flag";
import { backendAlarms } from "../../../model/monitoring/cloudwatch/backends";
import { CERTIFICATE, CERTIFICATE_ALARMS } from "../../../model/monitoring/cloudwatch/certificates";
import { dashboardBody } from "../../../model/monitoring/cloudwatch/dashboard";
import { dashboardNames, dashboards } from "../../../model/monitoring/cloudwatch/dashboards";
import { BALANCER, BALANCER_ALARMS, clusterAlarms } from "../../../model/monitoring/cloudwatch/platform";
import { podQueries } from "../../../model/monitoring/cloudwatch/queries";
import { PARTS_OF, type Monitoring } from "../../../model/monitoring/monitoring";
import { type Slo, failedPercent } from "../../../model/monitoring/objectives";
import { stackTags } from "../../../model/names";
import type { Colour } from "../../../model/release";
import type { Cluster } from "../../cluster/cluster";
import type { ShownCertificate } from "../../edge/certificates";
import type { Key } from "../../key";
import { metricAlarm } from "./alarm";
import { costs } from "./costs";
import { flagMonitoring } from "./flags";
import { podLogPath, podLogs } from "./podLogs";
import { type Topics, topics } from "./topics";

export interface AwsMonitoringArgs {
  app: string;
  environment: Environment;
  region: string;
  monitoring: Monitoring;
  slo: Slo;
  /** The cluster's name. */
  clusterName: string;
  cluster: Pick<Cluster, "ready" | "provider" | "oidcProviderArn" | "oidcIssuer">;
  /** Where the services are. */
  namespace: string;
  key: Pick<Key, "arn">;
  backends: Backends;
  flags: Readonly<Record<string, Flag>>;
  /** What CloudWatch calls the load balancer: `app/<name>/<id>`. */
  loadBalancer: pulumi.Input<string>;
  /** What users are shown. */
  certificates: readonly ShownCertificate[];
  /** ARNs of the target groups of each public service, by colour. */
  targetGroups: Readonly<Record<string, Readonly<Record<Colour, pulumi.Input<string>>>>>;
  /** What the stack is expected to cost, in USD a month, with both colours warm. */
  monthlyCost: number;
}

/** So much more than the estimate, which leaves out traffic, may a month cost before the budget is spent. */
const BUDGET_FACTOR = 1.25;

/**
 * What AWS itself can watch without anything of ours that runs: load balancer, backends, control plane, and costs.
 * Every level has the logs of pods and ready queries over them; `full` dashboards and a budget as well; `full-with-alerting`
 * alarms, by two topics: what pages, and what can wait. A flag's own alarms take it back, so they are there wherever
 * it has some.
 */
export class AwsMonitoring extends pulumi.ComponentResource {
  /** Who hears of alarms. Absent: there are none. */
  readonly topics: Topics | undefined;

  constructor(name: string, args: AwsMonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:monitoring:AwsMonitoring", name, {}, opts);
    const inside = { parent: this };
    const { app, environment } = args;
    const stack = `${app}-${environment}`;
    const parts = PARTS_OF[args.monitoring.level];
    const logs = podLogs(`${stack}-pods`, args, inside);
    for (const { name: called, query } of podQueries(args.namespace)) {
      new aws.cloudwatch.QueryDefinition(
        `${stack}-${called.replaceAll(" ", "-")}`,
        { name: `${stack}/${called}`, logGroupNames: [podLogPath(args.clusterName)], queryString: query },
        { ...inside, dependsOn: [logs] },
      );
    }
    if (parts.dashboards) this.#dashboards(stack, args);
    if (parts.alerting) this.topics = this.#alerting(stack, args);
    flagMonitoring({ ...args, topics: this.topics }, inside);
    this.registerOutputs({});
  }

  #dashboards(stack: string, args: AwsMonitoringArgs): void {
    const { region, slo, targetGroups, backends, clusterName: cluster } = args;
    const pictured = pulumi
      .output({ loadBalancer: args.loadBalancer, targetGroups })
      .apply(({ loadBalancer, targetGroups: arns }) =>
        dashboards({
          ...{ name: stack, cluster, loadBalancer, backends },
          targetGroups: Object.fromEntries(
            Object.entries(arns).map(([service, { blue, green }]) => [
              service,
              { blue: dimensionOf(blue), green: dimensionOf(green) },
            ]),
          ),
          p95Seconds: Object.fromEntries(
            Object.entries(slo.services).map(([service, { p95 }]) => [service, p95]),
          ),
          errorPercent: failedPercent(slo),
        }),
      );
    for (const called of dashboardNames(Object.keys(targetGroups))) {
      new aws.cloudwatch.Dashboard(
        `${stack}-${called}`,
        {
          dashboardName: `${stack}-${called}`,
          dashboardBody: pictured.apply((all) => {
            const found = all.find((one) => one.name === called);
            return dashboardBody(found ?? { panels: [] }, region);
          }),
        },
        { parent: this },
      );
    }
  }

  #alerting(stack: string, args: AwsMonitoringArgs): Topics {
    const { app, environment, backends, clusterName, monitoring, key } = args;
    const inside = { parent: this };
    const { email, page } = monitoring.receivers;
    const addresses = email ? [email.to] : [];
    const told = topics({ name: stack, key, listeners: { critical: addresses, warning: addresses } }, inside);
    const paged = page?.sns === undefined ? [] : [page.sns];
    // An alarm tells topics of its own region alone.
    const certificate = args.certificates.find(({ region }) => region === args.region);
    const all = [
      ...[...backendAlarms(stack, backends), ...clusterAlarms(clusterName), ...BALANCER_ALARMS],
      ...(certificate ? CERTIFICATE_ALARMS : []),
    ];
    for (const one of all) {
      metricAlarm(
        one,
        {
          prefix: `${app}/${environment}/`,
          told: [told[one.severity].arn, ...(one.severity === "critical" ? paged : [])],
          places: { [BALANCER]: args.loadBalancer, ...(certificate && { [CERTIFICATE]: certificate.arn }) },
        },
        inside,
      );
    }
    costs(
      {
        name: stack,
        tags: taggedBy(app, environment),
        budget: Math.ceil((args.monthlyCost * BUDGET_FACTOR) / 10) * 10,
        topic: told.warning.arn,
      },
      inside,
    );
    return told;
  }
}

/** As CloudWatch calls a target group: `targetgroup/<name>/<id>`. */
const dimensionOf = (arn: string): string => arn.slice(arn.indexOf("targetgroup/"));

const COST_TAGS = ["sluice:app", "sluice:environment"];

const taggedBy = (app: string, environment: Environment): Record<string, string> =>
  Object.fromEntries(Object.entries(stackTags(app, environment)).filter(([key]) => COST_TAGS.includes(key)));
