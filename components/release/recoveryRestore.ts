import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Environment } from "../../model/environments";
import { hashOf } from "../../model/names";
import type { Restore } from "../../model/recovery";
import type { Database } from "../backends/database";
import { databaseAuthorities } from "../backends/databaseAuthorities";
import { instanceLogs } from "../backends/databaseLogs";
import { DATABASE_PORT, MASTER_USERNAME, databaseOwner } from "../backends/databaseNames";
import { POSTGRES_IMAGE, POSTGRES_USER } from "../backends/postgresImage";
import type { DatabaseJobsContext } from "./migration";
import { databaseJob } from "./migrationJob";

/** The database that is live, after which the restored one is made. */
export type LiveDatabase = Pick<Database, "instance" | "databaseName" | "securityGroupId" | "identifier">;

export interface RestoreArgs extends Pick<
  DatabaseJobsContext,
  "app" | "environment" | "namespace" | "ready" | "tells"
> {
  database: LiveDatabase;
  /** What a Job needs beside `ready`: its identity. */
  account: pulumi.Resource;
  /** AWS region of the database. */
  region: string;
}

const FOLDER = "/etc/integrity-check";
const SCRIPTS = ["recoveryCheck.sh", "recoveryCheck.sql"] as const;
const AUTHORITIES = "rds-ca.pem";

/** Every row is read: six hours. */
const DEADLINE_SECONDS = 21_600;

const PASSWORD_LENGTH = 40;

/** `voiceassist-prod-restored-1f0c9a2b`: one for each snapshot. */
export const restoredName = (app: string, environment: Environment, { snapshot }: Restore): string =>
  `${app}-${environment}-restored-${hashOf(snapshot)}`;

/**
 * A database from a snapshot beside the live one, like it in everything that protects it, and the Job that
 * looks whether it is whole.
 *
 * Its administrator gets a password of its own: the snapshot's is not known any more once it was rotated.
 */
export function restored(
  restore: Restore,
  args: RestoreArgs,
  opts: pulumi.CustomResourceOptions,
): aws.rds.Instance {
  const name = restoredName(args.app, args.environment, restore);
  const password = new random.RandomPassword(name, { length: PASSWORD_LENGTH, special: false }, opts).result;
  const instance = restoredInstance(name, restore, password, args, opts);
  integrityCheck(name, restore, instance, password, args, opts);
  return instance;
}

/** Key, storage, name and engine are the snapshot's, so none is named here: AWS would replace the instance. */
function restoredInstance(
  name: string,
  { snapshot }: Restore,
  password: pulumi.Output<string>,
  { environment, database: { instance: live, securityGroupId } }: RestoreArgs,
  opts: pulumi.CustomResourceOptions,
): aws.rds.Instance {
  const kept = environment !== "dev";
  return new aws.rds.Instance(
    name,
    {
      identifier: name,
      snapshotIdentifier: snapshot,
      password,
      instanceClass: live.instanceClass,
      storageType: "gp3",
      storageEncrypted: true,
      multiAz: live.multiAz,
      port: DATABASE_PORT,
      dbSubnetGroupName: live.dbSubnetGroupName,
      parameterGroupName: live.parameterGroupName,
      vpcSecurityGroupIds: [securityGroupId],
      publiclyAccessible: false,
      caCertIdentifier: live.caCertIdentifier,
      iamDatabaseAuthenticationEnabled: true,
      autoMinorVersionUpgrade: true,
      copyTagsToSnapshot: true,
      backupRetentionPeriod: live.backupRetentionPeriod,
      deletionProtection: environment === "prod",
      skipFinalSnapshot: !kept,
      ...(kept && { finalSnapshotIdentifier: `${name}-final` }),
      monitoringInterval: live.monitoringInterval.apply((seconds) => seconds ?? 0),
      monitoringRoleArn: live.monitoringRoleArn,
      enabledCloudwatchLogsExports: live.enabledCloudwatchLogsExports.apply((logs) => logs ?? []),
      applyImmediately: true,
      tags: { "sluice:restored-from": snapshot },
    },
    {
      ...opts,
      dependsOn: instanceLogs(name, { environment, key: { arn: live.kmsKeyId } }, opts),
      // What the live one becomes later, this one need not; and a restored one is never restored again.
      ignoreChanges: ["snapshotIdentifier", "instanceClass", "multiAz", "backupRetentionPeriod"],
    },
  );
}

function integrityCheck(
  name: string,
  restore: Restore,
  instance: aws.rds.Instance,
  password: pulumi.Output<string>,
  args: RestoreArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const { app, namespace } = args;
  const files = filesOf(args.region);
  const job = `integrity-${hashOf([restore, files])}`;
  const metadata = { name: job, namespace, labels: { "app.kubernetes.io/part-of": app } };
  const scripts = new k8s.core.v1.ConfigMap(job, { metadata, immutable: true, data: files }, opts);
  const secret = new k8s.core.v1.Secret(job, { metadata, stringData: { password } }, opts);
  const is = (variable: string, value: pulumi.Input<string>) => ({ name: variable, value });
  databaseJob(
    {
      name: job,
      kind: "integrity-check",
      app,
      namespace,
      image: POSTGRES_IMAGE,
      user: POSTGRES_USER,
      command: ["sh", `${FOLDER}/${SCRIPTS[0]}`],
      env: [
        is("PGHOST", instance.address),
        is("PGPORT", String(DATABASE_PORT)),
        is("PGDATABASE", args.database.databaseName),
        is("PGUSER", MASTER_USERNAME),
        { name: "PGPASSWORD", valueFrom: { secretKeyRef: { name: job, key: "password" } } },
        is("PGSSLMODE", "verify-full"),
        is("PGSSLROOTCERT", `${FOLDER}/${AUTHORITIES}`),
        is("PGCONNECT_TIMEOUT", "10"),
        is("OWNER", databaseOwner(app)),
        is("REVISION", restore.revision ?? ""),
      ],
      folders: [{ name: "scripts", path: FOLDER, configMap: scripts.metadata.name }],
      memory: "256Mi",
      deadlineSeconds: DEADLINE_SECONDS,
    },
    { ...opts, tells: args.tells, dependsOn: [instance, secret, args.account, ...args.ready] },
  );
}

const filesOf = (region: string): Record<string, string> => ({
  ...Object.fromEntries(SCRIPTS.map((script) => [script, readFileSync(join(__dirname, script), "utf8")])),
  [AUTHORITIES]: databaseAuthorities(region),
});
