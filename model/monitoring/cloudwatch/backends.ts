import type { Backends } from "../../backends";
import { FULL, mostConnections } from "../saturation";
import type { AwsAlarm, AwsMetric } from "./alarm";

const MINUTE = 60;
const GIB = 1024 ** 3;

/** Percent of its processors that a database or a cache may use for a quarter of an hour. */
const BUSY = 80;

/** Percent of the first storage that must be free: growing by itself takes hours, and is done every six at most. */
const FREE = 10;

/** Seconds that a copy may be behind: readers see what is older, and a failover loses it. */
const BEHIND = 30;

/** Memory in bytes that PostgreSQL must have left, or the kernel ends it. */
const LEFT = 256 * 1024 ** 2;

/** The database's instances: the primary, and its read replicas. */
export const databaseIdentifiers = (name: string, { database }: Pick<Backends, "database">): string[] => [
  name,
  ...replicaIdentifiers(name, database.readReplicas),
];

const replicaIdentifiers = (name: string, replicas: number): string[] =>
  Array.from({ length: replicas }, (_, index) => `${name}-replica-${index + 1}`);

/** The cache's nodes by shard, as ElastiCache names them: `<group>-0001-001` in cluster mode, else `<group>-001`. */
export function cacheNodes(name: string, { cache }: Pick<Backends, "cache">): Record<string, string[]> {
  const padded = (number: number, width: number) => String(number).padStart(width, "0");
  const of = (group: string) =>
    Array.from({ length: 1 + cache.replicas }, (_, index) => `${group}-${padded(index + 1, 3)}`);
  if (cache.shards === 0) return { "": of(name) };
  return Object.fromEntries(
    Array.from({ length: cache.shards }, (_, index) => {
      const shard = padded(index + 1, 4);
      return [shard, of(`${name}-${shard}`)];
    }),
  );
}

/** A metric of a database instance. */
export const ofDatabase = (instance: string, metric: string, statistic: string): AwsMetric => ({
  namespace: "AWS/RDS",
  metric,
  dimensions: { DBInstanceIdentifier: instance },
  statistic,
});

/** A metric of a cache node. */
export const ofCache = (node: string, metric: string, statistic: string): AwsMetric => ({
  namespace: "AWS/ElastiCache",
  metric,
  dimensions: { CacheClusterId: node },
  statistic,
});

/** Open connections of a database instance. */
export const connectionsOf = (instance: string): AwsMetric =>
  ofDatabase(instance, "DatabaseConnections", "Maximum");

/** Percent of a cache node's memory that is used. */
export const memoryOf = (node: string): AwsMetric =>
  ofCache(node, "DatabaseMemoryUsagePercentage", "Maximum");

/**
 * Alarms of the database and of the cache.
 *
 * @param name `<app>-<environment>`, which both have
 */
export const backendAlarms = (name: string, backends: Pick<Backends, "database" | "cache">): AwsAlarm[] => [
  ...databaseIdentifiers(name, backends).flatMap((instance) => databaseAlarms(name, instance, backends)),
  ...Object.entries(cacheNodes(name, backends)).flatMap(([shard, nodes]) => cacheAlarms(shard, nodes)),
];

function databaseAlarms(
  primary: string,
  instance: string,
  { database }: Pick<Backends, "database">,
): AwsAlarm[] {
  const which = instance === primary ? "database" : `database${instance.slice(primary.length)}`;
  const one = (metric: string, statistic: string) => ({ value: ofDatabase(instance, metric, statistic) });
  const look = `CloudWatch's Database Insights of ${instance}: which statements, and since which version`;
  const quarter = { periodSeconds: 5 * MINUTE, periods: 3 };
  const always: AwsAlarm[] = [
    {
      name: `${which}/processors`,
      severity: "warning",
      says: `${instance} has used more than ${BUSY} % of its processors for a quarter of an hour`,
      help: look,
      metrics: one("CPUUtilization", "Average"),
      comparison: "above",
      threshold: BUSY,
      ...quarter,
    },
    {
      name: `${which}/memory`,
      severity: "warning",
      says: `${instance} has less than ${LEFT / 1024 ** 2} MiB of memory left`,
      help: `${look}; then a larger sluice:backends.database.instanceClass`,
      metrics: one("FreeableMemory", "Minimum"),
      comparison: "below",
      threshold: LEFT,
      ...quarter,
    },
    {
      name: `${which}/storage`,
      severity: "critical",
      says: `${instance} has less than ${FREE} % of ${database.storageGb} GiB left; when it is full it stops`,
      help: "pulumi config set --path sluice:backends.database.maxStorageGb, and what has grown",
      metrics: one("FreeStorageSpace", "Minimum"),
      comparison: "below",
      threshold: (FREE / 100) * database.storageGb * GIB,
      periodSeconds: 5 * MINUTE,
      periods: 2,
    },
  ];
  const all = [...always, ...connectionAlarms(which, instance, database.instanceClass)];
  if (instance === primary) return all;
  const behind: AwsAlarm = {
    name: `${which}/behind`,
    severity: "warning",
    says: `${instance} is more than ${BEHIND} s behind its primary: readers see what is old`,
    help: look,
    metrics: one("ReplicaLag", "Maximum"),
    comparison: "above",
    threshold: BEHIND,
    periodSeconds: MINUTE,
    periods: 5,
  };
  return [...all, behind];
}

/** None where nobody knows how many an instance of that class takes. */
function connectionAlarms(which: string, instance: string, instanceClass: string): AwsAlarm[] {
  const most = mostConnections(instanceClass);
  if (most === undefined) return [];
  return [
    {
      name: `${which}/connections`,
      severity: "critical",
      says: `${instance} has more than ${FULL.criticalPercent} % of the ${most} connections that it takes`,
      help: "sluice status: both colours hold connections during a release; fewer replicas, smaller pools, or a larger sluice:backends.database.instanceClass",
      metrics: { value: connectionsOf(instance) },
      comparison: "above",
      threshold: Math.floor((FULL.criticalPercent / 100) * most),
      periodSeconds: MINUTE,
      periods: 5,
    },
  ];
}

function cacheAlarms(shard: string, nodes: readonly string[]): AwsAlarm[] {
  const which = shard ? `cache/${shard}` : "cache";
  const named = shard ? `shard ${shard} of the cache` : "the cache";
  const worst = (of: (node: string) => AwsMetric) => ({
    metrics: Object.fromEntries(nodes.map((node, index) => [`n${index + 1}`, of(node)])),
    expression: `MAX([${nodes.map((_, index) => `n${index + 1}`).join(", ")}])`,
  });
  const quarter = { periodSeconds: 5 * MINUTE, periods: 3 };
  const always: AwsAlarm[] = [
    {
      name: `${which}/processors`,
      severity: "warning",
      says: `a node of ${named} has used more than ${BUSY} % of the one processor that Redis works with`,
      help: "the cache's slow log; then a larger sluice:backends.cache.nodeType, or more shards",
      ...worst((node) => ofCache(node, "EngineCPUUtilization", "Average")),
      comparison: "above",
      threshold: BUSY,
      ...quarter,
    },
    {
      name: `${which}/memory`,
      severity: "critical",
      says: `a node of ${named} uses more than ${FULL.criticalPercent} % of its memory: soon it evicts keys, or refuses to write`,
      help: "a larger sluice:backends.cache.nodeType; meanwhile, what writes keys without an expiry",
      ...worst(memoryOf),
      comparison: "above",
      threshold: FULL.criticalPercent,
      ...quarter,
    },
  ];
  if (nodes.length === 1) return always;
  const behind: AwsAlarm = {
    name: `${which}/behind`,
    severity: "warning",
    says: `a copy of ${named} is more than ${BEHIND} s behind: a failover would lose that`,
    help: "the cache's engine log, and how much is written",
    ...worst((node) => ofCache(node, "ReplicationLag", "Maximum")),
    comparison: "above",
    threshold: BEHIND,
    periodSeconds: MINUTE,
    periods: 5,
  };
  return [...always, behind];
}
