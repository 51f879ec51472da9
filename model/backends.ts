import type { Environment } from "./environments";

/** The PostgreSQL database. */
export interface DatabaseSettings {
  /** RDS instance class, for example `db.t4g.medium`. */
  readonly instanceClass: string;
  /** Storage at first, in GiB. */
  readonly storageGb: number;
  /** How far storage may grow by itself, in GiB. */
  readonly maxStorageGb: number;
  /** Whether a standby in another zone takes over. */
  readonly multiAz: boolean;
  /** Read replicas beside the primary. */
  readonly readReplicas: number;
  /** How long point-in-time recovery reaches back, in days. */
  readonly backupDays: number;
}

/** The Redis cache. */
export interface CacheSettings {
  /** ElastiCache node type, for example `cache.t4g.small`. */
  readonly nodeType: string;
  /** Shards of cluster mode. 0: cluster mode is off, one primary has everything. */
  readonly shards: number;
  /** Replicas beside each primary; with one or more, failover is automatic. */
  readonly replicas: number;
  /** How long daily snapshots are kept, in days; 0 takes none. */
  readonly snapshotDays: number;
}

/** The Qdrant vector store, inside the cluster. */
export interface VectorStoreSettings {
  /** Nodes. */
  readonly replicas: number;
  /** Storage of a node, in GiB. */
  readonly storageGb: number;
  /** Processor and memory of a node, as Kubernetes quantities. */
  readonly cpu: string;
  readonly memory: string;
  /** How long snapshots in S3 are kept, in days. */
  readonly snapshotDays: number;
}

/** What the services keep their data in. */
export interface Backends {
  readonly database: DatabaseSettings;
  readonly cache: CacheSettings;
  readonly vectorStore: VectorStoreSettings;
}

/** The sizes of the VoiceAssist deployment guide; `sluice:backends` may set each value. */
export const BACKENDS: Readonly<Record<Environment, Backends>> = {
  dev: {
    database: {
      instanceClass: "db.t4g.medium",
      storageGb: 20,
      maxStorageGb: 100,
      multiAz: false,
      readReplicas: 0,
      backupDays: 1,
    },
    cache: { nodeType: "cache.t4g.small", shards: 0, replicas: 0, snapshotDays: 0 },
    vectorStore: { replicas: 1, storageGb: 20, cpu: "500m", memory: "1Gi", snapshotDays: 3 },
  },
  staging: {
    database: {
      instanceClass: "db.m7g.large",
      storageGb: 50,
      maxStorageGb: 200,
      multiAz: true,
      readReplicas: 0,
      backupDays: 7,
    },
    cache: { nodeType: "cache.m7g.large", shards: 0, replicas: 1, snapshotDays: 3 },
    vectorStore: { replicas: 1, storageGb: 50, cpu: "1000m", memory: "2Gi", snapshotDays: 7 },
  },
  prod: {
    database: {
      instanceClass: "db.m7g.xlarge",
      storageGb: 100,
      maxStorageGb: 1_000,
      multiAz: true,
      readReplicas: 2,
      backupDays: 30,
    },
    cache: { nodeType: "cache.m7g.large", shards: 2, replicas: 2, snapshotDays: 14 },
    vectorStore: { replicas: 3, storageGb: 100, cpu: "2000m", memory: "8Gi", snapshotDays: 30 },
  },
};

/** Kubernetes Secrets that pods get their credentials from; an operator fills them from Secrets Manager. */
export const SECRETS = {
  database: "db-credentials",
  cache: "redis-credentials",
  vectorStore: "qdrant-credentials",
} as const;

/** Where each of {@link SECRETS} is mounted in a pod, by its name; files there follow a rotation. */
export const SECRETS_FOLDER = "/var/run/secrets/backends";

/** Environment variables of every pod that come from {@link SECRETS}, as they were when it started. */
export const SECRET_VARIABLES: readonly {
  readonly variable: string;
  readonly secret: (typeof SECRETS)[keyof typeof SECRETS];
  readonly key: string;
}[] = [
  { variable: "DATABASE_URL", secret: SECRETS.database, key: "url" },
  { variable: "DATABASE_READER_URL", secret: SECRETS.database, key: "reader-url" },
  { variable: "REDIS_URL", secret: SECRETS.cache, key: "url" },
  { variable: "QDRANT_URL", secret: SECRETS.vectorStore, key: "url" },
  { variable: "QDRANT_API_KEY", secret: SECRETS.vectorStore, key: "api-key" },
];
