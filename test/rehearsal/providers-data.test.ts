import assert from "node:assert/strict";
import type { Values } from "../../rehearsal/cloud/providers/behaviour";
import { Cloud, text } from "./providers-fixture";

const INSTANCE = "aws:rds/instance:Instance";
const SNAPSHOT = "aws:rds/snapshot:Snapshot";
const CACHE = "aws:elasticache/replicationGroup:ReplicationGroup";

const primary = (more: Values = {}): Values => ({
  identifier: "db",
  instanceClass: "db.t4g.micro",
  engine: "postgres",
  engineVersion: "16",
  allocatedStorage: 20,
  username: "steward",
  password: "of-a-length",
  backupRetentionPeriod: 1,
  skipFinalSnapshot: true,
  ...more,
});
const replica = (more: Values = {}): Values => ({
  identifier: "copy",
  instanceClass: "db.t4g.micro",
  replicateSourceDb: "db",
  skipFinalSnapshot: true,
  ...more,
});

describe("databases of the local cloud", () => {
  let cloud: Cloud;
  beforeEach(() => (cloud = new Cloud()));

  const create = (news: Values) => cloud.create(INSTANCE, news);

  it("have an id that is not their identifier, as the provider has it", async () => {
    const { id, properties } = await create(primary());
    assert.match(id, /^db-[A-Z2-7]{26}$/);
    assert.equal(properties.identifier, "db");
    await cloud.update(INSTANCE, id, primary({ identifier: "renamed" }));
    assert.equal(cloud.world.get(INSTANCE, id)?.properties.identifier, "renamed");
  });

  it("make replicas of what has backups, named by identifier or ARN, with the source's user and database", async () => {
    await assert.rejects(create(replica()), /source instance could not be found: db/);
    const { id, properties } = await create(primary({ dbName: "app" }));
    await assert.rejects(create(replica({ replicateSourceDb: id })), /could not be found/);
    const made = await create(replica({ replicateSourceDb: text(properties, "arn") }));
    const { username, dbName, engine, port } = made.properties;
    assert.deepEqual([username, dbName, engine, port], ["steward", "app", "postgres", 5432]);
    await create(primary({ identifier: "bare", backupRetentionPeriod: 0 }));
    const bare = replica({ identifier: "copy-2", replicateSourceDb: "bare" });
    await assert.rejects(create(bare), /Automated backups are not enabled/);
  });

  it("want a user and a password that RDS takes", async () => {
    const { username: _, ...nobody } = primary();
    await assert.rejects(create(nobody), /MasterUsername must be provided/);
    const { password: __, ...open } = primary();
    await assert.rejects(create(open), /MasterUserPassword must be provided/);
    for (const password of [
      "short",
      "with@sign-in-it",
      "with/slash-in-it",
      'with"quote-in-it',
      "with blank in it",
    ])
      await assert.rejects(create(primary({ password })), /not a valid password/, password);
  });

  it("never shrink", async () => {
    const { id } = await create(primary());
    await assert.rejects(
      cloud.update(INSTANCE, id, primary({ allocatedStorage: 10 })),
      /cannot be less than/,
    );
    await cloud.update(INSTANCE, id, primary({ allocatedStorage: 40 }));
  });

  it("stay while they are protected", async () => {
    const { id } = await create(primary({ deletionProtection: true }));
    await assert.rejects(cloud.delete(INSTANCE, id), /Cannot delete protected DB Instance db/);
    await cloud.update(INSTANCE, id, primary());
    await cloud.delete(INSTANCE, id);
    assert.deepEqual(cloud.world.everything(), []);
  });

  it("leave their final snapshot behind, unless they skip it, and once only", async () => {
    const named = { skipFinalSnapshot: false, finalSnapshotIdentifier: "db-final" };
    const { id } = await create(primary(named));
    await cloud.delete(INSTANCE, id);
    const [left, ...more] = cloud.world.everything();
    assert.deepEqual([left?.type, left?.id, more], [SNAPSHOT, "db-final", []]);
    assert.equal(left?.properties.engine, "postgres");
    const again = await create(primary(named));
    await assert.rejects(
      cloud.delete(INSTANCE, again.id),
      /snapshot with the identifier db-final already exists/,
    );
  });

  it("have no final snapshot as replicas", async () => {
    await create(primary());
    const made = await create(replica({ skipFinalSnapshot: false, finalSnapshotIdentifier: "copy-final" }));
    await assert.rejects(cloud.delete(INSTANCE, made.id), /when deleting a read replica/);
  });

  it("are snapshotted by identifier, never twice under one name", async () => {
    const { id } = await create(primary());
    const snapshot = (dbInstanceIdentifier: string) =>
      cloud.create(SNAPSHOT, { dbInstanceIdentifier, dbSnapshotIdentifier: "before-1" });
    await assert.rejects(snapshot(id), /DBInstance db-\w+ not found/);
    await snapshot("db");
    await assert.rejects(snapshot("db"), /already exists: before-1/);
  });
});

describe("caches of the local cloud", () => {
  const cloud = new Cloud();
  const cache = (name: string, more: Values) =>
    cloud.create(CACHE, { replicationGroupId: name, description: "cache", ...more }, { name });

  it("have an endpoint for writes and one for reads, or one for all in cluster mode", async () => {
    const plain = (await cache("plain", { numCacheClusters: 2, automaticFailoverEnabled: true })).properties;
    assert.match(text(plain, "primaryEndpointAddress"), /^master\.plain\./);
    assert.deepEqual(plain.memberClusters, ["plain-001", "plain-002"]);
    const sharded = (
      await cache("sharded", { numNodeGroups: 2, replicasPerNodeGroup: 1, automaticFailoverEnabled: true })
    ).properties;
    assert.equal(sharded.primaryEndpointAddress, "");
    assert.match(text(sharded, "configurationEndpointAddress"), /^clustercfg\.sharded\./);
    assert.equal(sharded.numCacheClusters, 4);
    assert.deepEqual((sharded.memberClusters as string[])[3], "sharded-0002-002");
  });

  it("refuse what ElastiCache refuses", async () => {
    await assert.rejects(cache("a", { numNodeGroups: 2 }), /auto failover turned off/);
    const sharded = { numNodeGroups: 2, automaticFailoverEnabled: true };
    await assert.rejects(
      cache("b", { ...sharded, parameterGroupName: "default.redis7" }),
      /not of cluster mode/,
    );
    const token = { transitEncryptionEnabled: true, authToken: "with@characters-not-allowed" };
    await assert.rejects(cache("c", token), /Invalid AuthToken/);
    const faults = cloud.faultsOf(CACHE, { description: "x", numCacheClusters: 2, multiAzEnabled: true });
    assert.match(faults.join(), /Multi-AZ needs automaticFailoverEnabled/);
  });

  it("leave a final snapshot that was asked for, once only", async () => {
    const made = await cache("kept", { finalSnapshotIdentifier: "kept-final" });
    await cloud.delete(CACHE, made.id);
    assert.ok(cloud.world.everything().some(({ id }) => id === "kept-final"));
    const again = await cache("kept", { finalSnapshotIdentifier: "kept-final" });
    await assert.rejects(cloud.delete(CACHE, again.id), /kept-final already exists/);
  });
});
