import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";

/** Logs that an instance sends to CloudWatch. */
export const DATABASE_LOGS = ["postgresql", "upgrade"] as const;

/** Days for which logs are kept. A year is what an audit of production asks for. */
export const LOG_RETENTION_DAYS: Readonly<Record<Environment, number>> = { dev: 30, staging: 90, prod: 365 };

/** What a log group of the database needs besides its name. */
export interface LogGroupArgs {
  environment: Environment;
  keyArn: pulumi.Input<string>;
}

/** A log group of this name, encrypted, which does not keep its events for ever. */
export const logGroup = (
  name: string,
  path: string,
  { environment, keyArn }: LogGroupArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup =>
  new aws.cloudwatch.LogGroup(
    name,
    { name: path, retentionInDays: LOG_RETENTION_DAYS[environment], kmsKeyId: keyArn },
    opts,
  );

/**
 * The log groups of one instance. The instance depends on them: where there is none RDS makes its own,
 * without a key or an end.
 */
export const instanceLogs = (
  identifier: string,
  args: LogGroupArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup[] =>
  DATABASE_LOGS.map((log) =>
    logGroup(`${identifier}-${log}`, `/aws/rds/instance/${identifier}/${log}`, args, opts),
  );
