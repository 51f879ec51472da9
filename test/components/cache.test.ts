import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Cache } from "../../components/backends/cache";
import { BACKENDS, type CacheSettings } from "../../model/backends";
import { ENVIRONMENTS, type Environment } from "../../model/environments";
import { KEY_ARN, key, registered, revealed } from "./backendsFixture";
import { assertIncludes, known } from "./mocks";

const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
const PARAMETERS = "aws:elasticache/parameterGroup:ParameterGroup";
const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
const LOGS = "aws:cloudwatch/logGroup:LogGroup";
const NAME = "app-cache";

async function made(environment: Environment = "dev", changed: Partial<CacheSettings> = {}) {
  const found = await registered(
    (opts) =>
      new Cache(
        "cache",
        {
          name: "app",
          environment,
          settings: { ...BACKENDS[environment].cache, ...changed },
          network: {
            vpcId: pulumi.output("vpc-1"),
            privateSubnetIds: pulumi.output(["subnet-3", "subnet-4"]),
          },
          key,
          clientSecurityGroupId: "sg-pods",
        },
        opts,
      ),
  );
  return { ...found, group: found.mocks.find(GROUP, NAME) };
}

describe("Cache", () => {
  it("has one node in dev, a replica in staging, and shards with replicas in prod", async () => {
    const sizes: unknown[] = [];
    for (const environment of ENVIRONMENTS) {
      const { group } = await made(environment);
      const { clusterMode, numCacheClusters, numNodeGroups, replicasPerNodeGroup } = group;
      sizes.push({ clusterMode, numCacheClusters, numNodeGroups, replicasPerNodeGroup });
    }
    const none = { numNodeGroups: undefined, replicasPerNodeGroup: undefined };
    assert.deepEqual(sizes, [
      { clusterMode: "disabled", numCacheClusters: 1, ...none },
      { clusterMode: "disabled", numCacheClusters: 2, ...none },
      { clusterMode: "enabled", numCacheClusters: undefined, numNodeGroups: 2, replicasPerNodeGroup: 2 },
    ]);
  });

  it("fails over by itself, into another zone, wherever there is a replica", async () => {
    const ways: unknown[] = [];
    for (const environment of ENVIRONMENTS) {
      const { automaticFailoverEnabled, multiAzEnabled } = (await made(environment)).group;
      ways.push([automaticFailoverEnabled, multiAzEnabled]);
    }
    assert.deepEqual(ways, [
      [false, false],
      [true, true],
      [true, true],
    ]);
    const { group } = await made("dev", { shards: 2, replicas: 0 });
    assertIncludes(group, { automaticFailoverEnabled: true, multiAzEnabled: false });
  });

  it("is encrypted on its way, without exception, and at rest with the stack's key", async () => {
    assertIncludes((await made()).group, {
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      atRestEncryptionEnabled: true,
      kmsKeyId: KEY_ARN,
    });
  });

  it("asks for a token from the first moment, and leaves no way in without one", async () => {
    const { group, options } = await made();
    assert.equal(group["authTokenUpdateStrategy"], "SET");
    assert.equal(revealed(group["authToken"]), `password of ${NAME}`);
    assert.deepEqual(options(GROUP, NAME).ignoreChanges, ["authToken"], "a rotation is no diff");
  });

  it("makes a token that ElastiCache takes and a URL needs no escape for", async () => {
    const { mocks } = await made();
    const { length, special } = mocks.find("random:index/randomPassword:RandomPassword", NAME);
    assert.ok((length as number) >= 32 && (length as number) <= 128);
    assert.equal(special, false);
  });

  it("changes in place whatever the size is: nothing that AWS replaces for follows it", async () => {
    const pinned = async (changed: Partial<CacheSettings>) => {
      const { mocks, group } = await made("prod", changed);
      const { replicationGroupId, subnetGroupName, port, kmsKeyId, engine, engineVersion } = group;
      const { parameterGroupName } = group;
      return {
        ...{ replicationGroupId, subnetGroupName, port, kmsKeyId, engine, engineVersion, parameterGroupName },
        parameters: mocks.registered.filter(({ type }) => type === PARAMETERS),
        names: mocks.registered.map(({ type, name }) => `${type} ${name}`),
      };
    };
    const before = await pinned({});
    for (const changed of [
      { shards: 5 },
      { replicas: 1 },
      { nodeType: "cache.r7g.xlarge" },
      { snapshotDays: 3 },
    ]) {
      assert.deepEqual(await pinned(changed), before);
    }
  });

  it("has parameters of its own, for the mode that it is in, and evicts only what expires", async () => {
    const found: Record<string, unknown>[] = [];
    for (const environment of ["dev", "prod"] as const) {
      const { mocks, group } = await made(environment);
      const [name, ...others] = mocks.names(PARAMETERS);
      assert.deepEqual(others, []);
      assert.equal(group["parameterGroupName"], name);
      const { family, parameters } = mocks.find(PARAMETERS, name!);
      assert.equal(family, "redis7");
      found.push(
        Object.fromEntries((parameters as { name: string; value: string }[]).map((p) => [p.name, p.value])),
      );
    }
    assert.deepEqual(found, [
      { "cluster-enabled": "no", "maxmemory-policy": "volatile-lru" },
      { "cluster-enabled": "yes", "maxmemory-policy": "volatile-lru" },
    ]);
  });

  it("stands in private subnets and is reached by the pods alone", async () => {
    const { mocks, group } = await made();
    assert.deepEqual(mocks.find("aws:elasticache/subnetGroup:SubnetGroup", NAME)["subnetIds"], [
      "subnet-3",
      "subnet-4",
    ]);
    assert.deepEqual(group["securityGroupIds"], [`${NAME}-id`]);
    assert.deepEqual(mocks.names(INGRESS), [NAME]);
    assertIncludes(mocks.find(INGRESS, NAME), {
      securityGroupId: `${NAME}-id`,
      referencedSecurityGroupId: "sg-pods",
      ipProtocol: "tcp",
      fromPort: 6379,
      toPort: 6379,
    });
    const { ingress, egress } = mocks.find(SECURITY_GROUP, NAME);
    assert.deepEqual([ingress, egress], [undefined, undefined]);
  });

  it("is snapshotted daily outside dev, once more before it goes, and not while it is maintained", async () => {
    for (const environment of ENVIRONMENTS) {
      const { group } = await made(environment);
      assertIncludes(group, {
        snapshotRetentionLimit: BACKENDS[environment].cache.snapshotDays,
        snapshotWindow: "03:00-04:00",
        maintenanceWindow: "sun:05:00-sun:06:00",
        autoMinorVersionUpgrade: true,
        finalSnapshotIdentifier: environment === "dev" ? undefined : "app-final-0a1b2c3d",
      });
    }
  });

  it("waits for its window in prod, and for nothing elsewhere", async () => {
    const immediately: unknown[] = [];
    for (const environment of ENVIRONMENTS) {
      immediately.push((await made(environment)).group["applyImmediately"]);
    }
    assert.deepEqual(immediately, [true, true, false]);
  });

  it("keeps slow queries and the engine's log, encrypted, for a limited time", async () => {
    const { mocks, group } = await made();
    const logs = group["logDeliveryConfigurations"] as Record<string, string>[];
    assert.deepEqual(logs.map(({ logType }) => logType).sort(), ["engine-log", "slow-log"]);
    for (const { logType, destination, destinationType } of logs) {
      assert.equal(destinationType, "cloudwatch-logs");
      const log = mocks.find(LOGS, `${NAME}-${logType!}`);
      assertIncludes(log, { name: destination, kmsKeyId: KEY_ARN, retentionInDays: 14 });
    }
  });

  it("tells how it is reached in a secret, by the configuration endpoint in cluster mode", async () => {
    for (const [environment, address] of [
      ["dev", "primary.cache.example.com"],
      ["prod", "configuration.cache.example.com"],
    ] as const) {
      const { mocks, component, options } = await made(environment);
      assert.equal(await known(component.address), address);
      assert.equal(await known(component.secretArn), `arn:${NAME}`);
      assert.deepEqual(JSON.parse(revealed(mocks.find(VERSION, NAME)["secretString"])), {
        host: address,
        port: 6379,
        "auth-token": `password of ${NAME}`,
        url: `rediss://:password of ${NAME}@${address}:6379`,
      });
      assert.ok(options(VERSION, NAME).ignoreChanges?.includes("secretString"), "a rotation is no diff");
      assertIncludes(mocks.find(SECRET, NAME), {
        kmsKeyId: KEY_ARN,
        recoveryWindowInDays: environment === "dev" ? 0 : 30,
      });
    }
  });

  it("keeps group, token and secret from being deleted in prod, and nothing elsewhere", async () => {
    assert.deepEqual((await made("prod")).kept().sort(), [
      `RandomPassword ${NAME}`,
      `ReplicationGroup ${NAME}`,
      `Secret ${NAME}`,
      `SecretVersion ${NAME}`,
    ]);
    for (const environment of ["dev", "staging"] as const) {
      assert.deepEqual((await made(environment)).kept(), []);
    }
  });
});
