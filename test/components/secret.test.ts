import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { secretWithValue } from "../../components/backends/secret";
import { ENVIRONMENTS, type Environment } from "../../model/environments";
import { KEY_ARN, key, revealed } from "./backendsFixture";
import { RecordingMocks, assertIncludes, known, settled } from "./mocks";

const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

/** Gives a secret its value only when the test lets it. */
class SlowMocks extends RecordingMocks {
  write = (): void => undefined;
  readonly #written = new Promise<void>((resolve) => {
    this.write = resolve;
  });

  override newResource(args: pulumi.runtime.MockResourceArgs) {
    const answer = super.newResource(args);
    return args.type === VERSION ? (this.#written.then(() => answer) as never) : answer;
  }
}

function made(environment: Environment = "prod") {
  const mocks = new SlowMocks();
  void pulumi.runtime.setMocks(mocks, "sluice", environment, false);
  const value = { password: pulumi.secret("first") };
  return {
    mocks,
    arn: secretWithValue("credentials", { description: "", environment, key, value }, {}).arn,
  };
}

describe("secretWithValue", () => {
  it("is known to readers only when it has a value", async () => {
    const { mocks, arn } = made();
    let answered = false;
    const answer = known(arn).then((found) => {
      answered = true;
      return found;
    });
    while (mocks.names(VERSION).length === 0) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(answered, false);
    mocks.write();
    assert.equal(await answer, "arn:credentials");
    await settled();
  });

  it("is encrypted, and its first value is a secret of the state as well", async () => {
    const { mocks } = made();
    mocks.write();
    await settled();
    assertIncludes(mocks.find(SECRET, "credentials"), { kmsKeyId: KEY_ARN });
    assert.deepEqual(JSON.parse(revealed(mocks.find(VERSION, "credentials")["secretString"])), {
      password: "first",
    });
  });

  it("can be had back for thirty days but in dev, where its name is free at once", async () => {
    const days: unknown[] = [];
    for (const environment of ENVIRONMENTS) {
      const { mocks } = made(environment);
      mocks.write();
      await settled();
      days.push(mocks.find(SECRET, "credentials")["recoveryWindowInDays"]);
    }
    assert.deepEqual(days, [0, 30, 30]);
  });
});
