import { machineTime } from "../../../../../cloud/clock";
import { databaseAt, dropUsers, instanceAt, setPassword } from "../../../data/users";
import { CloudError } from "../../../faults";
import type { Held, World } from "../../../world";
import type { Values } from "../../behaviour";
import { capitals, hex, textOf, type Making, type Recipe } from "../recipe";
import { keepFinalSnapshot, refuseDeletion, SNAPSHOT, snapshotOf } from "./final-snapshot";
import { refuseInstance } from "./instance-rules";

/** A database's port when the program names none. */
const PORTS: Readonly<Record<string, number>> = { postgres: 5432, "aurora-postgresql": 5432 };

const HOST = "c9akciq32rgw";

/** RDS names nameless resources as Terraform's provider does. */
const named = (m: Making, property: string): string =>
  m.text(property) || `terraform-${machineTime().getTime()}${hex(8)}`;

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

const portOf = (m: Making, engine: string): number =>
  typeof m.inputs.port === "number" ? m.inputs.port : (PORTS[engine] ?? 3306);

/** A replica is as its source is, but for what it says itself. */
function instance(m: Making, id: string): Values {
  const source = m.text("replicateSourceDb") && instanceAt(m.world, m.text("replicateSourceDb"));
  const from = (source ? source.properties : {}) as Values;
  const engine = m.text("engine") || textOf(from.engine);
  const address = `${id}.${HOST}.${m.scope.region}.rds.amazonaws.com`;
  const port = typeof from.port === "number" ? from.port : portOf(m, engine);
  const version = m.text("engineVersion") || textOf(from.engineVersion) || "16.4";
  const resourceId = `db-${capitals(26)}`;
  return {
    address,
    endpoint: `${address}:${port}`,
    port,
    engine,
    hostedZoneId: "Z2R2ITUGPM61AM",
    resourceId,
    status: "available",
    availabilityZone: `${m.scope.region}a`,
    engineVersionActual: version.includes(".") ? version : `${version}.4`,
    engineVersion: version,
    ...Object.fromEntries(
      ["username", "dbName", "allocatedStorage", "kmsKeyId"]
        .filter((name) => from[name] !== undefined)
        .map((name) => [name, from[name]!]),
    ),
    ...(m.inputs.manageMasterUserPassword === true && { masterUserSecrets: [managedSecret(m)] }),
  };
}

const managedSecret = (m: Making): Values => ({
  kmsKeyId: m.arn("kms", `key/${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`),
  secretArn: m.arn("secretsmanager", `secret:rds!db-${hex(8)}-${capitals(6)}`),
  secretStatus: "active",
});

const INSTANCE = rds("DBInstance", "db", "identifier", "DBInstanceAlreadyExists", instance);

/** The master's password at its database follows the program's. */
function passwordFollows(m: Making, before: Values): Values {
  const { password, username } = { ...before, ...m.inputs };
  const database = databaseAt(m.world, textOf(before.address));
  if (database && typeof password === "string" && password !== before.password) {
    setPassword(m.world, database, textOf(username), password);
  }
  return {};
}

function instanceRemoved(held: Held, world: World): void {
  keepFinalSnapshot(held, world);
  dropUsers(world, held);
}

function clusterRefuseDelete({ id, properties }: Held): void {
  if (properties.deletionProtection !== true) return;
  throw new CloudError(
    "InvalidParameterCombination",
    `Cannot delete protected Cluster ${id}, please disable deletion protection and try again.`,
  );
}

/** Databases, and what they are made from. */
export const DATA: Readonly<Record<string, Recipe>> = {
  "aws:rds/instance:Instance": {
    ...INSTANCE,
    // The provider's id is the one that a renaming does not change, not the identifier.
    make: (m) => {
      const { id, outputs = {} } = INSTANCE.make(m);
      return { id: textOf(outputs.resourceId), outputs: { ...outputs, identifier: id } };
    },
    refuseWrite: refuseInstance,
    changed: passwordFollows,
    refuseDelete: refuseDeletion,
    removed: instanceRemoved,
  },
  "aws:rds/cluster:Cluster": {
    ...rds("DBCluster", "cluster", "clusterIdentifier", "DBClusterAlreadyExistsFault", (m, id) => ({
      endpoint: `${id}.cluster-${HOST}.${m.scope.region}.rds.amazonaws.com`,
      readerEndpoint: `${id}.cluster-ro-${HOST}.${m.scope.region}.rds.amazonaws.com`,
      clusterResourceId: `cluster-${capitals(26)}`,
      hostedZoneId: "Z2R2ITUGPM61AM",
      port: PORTS[m.text("engine")] ?? 3306,
    })),
    refuseDelete: clusterRefuseDelete,
  },
  "aws:rds/clusterInstance:ClusterInstance": INSTANCE,
  [SNAPSHOT]: {
    ...rds("DBSnapshot", "snapshot", "dbSnapshotIdentifier", "DBSnapshotAlreadyExists", (m) => ({
      dbSnapshotArn: m.arn("rds", `snapshot:${m.text("dbSnapshotIdentifier")}`),
      snapshotType: "manual",
      ...snapshotOf(instanceAt(m.world, m.text("dbInstanceIdentifier"))),
    })),
    refuseWrite: (m) => {
      const id = m.text("dbInstanceIdentifier");
      const found = instanceAt(m.world, id)?.properties.identifier === id;
      if (found || m.world.get("aws:rds/clusterInstance:ClusterInstance", id)) return;
      throw new CloudError("DBInstanceNotFound", `DBInstance ${id} not found.`);
    },
  },
  "aws:rds/snapshotCopy:SnapshotCopy": rds(
    "DBSnapshot",
    "snapshot",
    "targetDbSnapshotIdentifier",
    "DBSnapshotAlreadyExists",
    (m) => ({
      dbSnapshotArn: m.arn("rds", `snapshot:${m.text("targetDbSnapshotIdentifier")}`),
      snapshotType: "manual",
    }),
  ),
  "aws:rds/subnetGroup:SubnetGroup": rds(
    "DBSubnetGroup",
    "subgrp",
    "name",
    "DBSubnetGroupAlreadyExists",
    () => ({ supportedNetworkTypes: ["IPV4"] }),
  ),
  "aws:rds/parameterGroup:ParameterGroup": rds(
    "DBParameterGroup",
    "pg",
    "name",
    "DBParameterGroupAlreadyExists",
    () => ({}),
  ),
};
