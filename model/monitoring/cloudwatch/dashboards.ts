import type { Backends } from "../../backends";
import { COLOURS, type Colour } from "../../release";
import type { AwsMetric } from "./alarm";
import { cacheNodes, databaseIdentifiers, ofCache, ofDatabase } from "./backends";
import type { Curve, Dashboard, Panel } from "./dashboard";
import { ofBalancer, ofCluster } from "./platform";

/** What the pictures of a stack are drawn of. */
export interface Pictured {
  /** `<app>-<environment>`, which database and cache have as their name. */
  readonly name: string;
  readonly cluster: string;
  /** As CloudWatch calls it: `app/<name>/<id>`. */
  readonly loadBalancer: string;
  /** Each public service's target groups as CloudWatch calls them: `targetgroup/<name>/<id>`. */
  readonly targetGroups: Readonly<Record<string, Readonly<Record<Colour, string>>>>;
  readonly backends: Pick<Backends, "database" | "cache">;
  /** Seconds that 95 in 100 answers of a service must not exceed; absent: it has no such objective. */
  readonly p95Seconds: Readonly<Record<string, number | undefined>>;
  /** Percent of requests that may fail. */
  readonly errorPercent: number;
}

/** Colour-blind people tell these apart as well, by brightness. */
const PAINT: Readonly<Record<Colour, string>> = { blue: "#1f77b4", green: "#74c476" };

/** All dashboards of a stack: the release, one for each public service, what is behind them, and what it costs. */
export const dashboards = (of: Pictured): Dashboard[] => [
  { name: RELEASE, panels: releasePanels(of) },
  ...Object.keys(of.targetGroups).map((service) => ({
    name: nameOf(service),
    panels: [...servicePanels(of, service), healthPanel(of, service)],
  })),
  { name: BACKENDS, panels: backendPanels(of) },
  { name: COST, panels: COST_PANELS },
];

/** Their names, which are known before load balancer and target groups have theirs. @param services that are public */
export const dashboardNames = (services: readonly string[]): string[] => [
  RELEASE,
  ...services.map(nameOf),
  BACKENDS,
  COST,
];

const [RELEASE, BACKENDS, COST] = ["release", "backends", "cost"];

/** No service can be called as one of the others is. */
const nameOf = (service: string): string => `service-${service}`;

const ofGroup = (
  of: Pictured,
  service: string,
  colour: Colour,
  metric: string,
  statistic: string,
): AwsMetric => ({
  namespace: "AWS/ApplicationELB",
  metric,
  dimensions: { TargetGroup: of.targetGroups[service]?.[colour] ?? "", LoadBalancer: of.loadBalancer },
  statistic,
});

const releasePanels = (of: Pictured): Panel[] => {
  const services = Object.keys(of.targetGroups);
  return [
    ...services.map((service) => sharesPanel(of, service)),
    ...services.flatMap((service) => servicePanels(of, service).slice(1)),
    {
      title: "Refused by the load balancer",
      description: "requests that reached no target; above 0 some colour has nobody to answer",
      unit: "requests a minute",
      curves: [{ label: "refused", metric: ofBalancer(of.loadBalancer, "HTTPCode_ELB_5XX_Count", "Sum") }],
    },
  ];
};

/** What users were given, and so what a weight did: the configured share is in the release itself. */
function sharesPanel(of: Pictured, service: string): Panel {
  const requests = byColour((colour) => [
    {
      label: `${colour} requests`,
      id: `${colour}Requests`,
      hidden: true,
      metric: ofGroup(of, service, colour, "RequestCount", "Sum"),
    },
  ]);
  const all = COLOURS.map((colour) => `FILL(${colour}Requests, 0)`).join(" + ");
  const shares = byColour((colour) => [
    {
      label: colour,
      colour: PAINT[colour],
      expression: `IF(${all} > 0, 100 * FILL(${colour}Requests, 0) / (${all}))`,
    },
  ]);
  return {
    title: `${service}: share of requests`,
    description: "by colour; it follows a shift of weights within the life of a session's cookie",
    unit: "%",
    stacked: true,
    curves: [...requests, ...shares],
  };
}

/** Requests, errors and times to answer of one service, both colours side by side. */
function servicePanels(of: Pictured, service: string): Panel[] {
  const seconds = of.p95Seconds[service];
  return [
    {
      title: `${service}: requests`,
      description: "that a colour's targets were sent",
      unit: "requests a minute",
      curves: byColour((colour) => [
        { label: colour, colour: PAINT[colour], metric: ofGroup(of, service, colour, "RequestCount", "Sum") },
      ]),
    },
    {
      title: `${service}: errors`,
      description: "share of requests that failed, refused connections included",
      unit: "%",
      limit: { value: of.errorPercent, label: "objective" },
      curves: byColour((colour) => errorsOf(of, service, colour)),
    },
    {
      title: `${service}: time to answer`,
      description: "that 95 in 100 requests do not exceed, and half of them",
      unit: "s",
      ...(seconds !== undefined && { limit: { value: seconds, label: "objective of p95" } }),
      curves: byColour((colour) =>
        ["p95", "p50"].map((statistic) => ({
          label: `${colour} ${statistic}`,
          ...(statistic === "p95" && { colour: PAINT[colour] }),
          metric: ofGroup(of, service, colour, "TargetResponseTime", statistic),
        })),
      ),
    },
  ];
}

function errorsOf(of: Pictured, service: string, colour: Colour): Curve[] {
  const hidden = (id: string, metric: string): Curve => ({
    ...{ label: `${colour} ${id}`, id: `${colour}${id}`, hidden: true },
    metric: ofGroup(of, service, colour, metric, "Sum"),
  });
  return [
    hidden("Asked", "RequestCount"),
    hidden("Failed", "HTTPCode_Target_5XX_Count"),
    hidden("Refused", "TargetConnectionErrorCount"),
    {
      label: colour,
      colour: PAINT[colour],
      // What fails is published only where it is not 0.
      expression: `IF(${colour}Asked > 0, 100 * (FILL(${colour}Failed, 0) + FILL(${colour}Refused, 0)) / ${colour}Asked)`,
    },
  ];
}

const healthPanel = (of: Pictured, service: string): Panel => ({
  title: `${service}: targets`,
  description: "that pass their health check, and those that do not",
  unit: "targets",
  curves: byColour((colour) =>
    (["Healthy", "UnHealthy"] as const).map((health) => ({
      label: `${colour} ${health.toLowerCase()}`,
      ...(health === "Healthy" && { colour: PAINT[colour] }),
      metric: ofGroup(of, service, colour, `${health}HostCount`, "Average"),
    })),
  ),
});

const byColour = (curves: (colour: Colour) => readonly Curve[]): Curve[] => COLOURS.flatMap(curves);

function backendPanels({ name, cluster, backends }: Pictured): Panel[] {
  const instances = databaseIdentifiers(name, backends);
  const nodes = Object.values(cacheNodes(name, backends)).flat();
  const database = (
    title: string,
    description: string,
    unit: string,
    metric: string,
    statistic = "Average",
  ) => ({
    ...{ title: `Database: ${title}`, description, unit },
    curves: instances.map((instance) => ({
      label: instance,
      metric: ofDatabase(instance, metric, statistic),
    })),
  });
  const cache = (
    title: string,
    description: string,
    unit: string,
    metric: string,
    statistic = "Average",
  ) => ({
    ...{ title: `Cache: ${title}`, description, unit },
    curves: nodes.map((node) => ({ label: node, metric: ofCache(node, metric, statistic) })),
  });
  return [
    database("processors", "above 80 % for long, queries wait for each other", "%", "CPUUtilization"),
    database(
      "connections",
      "that are open; services and jobs share them",
      "connections",
      "DatabaseConnections",
    ),
    database("free memory", "what is left of the instance's", "bytes", "FreeableMemory"),
    database(
      "free storage",
      "at 0 the database stops; it grows by itself up to its limit",
      "bytes",
      "FreeStorageSpace",
    ),
    database("time to read", "of one operation on its volume", "s", "ReadLatency"),
    database("time to write", "of one operation on its volume", "s", "WriteLatency"),
    cache("processor", "of the one that Redis works with", "%", "EngineCPUUtilization"),
    cache("memory", "in use; from 100 % on keys are evicted", "%", "DatabaseMemoryUsagePercentage"),
    cache(
      "evictions",
      "keys with an expiry that were given up for want of memory",
      "keys a minute",
      "Evictions",
      "Sum",
    ),
    cache("connections", "that are open", "connections", "CurrConnections"),
    {
      title: "Cluster: errors of the API",
      description: "while it answers wrongly nothing is deployed, scaled or replaced",
      unit: "answers a minute",
      curves: [{ label: "5XX", metric: ofCluster(cluster, "apiserver_request_total_5XX", "Sum") }],
    },
    {
      title: "Cluster: pods without a node",
      description: "that wait for one; the autoscaler adds nodes up to the group's bound",
      unit: "pods",
      curves: [{ label: "pending", metric: ofCluster(cluster, "scheduler_pending_pods", "Maximum") }],
    },
  ];
}

const DAY = 86_400;

/** AWS publishes charges of the whole account, for all stacks in it, several times a day. */
const charges = (label: string, dimensions: Readonly<Record<string, string>>): Curve => ({
  label,
  metric: {
    namespace: "AWS/Billing",
    metric: "EstimatedCharges",
    dimensions: { Currency: "USD", ...dimensions },
    statistic: "Maximum",
  },
});

const PAID = ["AmazonEC2", "AmazonEKS", "AmazonRDS", "AmazonElastiCache", "AmazonCloudWatch", "AWSELB"];

const COST_PANELS: readonly Panel[] = [
  {
    title: "Charges of the month",
    description: "of the whole account until now; it begins anew with each month",
    unit: "USD",
    periodSeconds: DAY,
    region: "us-east-1",
    curves: [charges("all of AWS", {})],
  },
  {
    title: "Charges by service",
    description: "of those that Sluice's stacks use most",
    unit: "USD",
    periodSeconds: DAY,
    region: "us-east-1",
    stacked: true,
    curves: PAID.map((service) => charges(service, { ServiceName: service })),
  },
];
