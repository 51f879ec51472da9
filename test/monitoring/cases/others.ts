import { type Case, GREEN, type Series, counter, named } from "./case";

const NAMESPACE = { namespace: "voiceassist" };
const DEPLOYMENT = { ...NAMESPACE, deployment: "api-gateway-green" };
const deployment = (wanted: number, available: string): Series[] => [
  [named("kube_deployment_spec_replicas", DEPLOYMENT), `${wanted}x400`],
  [named("kube_deployment_status_replicas_available", DEPLOYMENT), available],
];
const { version: _, ...COLOUR } = GREEN;

const minutes = { interval: "1m", evaluation: "1m" };
const hours = { interval: "1h", evaluation: "1h" };

const job = (failed: number): Series[] => [
  [named("kube_job_failed", { ...NAMESPACE, job_name: "migrate-2-4-0", condition: "true" }), `${failed}x60`],
];
const up = (values: string): Series[] => [
  [named("up", { ...GREEN, job: "pods", instance: "10.0.0.1:8080" }), values],
];

const DAYS_LEFT = "aws_certificatemanager_days_to_expiry_minimum";
const certificate = (days: number): Series[] => [
  [named(DAYS_LEFT, { name: "CloudFront", region: "us-east-1" }), `${days}x300`],
  [named(DAYS_LEFT, { name: "the load balancer", region: "eu-west-1" }), "200x300"],
];
const certificates = (days: number, severity: string): Case[] => [
  {
    says: `fires where a certificate ends in less than ${days} days`,
    series: certificate(days - 1),
    at: "2h",
    fires: [{ severity, about: "certificate", name: "CloudFront" }],
    ...minutes,
  },
  { says: "is silent a day earlier", series: certificate(days), at: "2h", fires: [], ...minutes },
];

/** So much of a hundred is used. */
type Used = (used: number) => Series[];

const CONNECTIONS = "aws_rds_database_connections_maximum";
const MEMORY = "aws_elasticache_database_memory_usage_percentage_maximum";
/** What prod's database takes, a db.m7g.xlarge. */
const MOST = 1_622;

const connections: Used = (used) => [
  [named(CONNECTIONS, { name: "voiceassist-prod" }), `${Math.floor((used / 100) * MOST)}x60`],
  [named(CONNECTIONS, { name: "voiceassist-prod-replica-1" }), "20x60"],
];
const memory: Used = (used) => [
  [named(MEMORY, { name: "voiceassist-prod-0001-001" }), `${used}x60`],
  [named(MEMORY, { name: "voiceassist-prod-0002-001" }), "10x60"],
];
/** What CloudWatch has of both, and then has no more of the one. */
const forgotten = (gone: string, stays: string): Series[] => [
  [named(gone, { name: "voiceassist-prod" }), "10x5"],
  [named(stays, { name: "voiceassist-prod" }), "10x60"],
];
const volume: Used = (used) => {
  const of = (name: string, claim: string) =>
    named(name, { namespace: "qdrant", persistentvolumeclaim: claim });
  return [
    [of("kubelet_volume_stats_available_bytes", "qdrant-storage-qdrant-0"), `${100 - used}x60`],
    [of("kubelet_volume_stats_capacity_bytes", "qdrant-storage-qdrant-0"), "100x60"],
    [of("kubelet_volume_stats_available_bytes", "qdrant-storage-qdrant-1"), "90x60"],
    [of("kubelet_volume_stats_capacity_bytes", "qdrant-storage-qdrant-1"), "100x60"],
  ];
};
const filling = (about: string, used: Used, which: Readonly<Record<string, string>> = {}): Case[] => [
  {
    says: "warns where more than 80 % are used for 15 min",
    series: used(81),
    at: "16m",
    fires: [{ ...which, severity: "warning", about }],
    ...minutes,
  },
  { says: "waits for 15 min", series: used(81), at: "14m", fires: [], ...minutes },
  { says: "is silent at 80 %", series: used(80), at: "30m", fires: [], ...minutes },
];
const full = (about: string, used: Used, which: Readonly<Record<string, string>> = {}): Case[] => [
  {
    says: "pages where more than 95 % are used for 5 min",
    series: used(96),
    at: "6m",
    fires: [{ ...which, severity: "critical", about }],
    ...minutes,
  },
  { says: "waits for 5 min", series: used(96), at: "4m", fires: [], ...minutes },
  { says: "is silent at 95 %", series: used(95), at: "30m", fires: [], ...minutes },
];

/** Days at 24 USD each, and then one at another price an hour; requests as they always were. */
const spent = (days: number, dollars: number): Series[] => [
  [
    named("api_cost_dollars", { ...GREEN, provider: "openrouter" }),
    counter([1, 24 * days - 1], [dollars, 24]),
  ],
  [
    named("provider_request_count", { ...GREEN, provider: "openrouter", status: "success" }),
    counter([500, 24 * (days + 1)]),
  ],
];
/** What one provider cost for eight days another one costs after them. */
const moved = (dollars: number): Series[] => [
  [named("api_cost_dollars", { ...GREEN, provider: "groq" }), counter([1, 24 * 8 - 1])],
  [
    named("api_cost_dollars", { ...GREEN, provider: "openrouter" }),
    `${"_ ".repeat(24 * 8)}${counter([dollars, 24 * 8])}`,
  ],
];
const COST = { ...NAMESPACE, about: "cost" };

const limited = (values: string): Series[] => [
  [named("provider_request_count", { ...GREEN, provider: "openrouter", status: "rate_limited" }), values],
  [named("provider_request_count", { ...GREEN, provider: "openrouter", status: "success" }), "0+10x60"],
];
const LIMITED = { ...NAMESPACE, severity: "warning", about: "provider", provider: "openrouter" };

/** Alerts of the cluster, of backends and of providers. */
export const OTHER_CASES: Readonly<Record<string, readonly Case[]>> = {
  ReplicaMismatch: [
    {
      says: "warns where a pod has been lacking for 15 min",
      series: deployment(3, "2x400"),
      at: "16m",
      fires: [{ ...COLOUR, severity: "warning", about: "health" }],
    },
    { says: "waits for 15 min", series: deployment(3, "2x400"), at: "14m", fires: [] },
    { says: "is silent where all are there", series: deployment(3, "3x400"), at: "30m", fires: [] },
  ],
  JobFailed: [
    {
      says: "warns of a Job that has failed",
      series: job(1),
      at: "1m",
      fires: [{ ...NAMESPACE, severity: "warning", about: "jobs", job_name: "migrate-2-4-0" }],
      ...minutes,
    },
    { says: "is silent about one that has not", series: job(0), at: "5m", fires: [], ...minutes },
  ],
  MetricsMissing: [
    {
      says: "warns where a target has not been scraped for 10 min",
      series: up("1x5 0x60"),
      at: "17m",
      fires: [{ ...GREEN, severity: "warning", about: "metrics", job: "pods" }],
      ...minutes,
    },
    { says: "waits for 10 min", series: up("1x5 0x60"), at: "14m", fires: [], ...minutes },
    { says: "is silent where it is", series: up("1x60"), at: "30m", fires: [], ...minutes },
  ],
  BackendMetricsMissing: [
    ...[forgotten(CONNECTIONS, MEMORY), forgotten(MEMORY, CONNECTIONS)].map((series) => ({
      says: "warns where one of the two has not come for 15 min, and Prometheus has forgotten it",
      series,
      at: "26m",
      fires: [{ severity: "warning", about: "metrics" }],
      ...minutes,
    })),
    {
      says: "waits for 15 min",
      series: forgotten(CONNECTIONS, MEMORY),
      at: "23m",
      fires: [],
      ...minutes,
    },
    {
      says: "is silent where both come",
      series: [...connections(10), ...memory(10)],
      at: "30m",
      fires: [],
      ...minutes,
    },
  ],
  CertificateEndsSoon: certificates(30, "warning"),
  CertificateEndsNow: certificates(7, "critical"),
  DatabaseConnectionsFills: filling("database", connections, { name: "voiceassist-prod" }),
  DatabaseConnectionsFull: full("database", connections, { name: "voiceassist-prod" }),
  CacheMemoryFills: filling("cache", memory, { name: "voiceassist-prod-0001-001" }),
  CacheMemoryFull: full("cache", memory, { name: "voiceassist-prod-0001-001" }),
  VectorStoreVolumeFills: filling("vector-store", volume),
  VectorStoreVolumeFull: full("vector-store", volume),
  CostSpike: [
    {
      says: "pages where a day costs more than one and a half times the week before",
      series: spent(8, 1.6),
      at: "216h",
      fires: [{ ...COST, severity: "critical" }],
      ...hours,
    },
    { says: "is silent at just below", series: spent(8, 1.4), at: "216h", fires: [], ...hours },
    {
      says: "is silent days after another provider has taken over at the same cost",
      series: moved(1),
      at: "288h",
      fires: [],
      ...hours,
    },
    {
      says: "pages where another provider has taken over at twice the cost",
      series: moved(2),
      at: "228h",
      fires: [{ ...COST, severity: "critical" }],
      ...hours,
    },
    { says: "knows no baseline in the first week", series: spent(5, 3), at: "144h", fires: [], ...hours },
  ],
  CostPerThousand: [
    {
      says: "warns where a thousand requests cost more than configuration allows",
      series: spent(2, 3),
      at: "72h",
      fires: [{ ...COST, severity: "warning" }],
      ...hours,
    },
    { says: "is silent where they cost less", series: spent(2, 2.4), at: "72h", fires: [], ...hours },
  ],
  ProviderRateLimited: [
    {
      says: "warns of the first 429 there ever was",
      series: limited("_x5 1x60"),
      at: "6m",
      fires: [LIMITED],
      ...minutes,
    },
    { says: "warns of one more", series: limited("1x20 2x60"), at: "22m", fires: [LIMITED], ...minutes },
    { says: "is silent 5 min later", series: limited("1x20 2x60"), at: "28m", fires: [], ...minutes },
  ],
};
