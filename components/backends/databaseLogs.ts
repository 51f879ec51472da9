import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type LogGroupArgs, logGroup } from "../logs";

/** Logs that an instance sends to CloudWatch. */
export const DATABASE_LOGS = ["postgresql", "upgrade"] as const;

/** The log groups of one instance, which depends on them. */
export const instanceLogs = (
  identifier: string,
  args: Pick<LogGroupArgs, "environment" | "key">,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup[] =>
  DATABASE_LOGS.map((log) =>
    logGroup(`${identifier}-${log}`, { path: `/aws/rds/instance/${identifier}/${log}`, ...args }, opts),
  );
