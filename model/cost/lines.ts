import { ALARM_METRICS, WATCHER_ALARM_METRICS } from "../alarms";
import { processorsNeeded } from "../capacity";
import { WATCHED } from "../environments";
import { monitoringProcessors, monitoringStorage } from "../monitoring/sizes";
import { quantity } from "../quantity";
import { NODES, ZONES, nodesFor } from "../nodes";
import { publicServices } from "../services";
import type { Settings } from "../settings";
import { EC2, ELASTICACHE, HOURS, PRICES, RDS } from "./prices";

/** What an estimate supposes where settings say nothing; each can be told by its caller. */
export interface Assumptions {
  /** Logs of services, control plane, network and database, in GB a month. */
  readonly logsGb: number;
  /** Traffic through the NAT gateways, in GB a month. */
  readonly natGb: number;
  /** Capacity units that the load balancer uses on average. */
  readonly capacityUnits: number;
  /** VPC interface endpoints, each in every zone. */
  readonly interfaceEndpoints: number;
  /** KMS keys, without the one of the repositories. */
  readonly keys: number;
  /** Secrets in Secrets Manager. */
  readonly secrets: number;
  /** Rules of all web ACLs together: AWS's managed groups, the rate limit, the way from CloudFront. */
  readonly webAclRules: number;
}

/** One part of the bill, in USD a month. */
export interface CostLine {
  readonly item: string;
  /** How many of what it counts. */
  readonly counted: string;
  /** With one colour warm. Absent: no price is known. */
  readonly oneColour?: number;
  /** With both colours warm. */
  readonly bothColours?: number;
}

type Sizes = Pick<
  Settings,
  "environment" | "services" | "backends" | "monitoring" | "zoneId" | "repositories"
>;

/** The lines of a stack's monthly bill. */
export const linesOf = (settings: Sizes, assumed: Assumptions): CostLine[] => [
  nodes(settings),
  fixed("EKS control plane", "1 cluster", PRICES.eksClusterHour * HOURS),
  ...network(settings, assumed),
  loadBalancer(settings, assumed),
  ...database(settings),
  cache(settings),
  volumes(settings),
  monitoringVolumes(settings),
  ...edge(settings, assumed),
  keysAndSecrets(settings, assumed),
  ...watching(settings),
  fixed("CloudWatch Logs", `${assumed.logsGb} GB taken in (supposed)`, PRICES.logsGb * assumed.logsGb),
];

/** The same whichever colours are warm. */
const fixed = (item: string, counted: string, month: number | undefined): CostLine => ({
  item,
  counted,
  ...(month !== undefined && { oneColour: month, bothColours: month }),
});

function nodes({ environment, services, backends, monitoring }: Sizes): CostLine {
  const { instanceType, diskGb } = NODES[environment];
  const { vectorStore } = backends;
  const others = vectorStore.replicas * quantity(vectorStore.cpu) + monitoringProcessors(monitoring);
  const colour = processorsNeeded(services).least;
  const one = nodesFor(environment, colour + others);
  const both = nodesFor(environment, 2 * colour + others);
  const counted = `${one} or ${both} ${instanceType}, each with ${diskGb} GB`;
  const hour = EC2[instanceType];
  if (hour === undefined) return { item: "EKS nodes", counted };
  const month = hour * HOURS + diskGb * PRICES.ebsGbMonth;
  return { item: "EKS nodes", counted, oneColour: one * month, bothColours: both * month };
}

function network({ environment }: Sizes, { natGb, interfaceEndpoints }: Assumptions): CostLine[] {
  const { zones, natGateways } = ZONES[environment];
  const gateway = (PRICES.natGatewayHour + PRICES.publicAddressHour) * HOURS;
  return [
    fixed(
      "NAT gateways",
      `${natGateways} with an address each, ${natGb} GB (supposed)`,
      natGateways * gateway + natGb * PRICES.natGatewayGb,
    ),
    fixed(
      "Interface endpoints",
      `${interfaceEndpoints} in ${zones} zones each`,
      interfaceEndpoints * zones * PRICES.interfaceEndpointHour * HOURS,
    ),
  ];
}

function loadBalancer({ environment }: Sizes, { capacityUnits }: Assumptions): CostLine {
  const { zones } = ZONES[environment];
  const hour =
    PRICES.loadBalancerHour +
    capacityUnits * PRICES.loadBalancerCapacityUnitHour +
    zones * PRICES.publicAddressHour;
  return fixed("Load balancer", `1 ALB, ${capacityUnits} capacity units (supposed)`, hour * HOURS);
}

function database({ backends: { database } }: Sizes): CostLine[] {
  const { instanceClass, storageGb, multiAz, readReplicas } = database;
  const hour = RDS[instanceClass];
  const copies = (multiAz ? 2 : 1) + readReplicas;
  const counted = [
    `1 ${instanceClass}`,
    ...(multiAz ? ["a standby"] : []),
    ...(readReplicas > 0 ? [`${readReplicas} read replicas`] : []),
  ].join(", ");
  return [
    fixed("RDS instances", counted, hour === undefined ? undefined : copies * hour * HOURS),
    fixed("RDS storage", `${copies} × ${storageGb} GB`, copies * storageGb * PRICES.rdsStorageGbMonth),
  ];
}

function cache({ backends: { cache } }: Sizes): CostLine {
  const { nodeType, shards, replicas } = cache;
  const count = Math.max(1, shards) * (1 + replicas);
  const hour = ELASTICACHE[nodeType];
  return fixed("ElastiCache", `${count} ${nodeType}`, hour === undefined ? undefined : count * hour * HOURS);
}

function volumes({ backends: { vectorStore } }: Sizes): CostLine {
  const { replicas, storageGb } = vectorStore;
  return fixed("Qdrant volumes", `${replicas} × ${storageGb} GB`, replicas * storageGb * PRICES.ebsGbMonth);
}

/** Series and traces that are kept in the cluster. What AWS keeps of them it bills by the sample, and is left out. */
function monitoringVolumes({ monitoring }: Sizes): CostLine {
  const gb = monitoringStorage(monitoring);
  return fixed("Monitoring volumes", `${gb} GB`, gb * PRICES.ebsGbMonth);
}

/** CloudFront itself has no fixed price; its web ACL, and the load balancer's, have. */
function edge({ environment, services, zoneId }: Sizes, { webAclRules }: Assumptions): CostLine[] {
  const acls = (environment === "dev" ? 0 : 1) + (zoneId === undefined ? 0 : 1);
  if (acls === 0) return [];
  const month = acls * PRICES.webAclMonth + webAclRules * PRICES.webAclRuleMonth;
  const hosts = publicServices(services).length;
  return [
    fixed("WAF", `${acls} web ACLs with ${webAclRules} rules in all; requests are extra`, month),
    ...(zoneId === undefined
      ? []
      : [fixed("CloudFront", `1 distribution, ${hosts} host names; traffic is extra`, 0)]),
  ];
}

/** How long a look takes, in seconds, with how many GB of memory, and how many metrics it asks of a target group. */
const LOOK = { seconds: 1, gb: 0.5, metrics: 5 } as const;

/** The watcher and its alarms. It asks for metrics only while a version that may be taken back has traffic. */
function watching({ environment, services }: Sizes): CostLine[] {
  if (!WATCHED[environment]) return [];
  const groups = 2 * publicServices(services).length;
  const metrics = groups * ALARM_METRICS + WATCHER_ALARM_METRICS;
  const looks = 60 * HOURS;
  const call = PRICES.functionCall + LOOK.seconds * LOOK.gb * PRICES.functionGbSecond;
  const month = metrics * PRICES.alarmMetricMonth + looks * call;
  return [
    {
      item: "Watching the release",
      counted: `${metrics} metrics of alarms, a look a minute of ${LOOK.seconds} s (supposed)`,
      oneColour: month,
      bothColours: month + looks * groups * LOOK.metrics * PRICES.metricRequested,
    },
  ];
}

/** The repositories, where a stack owns them, have a key of their own. */
function keysAndSecrets({ repositories }: Sizes, assumed: Assumptions): CostLine {
  const keys = assumed.keys + (repositories ? 1 : 0);
  const month = keys * PRICES.keyMonth + assumed.secrets * PRICES.secretMonth;
  return fixed("KMS and Secrets Manager", `KMS keys: ${keys}; secrets: ${assumed.secrets}`, month);
}
