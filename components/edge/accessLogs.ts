import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import { privateBucket } from "../bucket";
import { LOG_DAYS } from "../logs";
import { GLOBAL_REGION } from "./global";

export interface AccessLogsArgs {
  /** Begins the bucket's name, at most 40 characters. */
  name: string;
  environment: Environment;
  /** The region of the stack, and so of the load balancer. */
  region: string;
}

/** What the load balancer's objects begin with; CloudFront's begin with `AWSLogs/` and carry its own name. */
export const LOAD_BALANCER_PREFIX = "load-balancer";

/** The bucket that the load balancer and CloudFront write a line for each request to. */
export class AccessLogs extends pulumi.ComponentResource {
  /** The bucket's name, known once writers are permitted: AWS tries to write when logging is switched on. */
  readonly bucket: pulumi.Output<string>;
  /** Likewise its ARN. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: AccessLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:edge:AccessLogs", name, {}, opts);
    const { environment, region } = args;
    const account = aws.getCallerIdentityOutput({}, { parent: this }).accountId;
    const { bucket, policy } = privateBucket(
      args.name,
      {
        environment,
        days: LOG_DAYS[environment],
        // Under S3's own keys: the load balancer can write with no other.
        permits: (arn) => account.apply((id) => writers(arn, id, region)),
      },
      { parent: this },
    );
    const permitted = <T>(value: pulumi.Output<T>) =>
      pulumi.all([value, policy.id]).apply(([known]) => known);
    this.bucket = permitted(bucket.bucket);
    this.arn = permitted(bucket.arn);
    this.registerOutputs({ bucket: this.bucket });
  }
}

/**
 * Statements of the bucket's policy: to write only load balancers of this account in `region` and log
 * deliveries of this account, each under what their objects begin with.
 */
export const writers = (bucketArn: string, account: string, region: string) => [
  {
    Sid: "LoadBalancer",
    Effect: "Allow",
    Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `${bucketArn}/${LOAD_BALANCER_PREFIX}/AWSLogs/${account}/*`,
    Condition: {
      StringEquals: { "aws:SourceAccount": account },
      ArnLike: { "aws:SourceArn": `arn:*:elasticloadbalancing:${region}:${account}:loadbalancer/*` },
    },
  },
  {
    Sid: "CloudFront",
    Effect: "Allow",
    Principal: { Service: "delivery.logs.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `${bucketArn}/AWSLogs/${account}/CloudFront/*`,
    Condition: {
      StringEquals: { "aws:SourceAccount": account, "s3:x-amz-acl": "bucket-owner-full-control" },
      ArnLike: { "aws:SourceArn": `arn:*:logs:${GLOBAL_REGION}:${account}:delivery-source:*` },
    },
  },
];
