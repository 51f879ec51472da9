import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import { assumedByService } from "../cluster/assumeRole";

/** How long the snapshot from before a migration is kept, in days. */
export const SNAPSHOT_DAYS: Readonly<Record<Environment, number>> = { dev: 7, staging: 30, prod: 90 };

const DAY = 86_400_000;

export interface SnapshotArgs {
  app: string;
  environment: Environment;
  /** The version whose migration it is from before. */
  version: string;
  /** Identifier of the database instance. */
  database: pulumi.Input<string>;
  /** ISO time at which it is taken, if it is not there yet. */
  now: string;
  /** Of the role that deletes it when its time has come. */
  roleArn: pulumi.Input<string>;
}

/** What every identifier of a stack's snapshots begins with, and what the role may delete. */
const prefix = (app: string, environment: Environment): string => `${app}-${environment}-before-`;

/**
 * `voiceassist-prod-before-migrate-2-4-0-1f0c9a2b-20260301100000`: before which Job, and when.
 *
 * @param job the Job's name: lower-case letters, digits and single hyphens
 */
export const snapshotIdentifier = (
  job: string,
  { app, environment, now }: Pick<SnapshotArgs, "app" | "environment" | "now">,
): string =>
  `${prefix(app, environment)}${job}-${new Date(now).toISOString().replace(/\D/g, "").slice(0, 14)}`;

/**
 * The role by which EventBridge Scheduler deletes this stack's own snapshots. It stays while the stack does,
 * for a snapshot outlives the version that it was taken for.
 */
export function expiryRole(
  app: string,
  environment: Environment,
  opts: pulumi.CustomResourceOptions,
): aws.iam.Role {
  const name = `${app}-${environment}-snapshot-expiry`;
  const role = new aws.iam.Role(
    name,
    { assumeRolePolicy: assumedByService("scheduler.amazonaws.com") },
    opts,
  );
  const policy = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: "rds:DeleteDBSnapshot",
        Resource: `arn:aws:rds:*:*:snapshot:${prefix(app, environment)}*`,
      },
    ],
  };
  new aws.iam.RolePolicy(name, { role: role.name, policy: JSON.stringify(policy) }, opts);
  return role;
}

/**
 * The database as it was before a Job, which it is called after, and the schedule that deletes it when it has been
 * kept long enough: a tag alone would delete nothing.
 *
 * Its identifier has the time in it and is never changed once it is taken: a version that is released again
 * gets another snapshot, while the former one is still kept. Outside dev both stay when the version goes, and
 * when the stack does; then nobody is left to delete them, and `sluice:expires` says which may go.
 *
 * @returns what a migration waits for
 */
export function migrationSnapshot(
  name: string,
  args: SnapshotArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const { environment, version, now } = args;
  const expires = new Date(Date.parse(now) + SNAPSHOT_DAYS[environment] * DAY).toISOString().slice(0, 19);
  const kept = { ...opts, retainOnDelete: environment !== "dev" };
  const snapshot = new aws.rds.Snapshot(
    name,
    {
      dbInstanceIdentifier: args.database,
      dbSnapshotIdentifier: snapshotIdentifier(name, args),
      tags: { "sluice:version": version, "sluice:expires": `${expires}Z` },
    },
    // It is of then: neither a later time nor a database of another name makes another one of it.
    { ...kept, ignoreChanges: ["dbInstanceIdentifier", "dbSnapshotIdentifier", "tags"] },
  );
  const schedule = new aws.scheduler.Schedule(
    name,
    {
      description: `Deletes the snapshot from before version ${version}`,
      scheduleExpression: `at(${expires})`,
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: "arn:aws:scheduler:::aws-sdk:rds:deleteDBSnapshot",
        roleArn: args.roleArn,
        input: snapshot.dbSnapshotIdentifier.apply((identifier) =>
          JSON.stringify({ DbSnapshotIdentifier: identifier }),
        ),
      },
    },
    { ...kept, ignoreChanges: ["scheduleExpression"] },
  );
  return [snapshot, schedule];
}
