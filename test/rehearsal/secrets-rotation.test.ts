import assert from "node:assert/strict";
import { refusal } from "../../rehearsal/cloud/data/users";
import { CloudError } from "../../rehearsal/cloud/faults";
import { rotate, strategyOf } from "../../rehearsal/cloud/secrets/rotation";
import { currentVersion, versionsOf } from "../../rehearsal/cloud/secrets/versions";
import { World } from "../../rehearsal/cloud/world";
import { Cloud } from "./providers-fixture";
import { database, make, SECRET, SECRET_VERSION, type TestDatabase } from "./secrets-fixture";

const STACK = "aws:serverlessrepository/cloudFormationStack:CloudFormationStack";
const ROTATION = "aws:secretsmanager/secretRotation:SecretRotation";
const APPLICATION =
  "arn:aws:serverlessrepo:us-east-1:297356227824:applications/SecretsManagerRDSPostgreSQLRotation";

describe("the rotation of a database user's secret", () => {
  let world: World;
  let db: TestDatabase;
  beforeEach(async () => {
    world = new World();
    db = await database(world);
  });

  interface User {
    readonly username: string;
    readonly password: string;
  }
  const current = () =>
    JSON.parse(currentVersion(world, db.appArn)!.properties.secretString as string) as User & {
      host: string;
    };
  const accepted = ({ username, password }: User) =>
    refusal(world, { host: db.host, username, password }) === undefined;

  it("starts with the users that the first versions name", () => {
    assert.ok(accepted({ username: "steward", password: "of-a-length" }));
    assert.ok(accepted(current()));
    assert.ok(!accepted({ username: "app", password: "other" }));
    assert.match(
      refusal(world, { ...current(), host: "nowhere" })!,
      /could not translate host name "nowhere"/,
    );
  });

  it("with alternating users leaves the former one valid until the next rotation", () => {
    const users = [current()];
    for (let i = 0; i < 3; i++) {
      rotate(world, db.appArn, "alternating");
      users.push(current());
    }
    assert.deepEqual(
      users.map(({ username }) => username),
      ["app", "app_clone", "app", "app_clone"],
    );
    assert.deepEqual(users.map(accepted), [false, false, true, true]);
  });

  it("with a single user voids the former password at once", () => {
    const before = current();
    rotate(world, "app/user", "single");
    assert.equal(current().username, "app");
    assert.deepEqual([accepted(before), accepted(current())], [false, true]);
  });

  it("moves the stages of the versions", () => {
    rotate(world, db.appArn, "alternating");
    rotate(world, db.appArn, "alternating");
    assert.deepEqual(
      versionsOf(world, db.appArn).map(({ properties }) => properties.versionStages),
      [[], ["AWSPREVIOUS"], ["AWSCURRENT"]],
    );
  });

  it("keeps what else the secret says", () => {
    rotate(world, db.appArn, "alternating");
    const { password: _, ...rest } = current();
    assert.deepEqual(rest, {
      username: "app_clone",
      host: db.host,
      port: 5432,
      dbname: "app",
      masterarn: db.masterArn,
    });
  });

  it("fails where the master's secret does not open the database, or there is none", async () => {
    await make(world, SECRET_VERSION, "master-2", {
      secretId: db.masterArn,
      secretString: JSON.stringify({ username: "steward", password: "not the database's", host: db.host }),
    });
    assert.throws(
      () => rotate(world, db.appArn, "alternating"),
      /unable to log into the database as steward/,
    );
    assert.throws(() => rotate(world, db.masterArn, "alternating"), /"masterarn".*names no secret/);
    assert.throws(() => rotate(world, "nothing", "single"), CloudError);
  });

  it("does not take a value that a program puts over it for a change of the password", async () => {
    const value = { ...current(), password: "by-the-program" };
    await make(world, SECRET_VERSION, "user-2", { secretId: db.appArn, secretString: JSON.stringify(value) });
    assert.equal(current().password, "by-the-program");
    assert.ok(!accepted(current()));
  });

  it("happens on its creation unless told otherwise, by the strategy of its function", async () => {
    const application = { applicationId: `${APPLICATION}MultiUser`, parameters: { functionName: "rotate" } };
    await assert.rejects(
      make(world, STACK, "rotate", { name: "rotate", ...application }),
      /Requires capabilities/,
    );
    const made = await make(world, STACK, "rotate", {
      name: "rotate",
      ...application,
      capabilities: ["CAPABILITY_IAM", "CAPABILITY_RESOURCE_POLICY"],
    });
    const { RotationLambdaARN } = made.properties.outputs as { RotationLambdaARN: string };
    const rules = { rotationLambdaArn: RotationLambdaARN, rotationRules: { automaticallyAfterDays: 30 } };
    await make(world, ROTATION, "later", { secretId: db.appArn, rotateImmediately: false, ...rules });
    assert.equal(current().username, "app");
    assert.equal(strategyOf(world, db.appArn), "alternating");
    await make(world, ROTATION, "now", { secretId: db.appArn, ...rules });
    assert.equal(current().username, "app_clone");
  });
});

describe("a deleted secret", () => {
  it("keeps its name from being used again during its recovery window", async () => {
    const cloud = new Cloud();
    for (const [name, days] of [
      ["kept", 7],
      ["dropped", 0],
    ] as const) {
      const { id } = await cloud.create(SECRET, { name, recoveryWindowInDays: days });
      await cloud.create(SECRET_VERSION, { secretId: id, secretString: "x" });
      await cloud.delete(SECRET, id);
    }
    assert.deepEqual(cloud.world.everything(), []);
    await assert.rejects(cloud.create(SECRET, { name: "kept" }), /already scheduled for deletion/);
    await cloud.create(SECRET, { name: "dropped" });
    assert.match(cloud.faultsOf(SECRET, { name: "x", recoveryWindowInDays: 3 }).join(), /0, or 7 to 30/);
  });
});
