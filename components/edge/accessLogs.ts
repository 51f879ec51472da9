import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import { GLOBAL_REGION } from "./global";
import { LOG_DAYS } from "./retention";

export interface AccessLogsArgs {
  /** Begins the bucket's name, at most 40 characters. */
  name: string;
  environment: Environment;
  /** The region of the stack, and so of the load balancer. */
  region: string;
}

/** What the load balancer's objects begin with; CloudFront's begin with `AWSLogs/` and carry its own name. */
export const LOAD_BALANCER_PREFIX = "load-balancer";

/** Days after which what was overwritten or deleted is gone for good, and unfinished uploads are. */
const LEFTOVER_DAYS = 7;

/** The bucket that the load balancer and CloudFront write a line for each request to. */
export class AccessLogs extends pulumi.ComponentResource {
  /** The bucket's name, known once writers are permitted: AWS tries to write when logging is switched on. */
  readonly bucket: pulumi.Output<string>;
  /** Likewise its ARN. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: AccessLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:edge:AccessLogs", name, {}, opts);
    const days = LOG_DAYS[args.environment];
    const bucket = new aws.s3.Bucket(
      args.name,
      { forceDestroy: args.environment === "dev" },
      { parent: this, protect: args.environment === "prod" },
    );
    const of = { bucket: bucket.bucket };
    const closed = new aws.s3.BucketPublicAccessBlock(
      args.name,
      {
        ...of,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      { parent: this },
    );
    // No ACLs: both writers are permitted by the policy, and what they write is ours.
    const owned = new aws.s3.BucketOwnershipControls(
      args.name,
      { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } },
      { parent: this, dependsOn: closed },
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      args.name,
      // S3's own keys and not ours: the load balancer can write with no other.
      { ...of, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      { parent: this },
    );
    const versions = new aws.s3.BucketVersioning(
      args.name,
      { ...of, versioningConfiguration: { status: "Enabled" } },
      { parent: this },
    );
    new aws.s3.BucketLifecycleConfiguration(
      args.name,
      {
        ...of,
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: {},
            expiration: { days },
            noncurrentVersionExpiration: { noncurrentDays: LEFTOVER_DAYS },
            abortIncompleteMultipartUpload: { daysAfterInitiation: LEFTOVER_DAYS },
          },
          // One rule cannot have both: S3 refuses an expiry in days beside this.
          { id: "markers", status: "Enabled", filter: {}, expiration: { expiredObjectDeleteMarker: true } },
        ],
      },
      { parent: this, dependsOn: versions },
    );
    const account = aws.getCallerIdentityOutput({}, { parent: this }).accountId;
    const policy = new aws.s3.BucketPolicy(
      args.name,
      {
        ...of,
        policy: pulumi.all([bucket.arn, account]).apply(([arn, id]) => writersPolicy(arn, id, args.region)),
      },
      // S3 refuses two changes to a bucket's access at the same time.
      { parent: this, dependsOn: owned },
    );
    const permitted = <T>(value: pulumi.Output<T>) =>
      pulumi.all([value, policy.id]).apply(([known]) => known);
    this.bucket = permitted(bucket.bucket);
    this.arn = permitted(bucket.arn);
    this.registerOutputs({ bucket: this.bucket });
  }
}

/**
 * The bucket's policy, as the JSON text that S3 takes: nobody without TLS, and to write only load balancers of
 * this account in `region` and log deliveries of this account, each under what their objects begin with.
 */
export const writersPolicy = (bucketArn: string, account: string, region: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OnlyWithTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, `${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
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
    ],
  });
