import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../model/environments";
import type { Key } from "./key";

export interface PrivateBucketArgs {
  environment: Environment;
  /** How long what is in it is kept, in days. */
  days: number;
  /** Encrypts what is in it. Absent: S3's own keys do, for writers that can write with no other. */
  key?: Pick<Key, "arn">;
  /** Who else is let in: statements of its policy, beside the one that refuses whoever comes without TLS. */
  permits?: (bucketArn: string) => pulumi.Input<readonly object[]>;
}

/** Days after which what was overwritten or deleted is gone for good, and parts of broken uploads are. */
const LEFTOVER_DAYS = 7;

/** A private, versioned and encrypted bucket in which everything expires, and its policy. */
export function privateBucket(
  name: string,
  { environment, days, key, permits }: PrivateBucketArgs,
  opts: pulumi.CustomResourceOptions,
): { bucket: aws.s3.Bucket; policy: aws.s3.BucketPolicy } {
  const bucket = new aws.s3.Bucket(
    name,
    { forceDestroy: environment === "dev" },
    { ...opts, protect: environment === "prod" },
  );
  const of = { bucket: bucket.bucket };
  const closed = new aws.s3.BucketPublicAccessBlock(
    name,
    {
      ...of,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    opts,
  );
  // No ACLs: whoever may write does so by the policy, and what is written is ours.
  const owned = new aws.s3.BucketOwnershipControls(
    name,
    { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } },
    { ...opts, dependsOn: closed },
  );
  const policy = new aws.s3.BucketPolicy(
    name,
    { ...of, policy: bucket.arn.apply((arn) => policyOf(arn, permits?.(arn))) },
    // S3 refuses two changes to a bucket's access at the same time.
    { ...opts, dependsOn: owned },
  );
  new aws.s3.BucketServerSideEncryptionConfiguration(name, { ...of, rules: [encryption(key)] }, opts);
  const versions = new aws.s3.BucketVersioning(
    name,
    { ...of, versioningConfiguration: { status: "Enabled" } },
    opts,
  );
  new aws.s3.BucketLifecycleConfiguration(
    name,
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
    { ...opts, dependsOn: versions },
  );
  return { bucket, policy };
}

const policyOf = (
  bucketArn: string,
  permits: pulumi.Input<readonly object[]> = [],
): pulumi.Output<string> => {
  const onlyWithTls = {
    Sid: "OnlyWithTls",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  return pulumi
    .output(permits)
    .apply((others) => JSON.stringify({ Version: "2012-10-17", Statement: [onlyWithTls, ...others] }));
};

const encryption = (key: PrivateBucketArgs["key"]) =>
  key === undefined
    ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
    : {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
        // One key for the bucket's day instead of one call a part of an upload.
        bucketKeyEnabled: true,
      };
