import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Migrations, type MigrationsArgs } from "../../components/release/migration";
import { jobName, whereLogsAre } from "../../components/release/migrationJob";
import { SNAPSHOT_DAYS, snapshotIdentifier } from "../../components/release/migrationSnapshot";
import type { Release } from "../../model/release";
import { at, recorded } from "../model/fixtures";
import {
  JOB,
  MIGRATION,
  RecordedOptions,
  SCHEDULE,
  SNAPSHOT,
  contextOf,
  migrating,
} from "./databaseJobs-fixture";
import { assertIncludes, record, settled } from "./mocks";

interface Spec {
  backoffLimit: number;
  activeDeadlineSeconds: number;
  ttlSecondsAfterFinished?: number;
  template: {
    spec: { restartPolicy: string; containers: Record<string, unknown>[] } & Record<string, unknown>;
  };
}

async function made(asked: Release, changes: Partial<MigrationsArgs> = {}) {
  const mocks = record();
  const options = new RecordedOptions();
  const args = {
    ...contextOf(asked),
    database: { identifier: pulumi.output("voiceassist-prod") },
    now: at(0),
    ...changes,
  };
  const component = new Migrations("migrations", args, { transformations: [options.transformation] });
  await settled();
  const jobs = mocks.names(JOB);
  const spec = (name = jobs[0] ?? "") => mocks.find(JOB, name)["spec"] as Spec;
  return { mocks, options, component, jobs, spec };
}

const SCHEMA = {
  revision: "5f1c2a",
  phase: "expand",
  serves: "2.3.1",
  version: "2.4.0",
  at: at(-60),
} as const;

describe("Migrations", () => {
  it("has a Job as the deployment guide has it: the version's image, alembic upgrade head, no restart", async () => {
    const { jobs, spec, mocks } = await made(migrating());
    assert.equal(jobs.length, 1);
    assert.match(jobs[0]!, /^migrate-2-4-0-[0-9a-f]{8}$/);
    const { backoffLimit, activeDeadlineSeconds, ttlSecondsAfterFinished, template } = spec();
    assert.deepEqual([backoffLimit, activeDeadlineSeconds, ttlSecondsAfterFinished], [3, 900, undefined]);
    assert.equal(template.spec.restartPolicy, "Never");
    assertIncludes(template.spec.containers[0], {
      image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/voiceassist-api-gateway:2.4.0",
      command: ["alembic", "upgrade", "head"],
    });
    assertIncludes(mocks.find(JOB, jobs[0]!), {
      metadata: {
        name: jobs[0],
        namespace: "voiceassist",
        labels: { "app.kubernetes.io/component": "migration" },
        annotations: { "pulumi.com/replaceUnready": "true" },
      },
    });
  });

  it("takes the database's address from the Secret, whatever the colour's settings say", async () => {
    const settings = { DATABASE_URL: "postgresql://elsewhere", MODE: "a" };
    const { spec } = await made(migrating({ settings }));
    assert.deepEqual(spec().template.spec.containers[0]!["env"], [
      { name: "VERSION", value: "2.4.0" },
      { name: "MODE", value: "a" },
      { name: "DATABASE_URL", valueFrom: { secretKeyRef: { name: "db-credentials", key: "url" } } },
    ]);
  });

  it("runs the declared command of the declared service within the declared deadline", async () => {
    const migration = { ...MIGRATION, service: "storage", command: ["migrate"], deadlineSeconds: 60 };
    const { spec, jobs, options } = await made(migrating({ migration }));
    assertIncludes(spec().template.spec.containers[0], {
      image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/voiceassist-storage:2.4.0",
      command: ["migrate"],
    });
    assert.equal(spec().activeDeadlineSeconds, 60);
    assert.equal(options.of(JOB, jobs[0]!).customTimeouts?.create, "360s");
  });

  it("is hardened, and no Service selects its pods", async () => {
    const { spec, mocks, jobs } = await made(migrating());
    assertIncludes(spec().template.spec, {
      automountServiceAccountToken: false,
      serviceAccountName: "database-jobs",
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: {
        0: {
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          resources: { requests: { memory: "2Gi" }, limits: { memory: "2Gi" } },
        },
      },
    });
    const metadata = mocks.find(JOB, jobs[0]!)["metadata"] as { labels: Record<string, string> };
    assert.ok(!("app" in metadata.labels) && !("colour" in metadata.labels));
  });

  it("takes a snapshot first, and lets the colour's Deployments wait for the Job", async () => {
    const { options, jobs, mocks, component } = await made(migrating());
    const [name] = jobs;
    assert.deepEqual(mocks.names(SNAPSHOT), [name]);
    assertIncludes(mocks.find(SNAPSHOT, name!), {
      dbInstanceIdentifier: "voiceassist-prod",
      dbSnapshotIdentifier: `voiceassist-prod-before-${name}-20260301100000`,
      tags: { "sluice:version": "2.4.0", "sluice:expires": "2026-05-30T10:00:00Z" },
    });
    const before = await options.before(JOB, name!);
    assert.deepEqual(before.sort(), ["database-jobs", name, name]);
    assert.equal(component.jobs.green?.length, 1);
    assert.equal(component.jobs.blue, undefined);
  });

  it("waits for the database's users and credentials", async () => {
    record();
    const ready = [new pulumi.ComponentResource("test:index:Ready", "users")];
    const { options, jobs } = await made(migrating(), { ready });
    assert.ok((options.of(JOB, jobs[0]!).dependsOn as pulumi.Resource[]).includes(ready[0]!));
  });

  it("lets a snapshot expire by a schedule that may delete this stack's snapshots alone", async () => {
    const { mocks, jobs } = await made(migrating());
    assertIncludes(mocks.find(SCHEDULE, jobs[0]!), {
      scheduleExpression: "at(2026-05-30T10:00:00)",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: "arn:aws:scheduler:::aws-sdk:rds:deleteDBSnapshot",
        roleArn: "arn:voiceassist-prod-snapshot-expiry",
        input: JSON.stringify({ DbSnapshotIdentifier: `voiceassist-prod-before-${jobs[0]}-20260301100000` }),
      },
    });
    const { policy } = mocks.find("aws:iam/rolePolicy:RolePolicy", "voiceassist-prod-snapshot-expiry");
    const [statement] = (JSON.parse(policy as string) as { Statement: Record<string, string>[] }).Statement;
    assert.equal(statement!["Action"], "rds:DeleteDBSnapshot");
    assert.equal(statement!["Resource"], "arn:aws:rds:*:*:snapshot:voiceassist-prod-before-*");
    assert.equal(SNAPSHOT_DAYS.prod, 90);
  });

  it("keeps a snapshot that is taken: no later update renames it, and outside dev nothing deletes it", async () => {
    for (const [environment, retained] of [
      ["dev", false],
      ["staging", true],
      ["prod", true],
    ] as const) {
      const { options, jobs } = await made(migrating(), { environment });
      for (const type of [SNAPSHOT, SCHEDULE])
        assert.equal(options.of(type, jobs[0]!).retainOnDelete, retained);
      assert.deepEqual(options.of(SNAPSHOT, jobs[0]!).ignoreChanges, [
        "dbInstanceIdentifier",
        "dbSnapshotIdentifier",
        "tags",
      ]);
      assert.deepEqual(options.of(SCHEDULE, jobs[0]!).ignoreChanges, ["scheduleExpression"]);
    }
  });

  it("calls snapshots as RDS has it, each time by another name", () => {
    const identifier = (job: string, now: string) =>
      snapshotIdentifier(job, { app: "a", environment: "dev", now });
    for (const version of ["2.4.0", "v2.4.0-rc.1", "2.4.0--x"]) {
      assert.match(identifier(jobName("migrate", version, []), at(0)), /^[A-Za-z](-?[A-Za-z0-9])*$/);
    }
    const [one, other] = [jobName("migrate", "2.4.0", [1]), jobName("migrate", "2.4.0", [2])];
    assert.equal(new Set([identifier(one, at(0)), identifier(one, at(1)), identifier(other, at(0))]).size, 3);
  });

  it("is called by what it does: another image, command or revision is another Job", async () => {
    const names = new Set<string>();
    const releases = [
      migrating(),
      migrating({ version: "2.4.1" }),
      migrating({ images: { "api-gateway": "registry.example.com/api:1" } }),
      migrating({ migration: { ...MIGRATION, revision: "6a" } }),
      migrating({ migration: { ...MIGRATION, command: ["migrate"] } }),
      migrating({ migration: { ...MIGRATION, deadlineSeconds: 60 } }),
    ];
    for (const asked of releases) names.add((await made(asked)).jobs[0]!);
    assert.equal(names.size, releases.length);
    assert.ok(jobName("migrate", "a".repeat(63), []).length <= 63);
  });

  it("is not touched by a shift, a promote or a change of this program once it has been", async () => {
    const first = await made(migrating());
    assert.deepEqual(first.options.of(JOB, first.jobs[0]!).ignoreChanges, []);
    const from = recorded(migrating(), { schema: SCHEMA });
    const later = await made(migrating({}, { live: "green", traffic: { blue: 0, green: 100 } }), { from });
    assert.deepEqual(later.jobs, first.jobs);
    assert.deepEqual(later.options.of(JOB, later.jobs[0]!).ignoreChanges, ["metadata.labels", "spec"]);
    assert.deepEqual(
      later.mocks.find(JOB, later.jobs[0]!)["metadata"],
      first.mocks.find(JOB, first.jobs[0]!)["metadata"],
    );
  });

  it("takes what was mended where it has failed: nothing of it is kept", async () => {
    const from = recorded(migrating());
    const { options, jobs, spec } = await made(migrating({ settings: { MODE: "b" } }), { from });
    assert.deepEqual(options.of(JOB, jobs[0]!).ignoreChanges, []);
    assertIncludes(spec().template.spec.containers[0], { env: { 1: { name: "MODE", value: "b" } } });
  });

  it("has no Job for an older version on a newer schema, and one for two colours of one version", async () => {
    const old = { version: "2.3.1", migration: { ...MIGRATION, revision: "4e0b19", serves: "2.2.0" } };
    const from = recorded(migrating({}, { blue: old }), { schema: SCHEMA });
    assert.match((await made(migrating({}, { blue: old }), { from })).jobs.join(), /^migrate-2-4-0-\w+$/);
    assert.deepEqual((await made(migrating({}, { blue: old, green: {} }), { from })).jobs, []);
    const twice = await made(migrating({}, { blue: migrating().green }));
    assert.equal(twice.jobs.length, 1);
    assert.deepEqual(twice.component.jobs.blue, twice.component.jobs.green);
  });

  it("lets an older version wait for the newer one's Job where both are still to migrate", async () => {
    const old = { version: "2.3.1", migration: { ...MIGRATION, revision: "4e0b19", serves: "2.2.0" } };
    const { component, jobs } = await made(migrating({}, { blue: old }));
    assert.equal(jobs.length, 1);
    assert.deepEqual(component.jobs.blue, component.jobs.green);
    const from = recorded(migrating({}, { blue: old }), {
      schema: { ...SCHEMA, version: "2.3.1", revision: "4e0b19", serves: "2.2.0" },
    });
    assert.equal((await made(migrating({}, { blue: old }), { from })).component.jobs.blue, undefined);
  });

  it("says in the Job what schema it leaves behind, for whoever reads the state", async () => {
    const { mocks, jobs } = await made(migrating());
    const { annotations } = mocks.find(JOB, jobs[0]!)["metadata"] as { annotations: Record<string, string> };
    assert.deepEqual(JSON.parse(annotations["sluice/schema"]!), {
      revision: "5f1c2a",
      phase: "expand",
      serves: "2.3.1",
      version: "2.4.0",
    });
  });

  it("has neither Job nor snapshot without a migration, or where it is being undone", async () => {
    const none = await made(migrating({ migration: undefined }));
    assert.deepEqual([none.jobs, none.mocks.names(SNAPSHOT)], [[], []]);
    const recovery = { downgrade: { colour: "green", to: "4e0b19" } } as const;
    assert.deepEqual((await made(migrating(), { recovery })).jobs, []);
  });
});

describe("the message of a Job that failed", () => {
  it("says where its logs are and what to do", () => {
    const message = whereLogsAre("voiceassist", { name: "migrate-2-4-0-0a1b2c3d", errors: [] });
    assert.match(message, /kubectl logs -n voiceassist job\/migrate-2-4-0-0a1b2c3d/);
    assert.match(message, /run pulumi up again/);
  });
});
