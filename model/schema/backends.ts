import type { Backends, CacheSettings, DatabaseSettings, VectorStoreSettings } from "../backends";
import { type Fault, format, remove, set } from "./faults";
import { type Fields, flag, readFields, readRecord, rejectUnknown, text, whole } from "./fields";
import { cpu, memory } from "./forms";

/** RDS: storage of a gp3 PostgreSQL instance, in GiB. */
const STORAGE = [20, 65_536] as const;

const DATABASE: Fields<DatabaseSettings> = {
  instanceClass: {
    schema: text(/^db\.[a-z0-9]+\.[a-z0-9]+$/, "an RDS instance class such as db.t4g.medium"),
    example: "db.m7g.large",
  },
  storageGb: { schema: whole(...STORAGE), example: 100 },
  maxStorageGb: { schema: whole(...STORAGE), example: 1_000 },
  multiAz: { schema: flag, example: "true" },
  // RDS: read replicas of one PostgreSQL instance.
  readReplicas: { schema: whole(0, 15), example: 1 },
  // RDS: 0 would switch point-in-time recovery off.
  backupDays: { schema: whole(1, 35), example: 7 },
};

const CACHE: Fields<CacheSettings> = {
  nodeType: {
    schema: text(/^cache\.[a-z0-9]+\.[a-z0-9]+$/, "an ElastiCache node type such as cache.t4g.small"),
    example: "cache.m7g.large",
  },
  // ElastiCache: shards of a cluster, and replicas of a shard.
  shards: { schema: whole(0, 90), example: 2 },
  replicas: { schema: whole(0, 5), example: 1 },
  snapshotDays: { schema: whole(0, 35), example: 7 },
};

const VECTOR_STORE: Fields<VectorStoreSettings> = {
  replicas: { schema: whole(1, 99), example: 3 },
  // What its volumes start with.
  storageGb: { schema: whole(10, 16_384), example: 100 },
  cpu: { schema: cpu, example: "500m" },
  memory: { schema: memory, example: "1Gi" },
  snapshotDays: { schema: whole(1, 3_650), example: 7 },
};

const PARTS = ["database", "cache", "vectorStore"] as const satisfies readonly (keyof Backends)[];

/** The environment's backends with what `sluice:backends` sets. */
export function readBackends(raw: unknown, defaults: Backends, faults: Fault[]): Backends {
  const path = ["backends"] as const;
  const record = raw === undefined ? {} : readRecord(raw, path, `an object with ${PARTS.join(", ")}`, faults);
  if (!record) return defaults;
  rejectUnknown(record, path, PARTS, faults);
  const read = <Values extends object>(part: (typeof PARTS)[number], fields: Fields<Values>) =>
    record[part] === undefined ? {} : readFields(record[part], [...path, part], fields, faults);
  const backends: Backends = {
    database: { ...defaults.database, ...read("database", DATABASE) },
    cache: { ...defaults.cache, ...read("cache", CACHE) },
    vectorStore: { ...defaults.vectorStore, ...read("vectorStore", VECTOR_STORE) },
  };
  faults.push(...sizeFaults(backends));
  return backends;
}

/** ElastiCache: nodes of one cluster. */
const CACHE_NODES = 90;

/** Values that are each right and do not go together. */
function sizeFaults({ database, cache, vectorStore }: Backends): Fault[] {
  const most = ["backends", "database", "maxStorageGb"] as const;
  const nodes = ["backends", "vectorStore", "replicas"] as const;
  const copies = ["backends", "cache", "replicas"] as const;
  const cached = cache.shards * (1 + cache.replicas);
  return [
    ...(cache.shards > 0 && cache.replicas === 0
      ? [
          {
            path: format(copies),
            found: 0,
            allowed: "1 at least in cluster mode: a shard that fails has nothing else to fail over to",
            remedy: set(copies, 1),
          },
        ]
      : []),
    ...(cached > CACHE_NODES
      ? [
          {
            path: format(["backends", "cache", "shards"]),
            found: `${cache.shards} shards of ${1 + cache.replicas} nodes`,
            allowed: `${CACHE_NODES} nodes at most; these are ${cached}`,
            remedy: remove(["backends", "cache", "shards"]),
          },
        ]
      : []),
    ...(database.maxStorageGb < database.storageGb
      ? [
          {
            path: format(most),
            found: database.maxStorageGb,
            allowed: `storageGb (${database.storageGb}) at least`,
            remedy: set(most, database.storageGb),
          },
        ]
      : []),
    ...(vectorStore.replicas === 2
      ? [
          {
            path: format(nodes),
            found: 2,
            allowed: "1, or 3 and more: of two nodes neither is a majority when the other is lost",
            remedy: remove(nodes),
          },
        ]
      : []),
  ];
}
