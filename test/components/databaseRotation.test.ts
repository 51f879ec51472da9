import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ENVIRONMENTS } from "../../model/environments";
import { INSTANCE, KEY_ARN, database } from "./databaseFixture";
import { assertIncludes } from "./mocks";

const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
const ROTATION = "aws:secretsmanager/secretRotation:SecretRotation";
const APPLICATION = "aws:serverlessrepository/cloudFormationStack:CloudFormationStack";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

const valueOf = (inputs: Record<string, unknown>): unknown => {
  const { secretString } = inputs as { secretString: Record<string, string> };
  assert.equal(secretString[pulumi.runtime.specialSigKey], pulumi.runtime.specialSecretSig);
  return JSON.parse(secretString["value"]!);
};

describe("the database's credentials", () => {
  it("are what AWS's rotation reads, and secret", async () => {
    const { mocks } = await database("prod");
    const connection = {
      engine: "postgres",
      host: "shop-app-prod.rds.example.com",
      port: 5432,
      dbname: "shop_app",
    };
    assert.deepEqual(valueOf(mocks.find(VERSION, "shop-app-prod-database-master")), {
      ...connection,
      username: mocks.find(INSTANCE, "shop-app-prod")["username"],
      password: "password of shop-app-prod-master",
    });
    assert.deepEqual(valueOf(mocks.find(VERSION, "shop-app-prod-database-app")), {
      ...connection,
      username: "shop_app_app",
      password: "password of shop-app-prod-app",
      masterarn: "arn:shop-app-prod-database-master",
    });
  });

  it("are encrypted with our key, protected in prod, and gone at once in dev alone", async () => {
    for (const environment of ENVIRONMENTS) {
      const { mocks, options } = await database(environment);
      assert.equal(mocks.names(SECRET).length, 2);
      for (const name of mocks.names(SECRET)) {
        assertIncludes(mocks.find(SECRET, name), {
          kmsKeyId: KEY_ARN,
          recoveryWindowInDays: environment === "dev" ? 0 : 30,
        });
        assert.equal(options(SECRET, name).protect, environment === "prod");
        assert.equal(options(VERSION, name).protect, environment === "prod");
      }
    }
  });

  it("are no change of the program's once they are rotated, even after a refresh", async () => {
    const { mocks, options } = await database();
    for (const name of mocks.names(VERSION)) {
      assert.deepEqual(options(VERSION, name).ignoreChanges, ["secretString", "versionStages"]);
      // A version without any stage is removed by Secrets Manager, and would be made once more.
      const { versionStages } = mocks.find(VERSION, name) as { versionStages: string[] };
      assert.ok(versionStages.includes("AWSCURRENT"));
      assert.ok(versionStages.some((stage) => !stage.startsWith("AWS")));
    }
  });

  it("are rotated every thirty days, and not before the user that they name is there", async () => {
    const { mocks } = await database();
    const rotated = mocks.names(ROTATION).map((name) => mocks.find(ROTATION, name));
    assert.deepEqual(rotated.map(({ secretId }) => secretId).sort(), [
      "arn:shop-app-dev-database-app",
      "arn:shop-app-dev-database-master",
    ]);
    for (const rotation of rotated)
      assertIncludes(rotation, { rotationRules: { automaticallyAfterDays: 30 }, rotateImmediately: false });
  });

  it("are rotated by one user for the administrator, and by two that take turns for the services", async () => {
    const { mocks } = await database();
    const application = (name: string) =>
      mocks.find(APPLICATION, name) as { applicationId: string; parameters: Record<string, string> };
    const master = application("shop-app-dev-rotate-master");
    assert.match(master.applicationId, /\/SecretsManagerRDSPostgreSQLRotationSingleUser$/);
    assert.equal(master.parameters["masterSecretArn"], undefined);
    const app = application("shop-app-dev-rotate-app");
    assert.match(app.applicationId, /\/SecretsManagerRDSPostgreSQLRotationMultiUser$/);
    assertIncludes(app.parameters, {
      masterSecretArn: "arn:shop-app-dev-database-master",
      masterSecretKmsKeyArn: KEY_ARN,
    });
    assertIncludes(mocks.find(ROTATION, "shop-app-dev-rotate-app"), {
      secretId: "arn:shop-app-dev-database-app",
      rotationLambdaArn: "arn:lambda:shop-app-dev-rotate-app",
    });
  });

  it("are rotated by a pinned version of AWS's functions, inside the private subnets", async () => {
    const { mocks } = await database();
    for (const name of mocks.names(APPLICATION)) {
      const inputs = mocks.find(APPLICATION, name);
      assert.match(inputs["semanticVersion"] as string, /^\d+\.\d+\.\d+$/);
      assert.match(inputs["applicationId"] as string, /^arn:aws:serverlessrepo:us-east-1:297356227824:/);
      assertIncludes(inputs, {
        capabilities: ["CAPABILITY_IAM", "CAPABILITY_RESOURCE_POLICY"],
        parameters: {
          functionName: name,
          endpoint: "https://secretsmanager.us-east-1.amazonaws.com",
          vpcSubnetIds: "subnet-3,subnet-4",
          vpcSecurityGroupIds: "shop-app-dev-rotation-id",
          kmsKeyArn: KEY_ARN,
        },
      });
      assertIncludes(mocks.find("aws:cloudwatch/logGroup:LogGroup", name), {
        name: `/aws/lambda/${name}`,
        kmsKeyId: KEY_ARN,
        retentionInDays: 14,
      });
    }
  });

  it("never need an escape in a URL", async () => {
    const { mocks } = await database();
    const { excludeCharacters } = mocks.find(APPLICATION, "shop-app-dev-rotate-app")["parameters"] as {
      excludeCharacters: string;
    };
    const printable = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
    const left = printable.filter((character) => !excludeCharacters.includes(character)).join("");
    assert.equal(encodeURIComponent(left), left);
    // AWS wants one of each kind: letters of both cases, digits and punctuation.
    for (const kind of [/[a-z]/, /[A-Z]/, /\d/, /[^a-z\d]/i]) assert.match(left, kind);
    // The application's default, given as a parameter, would show as a change for ever.
    assert.notEqual(excludeCharacters, ":/@\"'\\");
  });

  it("let the functions out to the database and to AWS's API, and nowhere else", async () => {
    const { mocks } = await database();
    const ways = mocks.names(EGRESS).map((name) => mocks.find(EGRESS, name));
    assert.deepEqual(
      ways
        .map(({ fromPort, toPort, referencedSecurityGroupId, cidrIpv4 }) =>
          [fromPort, toPort, referencedSecurityGroupId ?? cidrIpv4].join(" "),
        )
        .sort(),
      ["443 443 0.0.0.0/0", "5432 5432 shop-app-dev-database-id"],
    );
    for (const { securityGroupId } of ways) assert.equal(securityGroupId, "shop-app-dev-rotation-id");
  });
});
