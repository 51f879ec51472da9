import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Key, keyPolicy } from "../../components/key";
import { ENVIRONMENTS, type Environment } from "../../model/environments";
import { RecordingMocks, assertIncludes, known, settled } from "./mocks";

const ACCOUNT = "123456789012";
const KEY = "aws:kms/key:Key";
const ALIAS = "aws:kms/alias:Alias";

class AccountMocks extends RecordingMocks {
  override call({ token, inputs }: pulumi.runtime.MockCallArgs) {
    return token.endsWith("getCallerIdentity") ? { accountId: ACCOUNT } : inputs;
  }

  override newResource(args: pulumi.runtime.MockResourceArgs) {
    const { id, state } = super.newResource(args);
    return { id, state: { ...state, keyId: `${args.name}-key-id` } };
  }
}

async function made(environment: Environment = "dev", services?: string[]) {
  const mocks = new AccountMocks();
  void pulumi.runtime.setMocks(mocks, "sluice", environment, false);
  const protection = new Map<string, boolean | undefined>();
  const retained = new Map<string, boolean | undefined>();
  const key = new Key(
    "key",
    { description: "Data", alias: `app-${environment}`, environment, ...(services && { services }) },
    {
      transformations: [
        ({ type, props, opts }) => {
          protection.set(type, opts.protect);
          retained.set(type, (opts as pulumi.CustomResourceOptions).retainOnDelete);
          return { props, opts };
        },
      ],
    },
  );
  await settled();
  return { mocks, key, protection, retained };
}

interface Statement {
  Effect: string;
  Principal: Record<string, string>;
  Action: string | string[];
  Condition?: Record<string, Record<string, string>>;
}

const statements = (policy: unknown) =>
  (JSON.parse(policy as string) as { Statement: Statement[] }).Statement;

describe("Key", () => {
  it("is rotated by AWS, and can be had back for thirty days", async () => {
    const { mocks } = await made();
    assertIncludes(mocks.find(KEY, "key"), { enableKeyRotation: true, deletionWindowInDays: 30 });
  });

  it("is found by its alias", async () => {
    const { mocks } = await made("staging");
    assertIncludes(mocks.find(ALIAS, "key"), { name: "alias/app-staging", targetKeyId: "key-key-id" });
  });

  it("gives others its ARN and its id", async () => {
    const { key } = await made();
    assert.deepEqual([await known(key.arn), await known(key.id)], ["arn:key", "key-key-id"]);
  });

  it("is protected in prod alone", async () => {
    for (const environment of ENVIRONMENTS) {
      const { protection } = await made(environment);
      assert.equal(protection.get(KEY), environment === "prod", environment);
      assert.equal(protection.get(ALIAS), environment === "prod", environment);
    }
  });

  it("stays with the snapshots that outlive a stack, and goes with dev, which leaves none", async () => {
    for (const environment of ENVIRONMENTS) {
      const { retained } = await made(environment);
      assert.equal(retained.get(KEY), environment !== "dev", environment);
      assert.ok(!retained.get(ALIAS), "its name is free for the next stack of this name");
    }
  });

  it("leaves to IAM who of this account may use it, and lets nobody else in where no service is named", async () => {
    const { mocks } = await made();
    const [root, ...rest] = statements(mocks.find(KEY, "key")["policy"]);
    assertIncludes(root, {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: "kms:*",
    });
    assert.deepEqual(rest, []);
  });

  it("lets a service use it on behalf of this account, and not administer it", async () => {
    const { mocks } = await made("dev", ["cloudwatch.amazonaws.com"]);
    const [, service, ...rest] = statements(mocks.find(KEY, "key")["policy"]);
    assert.deepEqual(rest, []);
    assertIncludes(service, {
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
    });
    for (const action of service!.Action)
      assert.match(action, /^kms:(Encrypt|Decrypt|ReEncrypt|Generate|Desc)/);
  });

  it("lets CloudWatch Logs use it for log groups of this account and region", () => {
    const [, logs] = statements(keyPolicy(ACCOUNT, ["logs.eu-west-1.amazonaws.com"]));
    assert.deepEqual(logs!.Condition, {
      ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:*` },
    });
  });

  it("lets no service in without a condition", () => {
    const services = ["logs.us-east-1.amazonaws.com", "delivery.logs.amazonaws.com", "sns.amazonaws.com"];
    for (const { Condition } of statements(keyPolicy(ACCOUNT, services)).slice(1)) {
      assert.ok(JSON.stringify(Condition).includes(ACCOUNT));
    }
  });
});
