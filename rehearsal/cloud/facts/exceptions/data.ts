import { each, replaces, changes, NO_SCHEMA, OTHER_NAME, type Exception } from "./exception";

/** Databases and caches. */
export const DATA: readonly Exception[] = [
  ...changes("aws:rds/instance:Instance", "identifier", "ModifyDBInstance renames in place"),
  ...replaces("aws:rds/clusterInstance:ClusterInstance", "clusterIdentifier engine", NO_SCHEMA),
  ...replaces("aws:rds/cluster:Cluster", "clusterIdentifier engine masterUsername", OTHER_NAME),
  ...replaces("aws:rds/instance:Instance", "engine username availabilityZone snapshotIdentifier", OTHER_NAME),
  ...changes("aws:rds/instance:Instance", "dbSubnetGroupName", "ModifyDBInstance moves it in place"),
  ...replaces("aws:rds/snapshot:Snapshot", "dbInstanceIdentifier dbSnapshotIdentifier", NO_SCHEMA),
  ...replaces("aws:elasticache/parameterGroup:ParameterGroup", "name family description", OTHER_NAME),
  ...replaces("aws:elasticache/subnetGroup:SubnetGroup", "name", OTHER_NAME),
  ...replaces("aws:elasticache/replicationGroup:ReplicationGroup", "subnetGroupName", OTHER_NAME),
  ...each(
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "replicationGroupId",
    { minLength: 1, maxLength: 40, pattern: "^[a-zA-Z](-?[a-zA-Z0-9])*$" },
    "ElastiCache API, CreateReplicationGroup.ReplicationGroupId",
  ),
];
