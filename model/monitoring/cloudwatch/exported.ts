import type { Backends } from "../../backends";
import type { AwsMetric } from "./alarm";
import { cacheNodes, connectionsOf, databaseIdentifiers, memoryOf } from "./backends";
import { type Certificate, daysLeftOf } from "./certificates";

/** What the exporter asks CloudWatch about, so that alerts of it reach people as all others do. */
export interface Asked {
  /** `<app>-<environment>`, which database and cache have as their name. */
  readonly name: string;
  readonly region: string;
  readonly backends: Pick<Backends, "database" | "cache">;
  readonly certificates: readonly Certificate[];
}

/** How often it asks, in seconds. */
export const ASKS_SECONDS = 60;

/** What a value is taken of, and how far back the newest is looked for, in seconds. */
interface Reach {
  readonly period: number;
  readonly length: number;
}

/** CloudWatch has a minute's value some minutes late. */
const MINUTES: Reach = { period: 60, length: 600 };

/** ACM publishes twice a day. */
const DAYS: Reach = { period: 86_400, length: 172_800 };

/** The configuration of yet-another-cloudwatch-exporter. Each metric is named, so it need not list any. */
export const exporterConfig = ({ name, region, backends, certificates }: Asked) => ({
  apiVersion: "v1alpha1",
  "sts-region": region,
  static: [
    ...databaseIdentifiers(name, backends).map((one) => job(one, region, connectionsOf(one), MINUTES)),
    ...Object.values(cacheNodes(name, backends))
      .flat()
      .map((one) => job(one, region, memoryOf(one), MINUTES)),
    ...certificates.map((one) => job(one.of, one.region, daysLeftOf(one.arn), DAYS)),
  ],
});

/** @param name the label `name` of its series, by which alerts call it */
const job = (name: string, region: string, asked: AwsMetric, reach: Reach) => ({
  name,
  namespace: asked.namespace,
  regions: [region],
  dimensions: Object.entries(asked.dimensions).map(([key, value]) => ({ name: key, value })),
  metrics: [{ name: asked.metric, statistics: [asked.statistic], ...reach }],
});

/** A metric's series as the exporter calls it. */
const seriesOf = ({ namespace, metric, statistic }: AwsMetric): string =>
  [namespace.replaceAll("/", "_"), metric.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_"), statistic]
    .join("_")
    .toLowerCase();

/** Series that the exporter has, each with a label `name`. */
export const SERIES = {
  /** Connections of a database instance. */
  connections: seriesOf(connectionsOf("")),
  /** Percent of a cache node's memory that is used. */
  memory: seriesOf(memoryOf("")),
  /** Days until a certificate ends. */
  daysLeft: seriesOf(daysLeftOf("")),
} as const;
