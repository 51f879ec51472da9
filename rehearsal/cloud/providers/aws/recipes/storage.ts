import type { Recipe } from "../recipe";
import { byName, satellite } from "./common";

const bucketSatellite = (noun: string): Recipe =>
  satellite(
    "S3",
    [`PutBucket${noun}`, `PutBucket${noun}`, `DeleteBucket${noun}`],
    (m) => m.text("bucket"),
    "NoSuchBucket",
  );

/** Buckets and what belongs to them. */
export const STORAGE: Readonly<Record<string, Recipe>> = {
  "aws:s3/bucket:Bucket": {
    ...byName("S3", "Bucket", {
      property: "bucket",
      code: "BucketAlreadyOwnedByYou",
      outputs: (m) => ({
        arn: `arn:${m.scope.partition}:s3:::${m.text("bucket")}`,
        bucketDomainName: `${m.text("bucket")}.s3.amazonaws.com`,
        bucketRegionalDomainName: `${m.text("bucket")}.s3.${m.scope.region}.amazonaws.com`,
        bucketRegion: m.scope.region,
        hostedZoneId: "Z3AQBSTGFYJSTF",
        requestPayer: "BucketOwner",
      }),
    }),
    notFound: "NoSuchBucket",
  },
  "aws:s3/bucketPolicy:BucketPolicy": bucketSatellite("Policy"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucketSatellite("PublicAccessBlock"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    bucketSatellite("Encryption"),
  "aws:s3/bucketVersioning:BucketVersioning": bucketSatellite("Versioning"),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration":
    bucketSatellite("LifecycleConfiguration"),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucketSatellite("OwnershipControls"),
  "aws:s3/bucketLogging:BucketLogging": bucketSatellite("Logging"),
  "aws:s3/bucketObjectv2:BucketObjectv2": {
    ...satellite("S3", ["PutObject", "PutObject", "DeleteObject"], (m) => m.text("key"), "NoSuchKey"),
    make: (m) => ({
      id: `${m.text("bucket")}/${m.text("key")}`,
      outputs: {
        arn: `arn:${m.scope.partition}:s3:::${m.text("bucket")}/${m.text("key")}`,
        contentType: "application/octet-stream",
        serverSideEncryption: "AES256",
        storageClass: "STANDARD",
      },
    }),
  },
  "aws:ebs/encryptionByDefault:EncryptionByDefault": satellite(
    "EC2",
    ["EnableEbsEncryptionByDefault", "EnableEbsEncryptionByDefault", "DisableEbsEncryptionByDefault"],
    (m) => `terraform-${m.logical}`,
  ),
};
