import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import type { Key } from "../key";

export interface SnapshotBucketArgs {
  environment: Environment;
  key: Pick<Key, "arn">;
  /** How long what is in it is kept, in days. */
  days: number;
}

/** Days in which an object that was deleted or overwritten can be had back. */
const NONCURRENT_DAYS = 7;

/** A private, versioned and encrypted bucket in which everything expires. AWS sees it by TLS or not at all. */
export function snapshotBucket(
  name: string,
  { environment, key, days }: SnapshotBucketArgs,
  opts: pulumi.CustomResourceOptions,
): aws.s3.Bucket {
  const bucket = new aws.s3.Bucket(
    name,
    { forceDestroy: environment === "dev" },
    { ...opts, protect: environment === "prod" },
  );
  new aws.s3.BucketPublicAccessBlock(
    name,
    {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    opts,
  );
  new aws.s3.BucketOwnershipControls(
    name,
    { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } },
    opts,
  );
  new aws.s3.BucketVersioning(
    name,
    { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
    opts,
  );
  new aws.s3.BucketServerSideEncryptionConfiguration(
    name,
    {
      bucket: bucket.id,
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
          // One key for the bucket's day instead of one call a part of an upload.
          bucketKeyEnabled: true,
        },
      ],
    },
    opts,
  );
  new aws.s3.BucketPolicy(name, { bucket: bucket.id, policy: tlsOnly(bucket.arn) }, opts);
  new aws.s3.BucketLifecycleConfiguration(
    name,
    {
      bucket: bucket.id,
      rules: [
        {
          id: "expire",
          status: "Enabled",
          filter: { prefix: "" },
          expiration: { days },
          noncurrentVersionExpiration: { noncurrentDays: NONCURRENT_DAYS },
          // Parts of an upload that was broken off cost as much as a whole one, and are seen nowhere.
          abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
        },
        {
          // Apart, for AWS takes it in no rule that counts days.
          id: "markers",
          status: "Enabled",
          filter: { prefix: "" },
          expiration: { expiredObjectDeleteMarker: true },
        },
      ],
    },
    opts,
  );
  return bucket;
}

const tlsOnly = (arn: pulumi.Output<string>): pulumi.Output<string> =>
  pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, pulumi.interpolate`${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
