import { type Control, GUARDED, controlsOf, isAtLeast, isGiven, isNotFalse, isTrue, put } from "./control";

const TYPES = ["aws:elasticache/replicationGroup:ReplicationGroup"];
const { property, each } = controlsOf("FSBP", "S4");

/** ElastiCache, in the order of their numbers. */
export const CACHE: readonly Control[] = [
  property({
    id: "ElastiCache.1",
    title: "ElastiCache (Redis OSS) clusters should have automatic backups enabled",
    severity: "high",
    types: TYPES,
    environments: GUARDED,
    at: "snapshotRetentionLimit",
    allowed: "1 day at least",
    ok: isAtLeast(1),
    broken: 0,
  }),
  property({
    id: "ElastiCache.2",
    title: "ElastiCache clusters should have automatic minor version upgrades enabled",
    severity: "high",
    types: TYPES,
    at: "autoMinorVersionUpgrade",
    allowed: "true",
    ok: isNotFalse,
    broken: false,
  }),
  property({
    id: "ElastiCache.3",
    title: "ElastiCache replication groups should have automatic failover enabled",
    severity: "medium",
    types: TYPES,
    environments: GUARDED,
    at: "automaticFailoverEnabled",
    allowed: "true",
    ok: isTrue,
    broken: false,
  }),
  property({
    id: "ElastiCache.4",
    title: "ElastiCache replication groups should be encrypted at rest",
    severity: "medium",
    types: TYPES,
    at: "atRestEncryptionEnabled",
    allowed: "true",
    ok: isTrue,
    broken: false,
  }),
  property({
    id: "ElastiCache.5",
    title: "ElastiCache replication groups should be encrypted in transit",
    severity: "medium",
    types: TYPES,
    at: "transitEncryptionEnabled",
    allowed: "true",
    ok: isTrue,
    broken: false,
  }),
  each({
    id: "ElastiCache.6",
    title: "ElastiCache (Redis OSS) replication groups of earlier versions should have AUTH enabled",
    severity: "medium",
    types: TYPES,
    fault: ({ authToken, userGroupIds }) =>
      isGiven(authToken) || Array.isArray(userGroupIds)
        ? undefined
        : "found neither authToken nor userGroupIds; allowed: one of them",
    flip: (inputs) => put(put(inputs, "authToken", undefined), "userGroupIds", undefined),
  }),
  property({
    id: "ElastiCache.7",
    title: "ElastiCache clusters should not use the default subnet group",
    severity: "high",
    types: TYPES,
    at: "subnetGroupName",
    allowed: "a subnet group of the stack",
    ok: (value) => isGiven(value) && value !== "default",
    broken: "default",
  }),
];
