import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { DatabaseSettings } from "../../model/backends";
import type { Environment } from "../../model/environments";
import type { Key } from "../key";
import { DATABASE_LOGS, instanceLogs } from "./databaseLogs";
import { DATABASE_PORT, MASTER_USERNAME } from "./databaseNames";
import { POSTGRES_MAJOR } from "./databaseParameters";

/** What the primary and its replicas share. */
export interface InstanceContext {
  environment: Environment;
  settings: DatabaseSettings;
  key: Pick<Key, "arn">;
  parameterGroupName: pulumi.Input<string>;
  securityGroupId: pulumi.Input<string>;
  monitoring: { role: aws.iam.Role; attachment: aws.iam.RolePolicyAttachment };
}

export interface PrimaryArgs extends InstanceContext {
  databaseName: string;
  subnetGroupName: pulumi.Input<string>;
  password: pulumi.Input<string>;
}

export interface ReplicaArgs extends InstanceContext {
  primary: aws.rds.Instance;
}

/** Seconds between two samples of the operating system's metrics. */
const MONITORING_SECONDS: Readonly<Record<Environment, number>> = { dev: 60, staging: 60, prod: 15 };

/** What CloudWatch Database Insights keeps in its standard mode, in days. */
const INSIGHTS_DAYS = 7;

/** An hour each, in UTC, in the night of America; AWS refuses windows that overlap. */
const BACKUP_WINDOW = "06:00-07:00";
const MAINTENANCE_WINDOW = "sun:07:30-sun:08:30";

/** A replica's own backups serve it from the moment in which it is promoted; the primary's serve until then. */
const REPLICA_BACKUP_DAYS = 1;

/** The instance that takes writes. AWS replaces it for name, user, subnet group or key: no setting is in these. */
export function primary(
  name: string,
  args: PrimaryArgs,
  opts: pulumi.CustomResourceOptions,
): aws.rds.Instance {
  const { environment, settings } = args;
  const kept = environment !== "dev";
  return new aws.rds.Instance(
    name,
    {
      ...common(name, args),
      engine: "postgres",
      // By its major version alone: the provider takes the minor one that AWS has chosen as no change.
      engineVersion: POSTGRES_MAJOR,
      dbName: args.databaseName,
      username: MASTER_USERNAME,
      password: args.password,
      kmsKeyId: args.key.arn,
      // The size at first: the provider takes what autoscaling has added as no change.
      allocatedStorage: settings.storageGb,
      dbSubnetGroupName: args.subnetGroupName,
      multiAz: settings.multiAz,
      backupRetentionPeriod: settings.backupDays,
      backupWindow: BACKUP_WINDOW,
      // In dev nothing stays; elsewhere point-in-time recovery outlives the instance.
      deleteAutomatedBackups: !kept,
      skipFinalSnapshot: !kept,
      ...(kept && { finalSnapshotIdentifier: finalSnapshot(name, opts) }),
    },
    {
      ...opts,
      dependsOn: before(name, args, opts),
      // Later passwords belong to the rotation.
      ignoreChanges: ["password"],
    },
  );
}

/** A copy to read from. It has the primary's engine, key, subnets and size of storage, so it names none. */
export function replica(
  name: string,
  args: ReplicaArgs,
  opts: pulumi.CustomResourceOptions,
): aws.rds.Instance {
  return new aws.rds.Instance(
    name,
    {
      ...common(name, args),
      replicateSourceDb: args.primary.identifier,
      multiAz: false,
      backupRetentionPeriod: REPLICA_BACKUP_DAYS,
      // AWS takes no final snapshot of a replica.
      skipFinalSnapshot: true,
    },
    { ...opts, dependsOn: before(name, args, opts) },
  );
}

/** What every instance has. */
function common(identifier: string, args: InstanceContext) {
  const { environment, settings, key } = args;
  return {
    identifier,
    instanceClass: settings.instanceClass,
    storageType: "gp3",
    maxAllocatedStorage: settings.maxStorageGb,
    storageEncrypted: true,
    port: DATABASE_PORT,
    publiclyAccessible: false,
    vpcSecurityGroupIds: [args.securityGroupId],
    parameterGroupName: args.parameterGroupName,
    caCertIdentifier: "rds-ca-rsa2048-g1",
    iamDatabaseAuthenticationEnabled: true,
    // Corrections of PostgreSQL come in the maintenance window, in every environment; a major version never.
    autoMinorVersionUpgrade: true,
    allowMajorVersionUpgrade: false,
    maintenanceWindow: MAINTENANCE_WINDOW,
    // Some changes restart the instance: in prod they wait for the window.
    applyImmediately: environment !== "prod",
    copyTagsToSnapshot: true,
    deletionProtection: environment === "prod",
    enabledCloudwatchLogsExports: [...DATABASE_LOGS],
    monitoringInterval: MONITORING_SECONDS[environment],
    monitoringRoleArn: args.monitoring.role.arn,
    ...insights(environment, key),
  };
}

/** Which statements load the instance. Every class of PostgreSQL has it; dev's monitoring is basic. */
const insights = (environment: Environment, key: Pick<Key, "arn">) =>
  environment === "dev"
    ? { performanceInsightsEnabled: false }
    : {
        databaseInsightsMode: "standard",
        performanceInsightsEnabled: true,
        performanceInsightsKmsKeyId: key.arn,
        performanceInsightsRetentionPeriod: INSIGHTS_DAYS,
      };

/** What an instance writes to from its first minute. */
const before = (
  identifier: string,
  { environment, key, monitoring }: InstanceContext,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] => [...instanceLogs(identifier, { environment, key }, opts), monitoring.attachment];

/** The name of the last snapshot, another for each instance: its name alone would be taken at the second. */
function finalSnapshot(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const suffix = new random.RandomId(`${name}-final-snapshot`, { byteLength: 4 }, opts);
  return pulumi.interpolate`${name}-final-${suffix.hex}`;
}
