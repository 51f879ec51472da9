import { UNKNOWN } from "../../behaviour";
import { atMostOne, fail, given, known, type Rule } from "./rule";

const replicationGroup: Rule = (values) => [
  fail(
    values.multiAzEnabled === true &&
      values.automaticFailoverEnabled !== true &&
      known(values.automaticFailoverEnabled ?? false),
    "multiAzEnabled",
    "found true; Multi-AZ needs automaticFailoverEnabled",
  ),
  fail(
    given(values, "authToken") &&
      values.transitEncryptionEnabled !== true &&
      values.transitEncryptionEnabled !== UNKNOWN,
    "authToken",
    "found one; an auth token needs transitEncryptionEnabled",
  ),
  fail(
    values.automaticFailoverEnabled === true &&
      !given(values, "numNodeGroups") &&
      values.numCacheClusters === 1,
    "numCacheClusters",
    "found 1; automatic failover needs at least 2",
  ),
  ...atMostOne("numCacheClusters", "numNodeGroups")(values),
];

const database: Rule = (values) => [
  fail(
    values.manageMasterUserPassword === true && given(values, "password"),
    "password",
    "found one beside manageMasterUserPassword; allowed: one of them",
  ),
  fail(
    values.manageMasterUserPassword === true && given(values, "replicateSourceDb"),
    "manageMasterUserPassword",
    "found true; a read replica has the password of its source",
  ),
  fail(
    values.skipFinalSnapshot !== true &&
      values.skipFinalSnapshot !== UNKNOWN &&
      !given(values, "finalSnapshotIdentifier"),
    "finalSnapshotIdentifier",
    "missing: it is required unless skipFinalSnapshot is true",
  ),
];

/** Databases and caches. */
export const DATA: Readonly<Record<string, readonly Rule[]>> = {
  "aws:elasticache/replicationGroup:ReplicationGroup": [replicationGroup],
  "aws:rds/instance:Instance": [database],
  "aws:rds/cluster:Cluster": [database],
};
