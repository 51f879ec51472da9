import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type RecoveryArgs, recoveryOf } from "../../components/release/recovery";
import { restoredName } from "../../components/release/recoveryRestore";
import { downgradeCommand } from "../../components/release/recoveryRollback";
import type { Recovery } from "../../model/recovery";
import type { Release } from "../../model/release";
import { at, recorded } from "../model/fixtures";
import { JOB, MIGRATION, RecordedOptions, SNAPSHOT, contextOf, migrating } from "./databaseJobs-fixture";
import { assertIncludes, assertSecret, record, settled } from "./mocks";

const INSTANCE = "aws:rds/instance:Instance";
const UNDO: Recovery = { downgrade: { colour: "green", to: "4e0b19" } };
const RESTORE: Recovery = {
  restore: { snapshot: "voiceassist-prod-before-migrate-2-4-0-1f0c9a2b-20260301100000" },
};
const SCHEMA = {
  revision: "5f1c2a",
  phase: "expand",
  serves: "2.3.1",
  version: "2.4.0",
  at: at(-60),
} as const;

async function made(
  recovery: Recovery | undefined,
  asked: Release = migrating(),
  more: Partial<RecoveryArgs> = {},
) {
  const mocks = record();
  const options = new RecordedOptions();
  const live = new aws.rds.Instance("live", {
    instanceClass: "db.m7g.xlarge",
    dbSubnetGroupName: "private",
    parameterGroupName: "force-ssl",
    kmsKeyId: "arn:key",
    multiAz: true,
    backupRetentionPeriod: 30,
    caCertIdentifier: "rds-ca-rsa2048-g1",
    monitoringInterval: 15,
    monitoringRoleArn: "arn:monitoring",
    enabledCloudwatchLogsExports: ["postgresql"],
  });
  const component = recoveryOf(
    "recovery",
    {
      ...contextOf(asked, { from: recorded(asked, { schema: SCHEMA }), recovery }),
      database: {
        instance: live,
        databaseName: "voiceassist",
        securityGroupId: pulumi.output("sg-database"),
        identifier: pulumi.output("voiceassist-prod"),
      },
      migrations: { account: live, expiryRoleArn: pulumi.output("arn:expiry") },
      region: "us-east-1",
      now: at(0),
      ...more,
    },
    { transformations: [options.transformation] },
  );
  await settled();
  return { mocks, options, component };
}

describe("a recovery", () => {
  it("is nothing where nothing is asked for", async () => {
    const { mocks, component } = await made(undefined);
    assert.equal(component, undefined);
    assert.deepEqual(
      mocks.registered.map(({ name }) => name),
      ["live"],
    );
  });

  it("undoes a migration with its own version's image, down to the declared revision", async () => {
    const { mocks, component } = await made(UNDO);
    const [name] = mocks.names(JOB);
    assert.match(name ?? "", /^rollback-2-4-0-[0-9a-f]{8}$/);
    assertIncludes(mocks.find(JOB, name!), {
      spec: {
        backoffLimit: 3,
        template: {
          spec: {
            restartPolicy: "Never",
            containers: {
              0: {
                image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/voiceassist-api-gateway:2.4.0",
                command: { 0: "alembic", 1: "downgrade", 2: "4e0b19" },
              },
            },
          },
        },
      },
    });
    assert.equal(component?.jobs.length, 1);
    assert.deepEqual(mocks.names(INSTANCE), ["live"]);
  });

  it("takes a snapshot before it undoes anything", async () => {
    const { mocks, options } = await made(UNDO);
    const [name] = mocks.names(JOB);
    assert.deepEqual(mocks.names(SNAPSHOT), [name]);
    assert.deepEqual((await options.before(JOB, name!)).sort(), ["live", name, name]);
  });

  it("says what schema it leaves behind: that of the version which stays", async () => {
    const { mocks } = await made(UNDO);
    const { annotations } = mocks.find(JOB, mocks.names(JOB)[0]!)["metadata"] as {
      annotations: Record<string, string>;
    };
    assert.deepEqual(JSON.parse(annotations["sluice/schema"]!), {
      revision: "4e0b19",
      phase: "expand",
      serves: "2.3.1",
      version: "2.3.1",
    });
  });

  it("runs its rollback once: when it has been, a change of this program does not run it again", async () => {
    const before = await made(UNDO);
    const [name] = before.mocks.names(JOB);
    assert.deepEqual(before.options.of(JOB, name!).ignoreChanges, []);
    const schema = { ...SCHEMA, revision: "4e0b19", version: "2.3.1" };
    const after = await made(UNDO, migrating(), { from: recorded(migrating(), { schema }) });
    assert.deepEqual(after.mocks.names(JOB), [name]);
    assert.ok((after.options.of(JOB, name!).ignoreChanges ?? []).includes("spec"));
  });

  it("goes down the way that the migration went up", () => {
    assert.deepEqual(downgradeCommand(["alembic", "upgrade", "head"], "r3"), ["alembic", "downgrade", "r3"]);
    assert.deepEqual(downgradeCommand(["alembic", "-c", "db.ini", "upgrade", "head"], "r3"), [
      ...["alembic", "-c", "db.ini", "downgrade", "r3"],
    ]);
    assert.deepEqual(downgradeCommand(["./migrate.sh"], "r3"), ["alembic", "downgrade", "r3"]);
  });

  it("is refused by the component too where there is nothing to undo", async () => {
    await assert.rejects(made(UNDO, migrating({ migration: undefined })), /no migration/);
  });

  it("brings a snapshot back beside the live database, protected like it and never public", async () => {
    const { mocks, options, component } = await made(RESTORE);
    const name = restoredName("voiceassist", "prod", RESTORE.restore!);
    assert.match(name, /^voiceassist-prod-restored-[0-9a-f]{8}$/);
    const found = mocks.find(INSTANCE, name);
    assertIncludes(found, {
      identifier: name,
      snapshotIdentifier: "voiceassist-prod-before-migrate-2-4-0-1f0c9a2b-20260301100000",
      dbSubnetGroupName: "private",
      parameterGroupName: "force-ssl",
      vpcSecurityGroupIds: { 0: "sg-database" },
      publiclyAccessible: false,
      storageEncrypted: true,
      deletionProtection: true,
      skipFinalSnapshot: false,
      multiAz: true,
      backupRetentionPeriod: 30,
    });
    // AWS takes these from the snapshot, and another value would replace the instance.
    for (const key of ["kmsKeyId", "dbName", "username", "engine"]) assert.ok(!(key in found), key);
    assert.deepEqual(component?.jobs, []);
    assert.ok(options.of(INSTANCE, name).ignoreChanges?.includes("snapshotIdentifier"));
  });

  it("leaves nothing behind of a restored database in dev", async () => {
    const { mocks } = await made(RESTORE, migrating(), { environment: "dev" });
    const name = restoredName("voiceassist", "dev", RESTORE.restore!);
    assertIncludes(mocks.find(INSTANCE, name), { deletionProtection: false, skipFinalSnapshot: true });
  });

  it("restores each snapshot under a name of its own", () => {
    const names = ["one", "two"].map((snapshot) => restoredName("a", "dev", { snapshot }));
    assert.notEqual(names[0], names[1]);
  });

  it("checks the restored database, and not the live one, as its administrator over verified TLS", async () => {
    const { mocks, options } = await made({ restore: { ...RESTORE.restore!, revision: MIGRATION.revision } });
    const [name] = mocks.names(JOB);
    const restored = restoredName("voiceassist", "prod", RESTORE.restore!);
    const { spec } = mocks.find(JOB, name!) as { spec: { template: { spec: { containers: object[] } } } };
    const [container] = spec.template.spec.containers as { env: { name: string; value?: string }[] }[];
    const value = (variable: string) => container!.env.find((one) => one.name === variable)?.value;
    assert.equal(value("PGSSLMODE"), "verify-full");
    assert.equal(value("OWNER"), "voiceassist_owner");
    assert.equal(value("REVISION"), "5f1c2a");
    assert.equal(value("PGPASSWORD"), undefined);
    assert.ok((await options.before(JOB, name!)).includes(restored));
    const { stringData } = mocks.find("kubernetes:core/v1:Secret", name!);
    // The mocks compute no password; that it is kept as a secret shows all the same.
    assertSecret(stringData, {});
  });

  it("gives the integrity check its scripts", async () => {
    const { mocks } = await made(RESTORE);
    const { data } = mocks.find("kubernetes:core/v1:ConfigMap", mocks.names(JOB)[0]!) as {
      data: Record<string, string>;
    };
    assert.match(data["recoveryCheck.sql"]!, /NOT convalidated/);
    assert.match(data["recoveryCheck.sh"]!, /pg_amcheck/);
    assert.match(data["rds-ca.pem"]!, /BEGIN CERTIFICATE/);
  });
});
