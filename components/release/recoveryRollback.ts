import type * as pulumi from "@pulumi/pulumi";
import { type Migrating, isUndone, undone } from "../../model/evolution";
import type { Downgrade } from "../../model/recovery";
import {
  COMMAND,
  DEADLINE_SECONDS,
  type DatabaseJobsContext,
  migratingImage,
  serviceOf,
  variablesOf,
} from "./migration";
import { databaseJob, jobName } from "./migrationJob";
import { migrationSnapshot } from "./migrationSnapshot";

export interface RollbackArgs extends DatabaseJobsContext {
  database: { identifier: pulumi.Input<string> };
  /** What a Job needs beside `ready`: its identity. */
  account: pulumi.Resource;
  expiryRoleArn: pulumi.Input<string>;
  /** ISO time; a snapshot that this update takes is called by it. */
  now: string;
}

/**
 * Undoes a version's migration with that version's own image, for no older one knows the revision; before it
 * a snapshot, because what a downgrade drops is gone.
 *
 * @throws Error where the colour has no migration, which no permitted transition asks for
 */
export function rollback(
  downgrade: Downgrade,
  args: RollbackArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const { app, environment, release, from, recovery, now, expiryRoleArn: roleArn, tells } = args;
  const { colour, to } = downgrade;
  const { version, migration } = release[colour];
  if (version === undefined || !migration) throw new Error(`${colour} has no migration that could be undone`);
  const migrating: Migrating = { ...release[colour], colour, version, migration };
  const image = migratingImage(migrating, args);
  const name = jobName("rollback", version, [migration, image, to]);
  const snapshot = migrationSnapshot(
    name,
    { app, environment, version, database: args.database.identifier, now, roleArn },
    opts,
  );
  return databaseJob(
    {
      name,
      kind: "rollback",
      app,
      version,
      namespace: args.namespace,
      image,
      command: downgradeCommand(migration.command ?? COMMAND, to),
      env: variablesOf(migrating),
      memory: args.services[serviceOf(migrating, args.services)]?.memory ?? "512Mi",
      deadlineSeconds: migration.deadlineSeconds ?? DEADLINE_SECONDS,
      leaves: undone(release, downgrade),
    },
    {
      ...opts,
      tells,
      dependsOn: [...snapshot, args.account, ...args.ready],
      ignoreChanges: isUndone({ from, to: release, recovery })
        ? ["metadata.labels", "metadata.annotations", "spec"]
        : [],
    },
  );
}

/** `alembic -c db.ini upgrade head` is undone by `alembic -c db.ini downgrade <revision>`. */
export function downgradeCommand(command: readonly string[], revision: string): string[] {
  const verb = command.indexOf("upgrade");
  const tool = verb > 0 ? command.slice(0, verb) : ["alembic"];
  return [...tool, "downgrade", revision];
}
