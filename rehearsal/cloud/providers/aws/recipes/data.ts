import { CloudError } from "../../../faults";
import type { Held } from "../../../world";
import type { Values } from "../../behaviour";
import { capitals, hex, textOf, type Making, type Recipe } from "../recipe";

/** A database's port when the program names none. */
const PORTS: Readonly<Record<string, number>> = {
  postgres: 5432,
  "aurora-postgresql": 5432,
  redis: 6379,
  valkey: 6379,
};

const HOST = "c9akciq32rgw";

/** RDS names nameless resources as Terraform's provider does. */
const named = (m: Making, property: string): string => m.text(property) || `terraform-${Date.now()}${hex(8)}`;

const protectedFromDeletion =
  (noun: string) =>
  ({ id, properties }: Held): void => {
    if (properties.deletionProtection !== true) return;
    throw new CloudError(
      "InvalidParameterCombination",
      `Cannot delete protected ${noun} ${id}, please disable deletion protection and try again.`,
    );
  };

function rds(
  noun: string,
  kind: string,
  property: string,
  code: string,
  outputs: (m: Making, id: string) => Values,
): Recipe {
  return {
    service: "RDS",
    operations: [`Create${noun}`, `Modify${noun}`, `Delete${noun}`],
    notFound: `${noun}NotFound`,
    make: (m) => {
      const id = named(m, property);
      return { id, outputs: { arn: m.arn("rds", `${kind}:${id}`), [property]: id, ...outputs(m, id) } };
    },
    identity: { by: [property], code, message: (v) => `${noun} already exists: ${textOf(v[property])}` },
  };
}

const instance = (m: Making, id: string): Values => {
  const address = `${id}.${HOST}.${m.scope.region}.rds.amazonaws.com`;
  const port = typeof m.inputs.port === "number" ? m.inputs.port : (PORTS[m.text("engine")] ?? 3306);
  return {
    address,
    endpoint: `${address}:${port}`,
    port,
    hostedZoneId: "Z2R2ITUGPM61AM",
    resourceId: `db-${capitals(26)}`,
    dbiResourceId: `db-${capitals(26)}`,
    status: "available",
    availabilityZone: `${m.scope.region}a`,
    engineVersionActual: m.text("engineVersion") || "16.4",
    engineVersion: "16.4",
    ...(m.inputs.manageMasterUserPassword === true && { masterUserSecrets: [managedSecret(m)] }),
  };
};

const managedSecret = (m: Making): Values => ({
  kmsKeyId: m.arn("kms", `key/${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`),
  secretArn: m.arn("secretsmanager", `secret:rds!db-${hex(8)}-${capitals(6)}`),
  secretStatus: "active",
});

function replicationGroup(m: Making): { id: string; outputs: Values } {
  const id = m.text("replicationGroupId");
  const host = (kind: string): string => `${kind}.${id}.${hex(6)}.use1.cache.amazonaws.com`;
  const count = Number(m.inputs.numCacheClusters ?? 1);
  return {
    id,
    outputs: {
      arn: m.arn("elasticache", `replicationgroup:${id}`),
      primaryEndpointAddress: host("master"),
      readerEndpointAddress: host("replica"),
      configurationEndpointAddress: m.inputs.numNodeGroups === undefined ? "" : host("clustercfg"),
      engineVersionActual: m.text("engineVersion") || "7.1.0",
      engineVersion: "7.1",
      memberClusters: Array.from({ length: count }, (_, i) => `${id}-${String(i + 1).padStart(3, "0")}`),
      numCacheClusters: count,
      clusterEnabled: m.inputs.numNodeGroups !== undefined,
    },
  };
}

function elasticache(noun: string, kind: string): Recipe {
  return {
    service: "ElastiCache",
    operations: [`Create${noun}`, `Modify${noun}`, `Delete${noun}`],
    notFound: `${noun}NotFoundFault`,
    make: (m) => ({
      id: m.text("name"),
      outputs: { arn: m.arn("elasticache", `${kind}:${m.text("name")}`) },
    }),
    identity: {
      by: ["name"],
      code: `${noun}AlreadyExists`,
      message: (v) => `${noun} ${textOf(v.name)} already exists.`,
    },
  };
}

export const DATA: Readonly<Record<string, Recipe>> = {
  "aws:rds/instance:Instance": {
    ...rds("DBInstance", "db", "identifier", "DBInstanceAlreadyExists", instance),
    refuseWrite: (m) => {
      const source = m.world.get("aws:rds/instance:Instance", m.text("replicateSourceDb"));
      if (source?.properties.manageMasterUserPassword !== true) return;
      throw new CloudError(
        "InvalidDBInstanceState",
        `Read replicas can't be created from ${source.id}, whose master password is managed in Secrets Manager`,
      );
    },
    refuseDelete: protectedFromDeletion("DB Instance"),
  },
  "aws:rds/cluster:Cluster": {
    ...rds("DBCluster", "cluster", "clusterIdentifier", "DBClusterAlreadyExistsFault", (m, id) => ({
      endpoint: `${id}.cluster-${HOST}.${m.scope.region}.rds.amazonaws.com`,
      readerEndpoint: `${id}.cluster-ro-${HOST}.${m.scope.region}.rds.amazonaws.com`,
      clusterResourceId: `cluster-${capitals(26)}`,
      hostedZoneId: "Z2R2ITUGPM61AM",
      port: PORTS[m.text("engine")] ?? 3306,
    })),
    refuseDelete: protectedFromDeletion("DB Cluster"),
  },
  "aws:rds/clusterInstance:ClusterInstance": rds(
    "DBInstance",
    "db",
    "identifier",
    "DBInstanceAlreadyExists",
    instance,
  ),
  "aws:rds/snapshot:Snapshot": {
    ...rds("DBSnapshot", "snapshot", "dbSnapshotIdentifier", "DBSnapshotAlreadyExists", (m) => {
      const source = m.world.get("aws:rds/instance:Instance", m.text("dbInstanceIdentifier"));
      const copied = [
        "allocatedStorage",
        "engine",
        "engineVersion",
        "storageType",
        "availabilityZone",
        "port",
      ];
      const of = (name: string): Values[string] => (source?.properties as Values | undefined)?.[name] ?? "";
      return {
        dbSnapshotArn: m.arn("rds", `snapshot:${m.text("dbSnapshotIdentifier")}`),
        status: "available",
        snapshotType: "manual",
        encrypted: of("storageEncrypted") === true,
        ...Object.fromEntries(copied.filter((name) => of(name) !== "").map((name) => [name, of(name)])),
      };
    }),
    refuseWrite: (m) => {
      const id = m.text("dbInstanceIdentifier");
      if (
        m.world.get("aws:rds/instance:Instance", id) ||
        m.world.get("aws:rds/clusterInstance:ClusterInstance", id)
      )
        return;
      throw new CloudError("DBInstanceNotFound", `DBInstance ${id} not found.`);
    },
  },
  "aws:rds/subnetGroup:SubnetGroup": rds(
    "DBSubnetGroup",
    "subgrp",
    "name",
    "DBSubnetGroupAlreadyExists",
    () => ({
      supportedNetworkTypes: ["IPV4"],
    }),
  ),
  "aws:rds/parameterGroup:ParameterGroup": rds(
    "DBParameterGroup",
    "pg",
    "name",
    "DBParameterGroupAlreadyExists",
    () => ({}),
  ),
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    ...elasticache("ReplicationGroup", "replicationgroup"),
    make: replicationGroup,
    identity: {
      by: ["replicationGroupId"],
      code: "ReplicationGroupAlreadyExists",
      message: (v) => `Replication group ${textOf(v.replicationGroupId)} already exists`,
    },
  },
  "aws:elasticache/subnetGroup:SubnetGroup": elasticache("CacheSubnetGroup", "subnetgroup"),
  "aws:elasticache/parameterGroup:ParameterGroup": elasticache("CacheParameterGroup", "parametergroup"),
};
