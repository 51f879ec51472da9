import assert from "node:assert/strict";
import * as fc from "fast-check";
import { BACKENDS, type DatabaseSettings } from "../../model/backends";
import { ENVIRONMENTS, type Environment } from "../../model/environments";
import { AWS } from "../../rehearsal/cloud/facts/facts";
import { INSTANCE, KEY_ARN, database, waitedFor } from "./databaseFixture";
import { assertIncludes, known } from "./mocks";

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

const primaryOf = async (environment: Environment, changed: Partial<DatabaseSettings> = {}) =>
  (await database(environment, changed)).mocks.find(INSTANCE, `shop-app-${environment}`);

/** An input of the primary in dev, staging and prod; one after the other, for mocks are global. */
async function inEach(input: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const environment of ENVIRONMENTS) found.push((await primaryOf(environment))[input]);
  return found;
}

describe("an instance of the database", () => {
  it("has the sizes of its settings", async () => {
    for (const environment of ENVIRONMENTS) {
      const { instanceClass, storageGb, maxStorageGb, multiAz, backupDays } = BACKENDS[environment].database;
      assertIncludes(await primaryOf(environment), {
        instanceClass,
        allocatedStorage: storageGb,
        maxAllocatedStorage: maxStorageGb,
        multiAz,
        backupRetentionPeriod: backupDays,
        storageType: "gp3",
      });
    }
  });

  it("is encrypted with our key, in every environment and every instance", async () => {
    for (const environment of ENVIRONMENTS) {
      const { mocks } = await database(environment, { readReplicas: 1 });
      for (const name of mocks.names(INSTANCE))
        assertIncludes(mocks.find(INSTANCE, name), { storageEncrypted: true });
      assert.equal(mocks.find(INSTANCE, `shop-app-${environment}`)["kmsKeyId"], KEY_ARN);
    }
  });

  it("takes minor versions by itself and a major one never", async () => {
    for (const environment of ENVIRONMENTS) {
      const inputs = await primaryOf(environment);
      assert.match(inputs["engineVersion"] as string, /^\d+$/);
      assertIncludes(inputs, { autoMinorVersionUpgrade: true, allowMajorVersionUpgrade: false });
    }
  });

  it("cannot be deleted in prod, by AWS or by the engine, and changes there in its window", async () => {
    assert.deepEqual(await inEach("deletionProtection"), [false, false, true]);
    assert.deepEqual(await inEach("applyImmediately"), [true, true, false]);
    for (const environment of ENVIRONMENTS) {
      const { mocks, options } = await database(environment, { readReplicas: 2 });
      for (const name of mocks.names(INSTANCE))
        assert.equal(options(INSTANCE, name).protect, environment === "prod", name);
    }
  });

  it("leaves a last snapshot and its backups behind, but in dev nothing", async () => {
    assert.deepEqual(await inEach("skipFinalSnapshot"), [true, false, false]);
    assert.deepEqual(await inEach("deleteAutomatedBackups"), [true, false, false]);
    assert.deepEqual(await inEach("finalSnapshotIdentifier"), [
      undefined,
      "shop-app-staging-final-0a1b2c3d",
      "shop-app-prod-final-0a1b2c3d",
    ]);
    assert.deepEqual(await inEach("copyTagsToSnapshot"), [true, true, true]);
  });

  it("backs up and is maintained in windows that do not overlap", async () => {
    const { backupWindow, maintenanceWindow } = await primaryOf("prod");
    const minutes = (window: unknown) =>
      (window as string).split("-").map((at) => {
        const [hours, rest] = at.split(":").slice(-2).map(Number);
        return hours! * 60 + rest!;
      });
    const [backupFrom, backupTo] = minutes(backupWindow);
    const [maintenanceFrom, maintenanceTo] = minutes(maintenanceWindow);
    assert.ok(backupFrom! < backupTo! && maintenanceFrom! < maintenanceTo!);
    assert.ok(backupTo! < maintenanceFrom! || maintenanceTo! < backupFrom!);
  });

  it("measures its operating system, in prod more often, and its statements where people rely on it", async () => {
    assert.deepEqual(await inEach("monitoringInterval"), [60, 60, 15]);
    assert.deepEqual(await inEach("performanceInsightsEnabled"), [false, true, true]);
    assert.deepEqual(await inEach("performanceInsightsKmsKeyId"), [undefined, KEY_ARN, KEY_ARN]);
    const { mocks, options } = await database();
    const { monitoringRoleArn } = mocks.find(INSTANCE, "shop-app-dev");
    assert.equal(monitoringRoleArn, "arn:shop-app-dev-db-monitoring");
    const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment shop-app-dev-db-monitoring";
    assert.ok((await waitedFor(options(INSTANCE, "shop-app-dev"))).includes(attachment));
  });

  it("writes its logs into groups of ours, which are there first, encrypted and not for ever", async () => {
    const days: unknown[] = [];
    for (const environment of ENVIRONMENTS) {
      const { mocks, options } = await database(environment, { readReplicas: 1 });
      for (const name of [`shop-app-${environment}`, `shop-app-${environment}-replica-1`]) {
        const exported = mocks.find(INSTANCE, name)["enabledCloudwatchLogsExports"] as string[];
        assert.deepEqual(exported, ["postgresql", "upgrade"]);
        for (const log of exported) {
          const group = mocks.find(LOG_GROUP, `${name}-${log}`);
          assertIncludes(group, { name: `/aws/rds/instance/${name}/${log}`, kmsKeyId: KEY_ARN });
          assert.ok((await waitedFor(options(INSTANCE, name))).includes(`${LOG_GROUP} ${name}-${log}`));
        }
      }
      days.push(mocks.find(LOG_GROUP, `shop-app-${environment}-postgresql`)["retentionInDays"]);
    }
    assert.deepEqual(days, [14, 90, 365]);
  });

  it("has the replicas that it is asked for, and tells where they are", async () => {
    for (const environment of ENVIRONMENTS) {
      const { mocks, component } = await database(environment);
      const { readReplicas } = BACKENDS[environment].database;
      const expected = Array.from(
        { length: readReplicas },
        (_, i) => `shop-app-${environment}-replica-${i + 1}`,
      );
      assert.deepEqual(mocks.names(INSTANCE), [`shop-app-${environment}`, ...expected]);
      assert.deepEqual(
        await Promise.all(component.readerAddresses.map(known)),
        expected.map((name) => `${name}.rds.example.com`),
      );
    }
  });

  it("gives a replica what it has of its own, and nothing that AWS takes from the primary", async () => {
    const inputs = (await database("prod")).mocks.find(INSTANCE, "shop-app-prod-replica-2");
    assertIncludes(inputs, {
      replicateSourceDb: "shop-app-prod",
      instanceClass: BACKENDS.prod.database.instanceClass,
      parameterGroupName: "shop-app-prod-postgres16",
      vpcSecurityGroupIds: ["shop-app-prod-database-id"],
      monitoringInterval: 15,
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: KEY_ARN,
      deletionProtection: true,
      publiclyAccessible: false,
      skipFinalSnapshot: true,
      multiAz: false,
    });
    assert.ok((inputs["backupRetentionPeriod"] as number) > 0);
    const inherited =
      "engine engineVersion username password dbName kmsKeyId dbSubnetGroupName allocatedStorage";
    for (const input of [...inherited.split(" "), "finalSnapshotIdentifier"])
      assert.equal(inputs[input], undefined, input);
  });

  it("leaves the other replicas as they are when one is added", async () => {
    const two = (await database("prod", { readReplicas: 2 })).mocks;
    const three = (await database("prod", { readReplicas: 3 })).mocks;
    for (const name of two.names(INSTANCE))
      assert.deepEqual(withoutOutputs(two.find(INSTANCE, name)), withoutOutputs(three.find(INSTANCE, name)));
  });

  it("is never replaced by a setting", async () => {
    const facts = AWS.types[INSTANCE]!.inputs;
    const fixed = Object.keys(facts).filter((input) => facts[input]!.replace);
    for (const input of ["dbName", "username", "kmsKeyId", "engine", "storageEncrypted"])
      assert.ok(fixed.includes(input), `${input} is known to replace`);
    const named = [...fixed, "identifier", "dbSubnetGroupName", "engineVersion", "port"];
    const unmoved = (inputs: Record<string, unknown>) => named.map((input) => [input, inputs[input]]);
    const before = unmoved(await primaryOf("prod"));
    const settings = fc.record({
      instanceClass: fc.constantFrom("db.t4g.medium", "db.m7g.large", "db.r7g.16xlarge"),
      storageGb: fc.integer({ min: 20, max: 60_000 }),
      maxStorageGb: fc.integer({ min: 20, max: 60_000 }),
      multiAz: fc.boolean(),
      readReplicas: fc.integer({ min: 0, max: 3 }),
      backupDays: fc.integer({ min: 1, max: 35 }),
    });
    await fc.assert(
      fc.asyncProperty(settings, async (changed) => {
        assert.deepEqual(unmoved(await primaryOf("prod", changed)), before);
      }),
      { numRuns: 10 },
    );
  });
});

const withoutOutputs = (inputs: object): unknown => JSON.parse(JSON.stringify(inputs));
