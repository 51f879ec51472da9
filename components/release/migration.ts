import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import { type Migrating, evolved, hasMigrated, pending, standing } from "../../model/evolution";
import type { Recovery } from "../../model/recovery";
import type { Colour, Recorded, Release } from "../../model/release";
import { type ServiceSettings, imageOf, publicServices } from "../../model/services";
import type { Database } from "../backends/database";
import { databaseJobAccount } from "./databaseJobAccount";
import { DATABASE_URL, databaseJob, jobName } from "./migrationJob";
import { expiryRole, migrationSnapshot } from "./migrationSnapshot";

/** What a migration runs where its version declares nothing else. */
export const COMMAND: readonly string[] = ["alembic", "upgrade", "head"];
/** Seconds. */
export const DEADLINE_SECONDS = 900;

/** What Jobs on the database share, whatever they do. */
export interface DatabaseJobsContext {
  app: string;
  environment: Environment;
  release: Release;
  /** What the state recorded. Absent: nothing. */
  from?: Recorded | undefined;
  recovery?: Recovery | undefined;
  services: Readonly<Record<string, ServiceSettings>>;
  /** Registry host of default images. */
  registry: string;
  namespace: pulumi.Input<string>;
  /** What must be there before a Job runs: its way to the database, its users, and the Secret with their credentials. */
  ready: pulumi.Resource[];
  /** Tells where a Job's logs are when it fails: `jobLogs(namespace)`. */
  tells: pulumi.ErrorHook;
}

export interface MigrationsArgs extends DatabaseJobsContext {
  database: Pick<Database, "identifier">;
  /** ISO time; a snapshot that this update takes is called by it. */
  now: string;
}

/**
 * What happens to the database before a version runs: snapshot, then Job; the colour's Deployments wait for
 * it, and the weighted rules for them.
 *
 * One migration has one Job, whichever colours have it. It is there from the update that runs it to the one
 * that brings its successor, and no shift or promote in between touches it.
 */
export class Migrations extends pulumi.ComponentResource {
  /** What a colour's Deployments wait for; a colour without a migration waits for nothing. */
  readonly jobs: Partial<Record<Colour, pulumi.Resource[]>> = {};
  /** The identity of Jobs on the database, which a recovery's Jobs wait for as well. */
  readonly account: pulumi.Resource;
  /** Of the role that deletes snapshots when their time has come. */
  readonly expiryRoleArn: pulumi.Output<string>;

  constructor(name: string, args: MigrationsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:release:Migrations", name, {}, opts);
    const { app, environment, release, from, recovery } = args;
    this.account = databaseJobAccount(app, args.namespace, { parent: this });
    this.expiryRoleArn = expiryRole(app, environment, { parent: this }).arn;
    const made = new Map<string, pulumi.Resource>();
    for (const migrating of standing({ from, to: release, recovery })) {
      const job = this.#names(migrating, args);
      const before = [...made.values()];
      const known = made.get(job) ?? this.#migrate(job, migrating, args, before);
      made.set(job, known);
      this.jobs[migrating.colour] = [known];
    }
    // Of two migrations that are to run, the newer one's Job does both: the older version waits for it as well.
    for (const { colour } of pending({ from, to: release, recovery })) {
      this.jobs[colour] ??= [...made.values()];
    }
    this.registerOutputs({});
  }

  #names(migrating: Migrating, args: MigrationsArgs): string {
    const { version, migration } = migrating;
    return jobName("migrate", version, [migration, migratingImage(migrating, args)]);
  }

  #migrate(
    name: string,
    migrating: Migrating,
    args: MigrationsArgs,
    before: readonly pulumi.Resource[],
  ): pulumi.Resource {
    const { app, environment, database, now, from, release, recovery, tells } = args;
    const { version, migration, colour } = migrating;
    const snapshot = migrationSnapshot(
      name,
      { app, environment, version, database: database.identifier, now, roleArn: this.expiryRoleArn },
      { parent: this, dependsOn: [...before] },
    );
    // What has been is not done again for a change of this program.
    const done = hasMigrated({ from, to: release, recovery }, colour);
    return databaseJob(
      {
        name,
        kind: "migration",
        app,
        version,
        namespace: args.namespace,
        image: migratingImage(migrating, args),
        command: migration.command ?? COMMAND,
        env: variablesOf(migrating),
        memory: args.services[serviceOf(migrating, args.services)]?.memory ?? "512Mi",
        deadlineSeconds: migration.deadlineSeconds ?? DEADLINE_SECONDS,
        leaves: evolved(migrating),
      },
      {
        parent: this,
        tells,
        dependsOn: [...snapshot, this.account, ...args.ready],
        ignoreChanges: done ? ["metadata.labels", "spec"] : [],
      },
    );
  }
}

/** The service whose image carries a migration: the declared one, or the first that the world reaches. */
export function serviceOf(
  { migration }: Pick<Migrating, "migration">,
  services: Readonly<Record<string, ServiceSettings>>,
): string {
  const service = migration.service ?? publicServices(services)[0] ?? Object.keys(services)[0];
  if (service === undefined) throw new Error("a stack without services has no image to migrate with");
  return service;
}

/** The image of that service at the colour's version. */
export function migratingImage(
  migrating: Migrating,
  { services, registry }: Pick<DatabaseJobsContext, "services" | "registry">,
): string {
  const service = serviceOf(migrating, services);
  const settings = services[service];
  if (!settings)
    throw new Error(`the migration of ${migrating.version} names ${service}, which is no service`);
  return imageOf(registry, service, settings, migrating);
}

/** The colour's own settings, for the image reads them, and the database's address. */
export const variablesOf = ({ version, settings }: Migrating) => [
  ...Object.entries({ VERSION: version, ...settings })
    .filter(([name]) => name !== DATABASE_URL.name)
    .map(([name, value]) => ({ name, value })),
  DATABASE_URL,
];
