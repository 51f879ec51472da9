import { CloudError } from "../../../faults";
import type { Held, World } from "../../../world";
import type { Values } from "../../behaviour";
import { hex, objects, textOf, type Making, type Recipe } from "../recipe";

function replicationGroup(m: Making): { id: string; outputs: Values } {
  const id = m.text("replicationGroupId");
  const host = (kind: string): string => `${kind}.${id}.${hex(6)}.use1.cache.amazonaws.com`;
  const sharded = m.inputs.numNodeGroups !== undefined;
  const shards = Number(m.inputs.numNodeGroups ?? 1);
  const count = sharded
    ? Number(m.inputs.replicasPerNodeGroup ?? 0) + 1
    : Number(m.inputs.numCacheClusters ?? 1);
  return {
    id,
    outputs: {
      arn: m.arn("elasticache", `replicationgroup:${id}`),
      // With cluster mode there is one endpoint for all, without it one for writes and one for reads.
      primaryEndpointAddress: sharded ? "" : host("master"),
      readerEndpointAddress: sharded ? "" : host("replica"),
      configurationEndpointAddress: sharded ? host("clustercfg") : "",
      engineVersionActual: m.text("engineVersion") || "7.1.0",
      engineVersion: "7.1",
      memberClusters: members(id, shards, count),
      numCacheClusters: sharded ? shards * count : count,
      numNodeGroups: shards,
      replicasPerNodeGroup: count - 1,
      clusterMode: sharded ? "enabled" : "disabled",
      clusterEnabled: sharded,
    },
  };
}

const members = (id: string, shards: number, nodes: number): string[] =>
  Array.from({ length: shards }, (_, shard) =>
    Array.from({ length: nodes }, (_, node) => {
      const number = String(node + 1).padStart(3, "0");
      return shards === 1 ? `${id}-${number}` : `${id}-${String(shard + 1).padStart(4, "0")}-${number}`;
    }),
  ).flat();

/** No type of Pulumi's: what is left of a group that asked for a final snapshot. */
const CACHE_SNAPSHOT = "aws:elasticache/snapshot:Snapshot";

const PRINTABLE = /^[A-Za-z0-9!&#$^<>-]{16,128}$/;

/** What ElastiCache refuses of a group that its schema accepts. */
function refuseGroup(m: Making): void {
  const token = m.text("authToken");
  if (token && !PRINTABLE.test(token)) {
    throw new CloudError(
      "InvalidParameterValue",
      "Invalid AuthToken provided. An auth token has 16 to 128 letters, digits and the characters ! & # $ ^ < > -",
    );
  }
  const sharded = m.inputs.numNodeGroups !== undefined;
  if (sharded && m.inputs.automaticFailoverEnabled !== true) {
    throw new CloudError(
      "InvalidParameterCombination",
      "Redis with cluster mode enabled cannot be created with auto failover turned off.",
    );
  }
  if (
    sharded &&
    m.text("parameterGroupName").startsWith("default.") &&
    !m.text("parameterGroupName").endsWith(".cluster.on")
  ) {
    throw new CloudError(
      "InvalidParameterCombination",
      `Parameter group ${m.text("parameterGroupName")} is not of cluster mode, which ${m.inputs.numNodeGroups as number} node groups need.`,
    );
  }
  const group = m.world.get("aws:elasticache/parameterGroup:ParameterGroup", m.text("parameterGroupName"));
  if (sharded && group && !clusterEnabled(group.properties)) {
    throw new CloudError(
      "InvalidParameterCombination",
      `Parameter group ${group.id} has cluster-enabled off, which node groups need.`,
    );
  }
}

const clusterEnabled = ({ parameters }: Record<string, unknown>): boolean =>
  objects(parameters as Values[string]).some(
    ({ name, value }) => name === "cluster-enabled" && value === "yes",
  );

/** A name that must be given is refused when it is taken; the snapshot outlives its group. */
function keepFinalSnapshot({ properties }: Held, world: World): void {
  const { finalSnapshotIdentifier: name } = properties;
  if (typeof name === "string" && name !== "") world.put({ type: CACHE_SNAPSHOT, id: name, properties: {} });
}

function refuseTakenSnapshot({ properties }: Held, world: World): void {
  const { finalSnapshotIdentifier: name } = properties;
  if (typeof name === "string" && world.get(CACHE_SNAPSHOT, name)) {
    throw new CloudError(
      "SnapshotAlreadyExistsFault",
      `Snapshot with specified name ${name} already exists.`,
    );
  }
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

/** Caches. */
export const CACHE: Readonly<Record<string, Recipe>> = {
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    ...elasticache("ReplicationGroup", "replicationgroup"),
    make: replicationGroup,
    refuseWrite: refuseGroup,
    refuseDelete: refuseTakenSnapshot,
    removed: keepFinalSnapshot,
    identity: {
      by: ["replicationGroupId"],
      code: "ReplicationGroupAlreadyExists",
      message: (v) => `Replication group ${textOf(v.replicationGroupId)} already exists`,
    },
  },
  "aws:elasticache/subnetGroup:SubnetGroup": elasticache("CacheSubnetGroup", "subnetgroup"),
  "aws:elasticache/parameterGroup:ParameterGroup": elasticache("CacheParameterGroup", "parametergroup"),
  "aws:elasticache/user:User": {
    ...elasticache("User", "user"),
    make: (m) => ({
      id: m.text("userId"),
      outputs: { arn: m.arn("elasticache", `user:${m.text("userId")}`) },
    }),
    identity: {
      by: ["userId"],
      code: "UserAlreadyExists",
      message: (v) => `User ${textOf(v.userId)} already exists.`,
    },
  },
  "aws:elasticache/userGroup:UserGroup": {
    ...elasticache("UserGroup", "usergroup"),
    make: (m) => ({
      id: m.text("userGroupId"),
      outputs: { arn: m.arn("elasticache", `usergroup:${m.text("userGroupId")}`) },
    }),
    identity: {
      by: ["userGroupId"],
      code: "UserGroupAlreadyExists",
      message: (v) => `User Group ${textOf(v.userGroupId)} already exists.`,
    },
  },
};
