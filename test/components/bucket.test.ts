import assert from "node:assert/strict";
import { privateBucket } from "../../components/bucket";
import { ENVIRONMENTS, type Environment } from "../../model/environments";
import { KEY_ARN, key, registered, statements, waitedFor } from "./backendsFixture";
import { assertIncludes } from "./mocks";

const of = (kind: string) => `aws:s3/${kind[0]!.toLowerCase()}${kind.slice(1)}:${kind}`;
const NAME = "app-data";
const BUCKET = `${NAME}-1234567`;

const made = (environment: Environment = "dev", args: Partial<Parameters<typeof privateBucket>[1]> = {}) =>
  registered((opts) => privateBucket(NAME, { environment, days: 30, ...args }, opts));

const keysOf = async (args: Parameters<typeof made>[1]) =>
  (await made("dev", args)).mocks.find(of("BucketServerSideEncryptionConfiguration"), NAME)["rules"];

describe("privateBucket", () => {
  it("is closed to the public in all four ways", async () => {
    assert.deepEqual((await made()).mocks.find(of("BucketPublicAccessBlock"), NAME), {
      bucket: BUCKET,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
  });

  it("knows no ACLs: whatever is written belongs to the account", async () => {
    assertIncludes((await made()).mocks.find(of("BucketOwnershipControls"), NAME), {
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
  });

  it("is encrypted with the key that it is given, and else with S3's own", async () => {
    assertIncludes(await keysOf({ key }), [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY_ARN },
        bucketKeyEnabled: true,
      },
    ]);
    assert.deepEqual(await keysOf({}), [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }]);
  });

  it("denies everything to whoever comes without TLS, and permits what it is told to", async () => {
    const permits = (arn: string) => [{ Effect: "Allow", Resource: `${arn}/logs/*` }];
    const { mocks } = await made("dev", { permits });
    assert.deepEqual(statements(mocks.find(of("BucketPolicy"), NAME)["policy"]), [
      {
        Sid: "OnlyWithTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [`arn:${NAME}`, `arn:${NAME}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      { Effect: "Allow", Resource: `arn:${NAME}/logs/*` },
    ]);
    assert.equal(statements((await made()).mocks.find(of("BucketPolicy"), NAME)["policy"]).length, 1);
  });

  it("keeps versions, and expires what is old, overwritten or unfinished", async () => {
    const { mocks } = await made("dev", { days: 90 });
    assertIncludes(mocks.find(of("BucketVersioning"), NAME), {
      versioningConfiguration: { status: "Enabled" },
    });
    assertIncludes(mocks.find(of("BucketLifecycleConfiguration"), NAME), {
      rules: [
        {
          status: "Enabled",
          expiration: { days: 90 },
          noncurrentVersionExpiration: { noncurrentDays: 7 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
        { status: "Enabled", expiration: { expiredObjectDeleteMarker: true } },
      ],
    });
  });

  it("changes who may get in one after the other, for S3 refuses two at a time", async () => {
    const { options } = await made();
    const before = async (kind: string) => waitedFor(options(of(kind), NAME));
    assert.deepEqual(await before("BucketOwnershipControls"), [`${of("BucketPublicAccessBlock")} ${NAME}`]);
    assert.deepEqual(await before("BucketPolicy"), [`${of("BucketOwnershipControls")} ${NAME}`]);
  });

  it("goes with all that is in it in dev, and is kept from deletion in prod", async () => {
    const found: unknown[] = [];
    for (const environment of ENVIRONMENTS) {
      const { mocks, kept } = await made(environment);
      found.push([mocks.find(of("Bucket"), NAME)["forceDestroy"], kept()]);
    }
    assert.deepEqual(found, [
      [true, []],
      [false, []],
      [false, [`Bucket ${NAME}`]],
    ]);
  });
});
