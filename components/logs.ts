import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../model/environments";
import type { Key } from "./key";

/** How long logs are kept, in days: what is noticed late can still be looked into, and prod's for a year. */
export const LOG_DAYS: Readonly<Record<Environment, number>> = { dev: 14, staging: 90, prod: 365 };

export interface LogGroupArgs {
  /** The group's name in CloudWatch Logs, where its writer looks for it. */
  path: string;
  environment: Environment;
  /** Encrypts it; CloudWatch Logs may use it. Absent: AWS's own key does, where ours is in another region. */
  key?: Pick<Key, "arn">;
  /** Default: the stack's. */
  region?: string;
}

/**
 * A log group. It is to be there before its writer, which would otherwise make one that has no key and no end.
 */
export const logGroup = (
  name: string,
  { path, environment, key, region }: LogGroupArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup =>
  new aws.cloudwatch.LogGroup(
    name,
    {
      name: path,
      retentionInDays: LOG_DAYS[environment],
      ...(key && { kmsKeyId: key.arn }),
      ...(region !== undefined && { region }),
    },
    opts,
  );
