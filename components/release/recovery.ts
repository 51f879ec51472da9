import * as pulumi from "@pulumi/pulumi";
import type { DatabaseJobsContext, Migrations } from "./migration";
import { type LiveDatabase, restored } from "./recoveryRestore";
import { rollback } from "./recoveryRollback";

export interface RecoveryArgs extends DatabaseJobsContext {
  database: LiveDatabase;
  migrations: Pick<Migrations, "account" | "expiryRoleArn">;
  /** AWS region of the database. */
  region: string;
  /** ISO time; a snapshot that this update takes is called by it. */
  now: string;
}

/**
 * What `sluice:recovery` asks for, and nothing where it asks for nothing.
 *
 * `downgrade` runs the declared rollback of a colour's migration. The `release` output waits for it
 * (`jobs`), so that the schema is recorded as it left it; take the colour's version away with or before the
 * key, or its migration runs again.
 *
 * `restore` makes a database from a snapshot beside the live one and checks it. It is given no traffic: what
 * was written after the snapshot is not in it, so a person decides; docs/platform.md has the steps of going
 * over to it. Where it is only to be looked at, take its deletion protection off and remove the key.
 */
export class Recovery extends pulumi.ComponentResource {
  /** What the release's record waits for. */
  readonly jobs: pulumi.Resource[];
  /** Host name of the restored database; absent where none was asked for. */
  readonly restoredAddress?: pulumi.Output<string>;

  constructor(name: string, args: RecoveryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:release:Recovery", name, {}, opts);
    const { downgrade, restore } = args.recovery ?? {};
    const { account, expiryRoleArn } = args.migrations;
    const own = { parent: this };
    this.jobs = downgrade ? [rollback(downgrade, { ...args, account, expiryRoleArn }, own)] : [];
    if (restore) this.restoredAddress = restored(restore, { ...args, account }, own).address;
    this.registerOutputs({ restoredAddress: this.restoredAddress });
  }
}

/** The recovery that is asked for; undefined where none is, so that nothing is registered. */
export const recoveryOf = (
  name: string,
  args: RecoveryArgs,
  opts?: pulumi.ComponentResourceOptions,
): Recovery | undefined => (args.recovery ? new Recovery(name, args, opts) : undefined);
