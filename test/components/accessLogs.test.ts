import assert from "node:assert/strict";
import { AccessLogs, writersPolicy } from "../../components/edge/accessLogs";
import type { Environment } from "../../model/environments";
import { recordEdge } from "./edgeFixture";
import { assertIncludes, known, settled } from "./mocks";

const NAME = "app-dev-logs";
const of = (kind: string) => `aws:s3/${kind[0]!.toLowerCase()}${kind.slice(1)}:${kind}`;

async function made(environment: Environment = "dev") {
  const mocks = recordEdge();
  const logs = new AccessLogs("logs", { name: NAME, environment, region: "eu-west-1" });
  await settled();
  return { mocks, logs };
}

interface Statement {
  Sid: string;
  Effect: string;
  Principal: unknown;
  Action: string;
  Resource: string | string[];
  Condition: unknown;
}

const statements = (policy: string) => (JSON.parse(policy) as { Statement: Statement[] }).Statement;

describe("AccessLogs", () => {
  it("is closed to the public in all four ways", async () => {
    const { mocks } = await made();
    assertIncludes(mocks.find(of("BucketPublicAccessBlock"), NAME), {
      bucket: NAME,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
  });

  it("knows no ACLs: whatever is written belongs to the account", async () => {
    const { mocks } = await made();
    assertIncludes(mocks.find(of("BucketOwnershipControls"), NAME), {
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
  });

  it("is encrypted with S3's keys, the only ones that the load balancer can write with", async () => {
    const { mocks } = await made();
    assertIncludes(mocks.find(of("BucketServerSideEncryptionConfiguration"), NAME), {
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
  });

  it("keeps versions, and expires what is old, overwritten or unfinished", async () => {
    const { mocks } = await made("prod");
    assertIncludes(mocks.find(of("BucketVersioning"), NAME), {
      versioningConfiguration: { status: "Enabled" },
    });
    assertIncludes(mocks.find(of("BucketLifecycleConfiguration"), NAME), {
      rules: [
        {
          status: "Enabled",
          expiration: { days: 365 },
          noncurrentVersionExpiration: { noncurrentDays: 7 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
        { status: "Enabled", expiration: { expiredObjectDeleteMarker: true } },
      ],
    });
  });

  it("goes with its logs in dev only", async () => {
    const forced = async (environment: Environment) =>
      (await made(environment)).mocks.find(of("Bucket"), NAME)["forceDestroy"];
    assert.equal(await forced("dev"), true);
    assert.equal(await forced("staging"), false);
    assert.equal(await forced("prod"), false);
  });

  it("gives writers its name and ARN, and permits them by its policy", async () => {
    const { mocks, logs } = await made();
    assert.equal(await known(logs.bucket), NAME);
    assert.equal(await known(logs.arn), `arn:aws:s3:::${NAME}`);
    assertIncludes(mocks.find(of("BucketPolicy"), NAME), {
      bucket: NAME,
      policy: writersPolicy(`arn:aws:s3:::${NAME}`, "123456789012", "eu-west-1"),
    });
  });
});

describe("the policy of the bucket of access logs", () => {
  const [tls, ...writers] = statements(writersPolicy("arn:aws:s3:::logs", "123456789012", "eu-west-1"));

  it("denies everything to whoever comes without TLS", () => {
    assert.deepEqual(
      [tls?.Effect, tls?.Principal, tls?.Action, tls?.Resource, tls?.Condition],
      [
        "Deny",
        "*",
        "s3:*",
        ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"],
        { Bool: { "aws:SecureTransport": "false" } },
      ],
    );
  });

  it("permits nothing but to write", () => {
    assert.deepEqual(
      writers.map(({ Effect, Action }) => [Effect, Action]),
      [
        ["Allow", "s3:PutObject"],
        ["Allow", "s3:PutObject"],
      ],
    );
  });

  it("lets load balancers of this account and region write below their prefix", () => {
    assertIncludes(writers[0], {
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Resource: "arn:aws:s3:::logs/load-balancer/AWSLogs/123456789012/*",
      Condition: {
        StringEquals: { "aws:SourceAccount": "123456789012" },
        ArnLike: { "aws:SourceArn": "arn:*:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/*" },
      },
    });
  });

  it("lets CloudFront's deliveries of this account write, from CloudFront's region", () => {
    assertIncludes(writers[1], {
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Resource: "arn:aws:s3:::logs/AWSLogs/123456789012/CloudFront/*",
      Condition: {
        StringEquals: { "aws:SourceAccount": "123456789012", "s3:x-amz-acl": "bucket-owner-full-control" },
        ArnLike: { "aws:SourceArn": "arn:*:logs:us-east-1:123456789012:delivery-source:*" },
      },
    });
  });
});
