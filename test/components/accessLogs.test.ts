import assert from "node:assert/strict";
import { AccessLogs, writers } from "../../components/edge/accessLogs";
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

describe("AccessLogs", () => {
  it("is encrypted with S3's keys, the only ones that the load balancer can write with", async () => {
    const { mocks } = await made();
    assertIncludes(mocks.find(of("BucketServerSideEncryptionConfiguration"), NAME), {
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
  });

  it("keeps them for a year in prod", async () => {
    const { mocks } = await made("prod");
    assertIncludes(mocks.find(of("BucketLifecycleConfiguration"), NAME), {
      rules: [{ expiration: { days: 365 } }],
    });
  });

  it("gives writers its name and ARN, and permits them by its policy", async () => {
    const { mocks, logs } = await made();
    assert.equal(await known(logs.bucket), NAME);
    assert.equal(await known(logs.arn), `arn:aws:s3:::${NAME}`);
    const { Statement } = JSON.parse(mocks.find(of("BucketPolicy"), NAME)["policy"] as string) as {
      Statement: unknown[];
    };
    assert.deepEqual(Statement.slice(1), writers(`arn:aws:s3:::${NAME}`, "123456789012", "eu-west-1"));
  });
});

describe("who writes access logs", () => {
  const permits = writers("arn:aws:s3:::logs", "123456789012", "eu-west-1");

  it("may do nothing else", () => {
    assert.deepEqual(
      permits.map(({ Effect, Action }) => [Effect, Action]),
      [
        ["Allow", "s3:PutObject"],
        ["Allow", "s3:PutObject"],
      ],
    );
  });

  it("lets load balancers of this account and region write below their prefix", () => {
    assertIncludes(permits[0], {
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Resource: "arn:aws:s3:::logs/load-balancer/AWSLogs/123456789012/*",
      Condition: {
        StringEquals: { "aws:SourceAccount": "123456789012" },
        ArnLike: { "aws:SourceArn": "arn:*:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/*" },
      },
    });
  });

  it("lets CloudFront's deliveries of this account write, from CloudFront's region", () => {
    assertIncludes(permits[1], {
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Resource: "arn:aws:s3:::logs/AWSLogs/123456789012/CloudFront/*",
      Condition: {
        StringEquals: { "aws:SourceAccount": "123456789012", "s3:x-amz-acl": "bucket-owner-full-control" },
        ArnLike: { "aws:SourceArn": "arn:*:logs:us-east-1:123456789012:delivery-source:*" },
      },
    });
  });
});
