import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CONTROLS } from "../../model/controls";
import { ENVIRONMENTS } from "../../model/environments";
import { environmentOf } from "../../policies/platform/configuration";
import { platformPolicies } from "../../policies/platform/policies";
import { type PackConfig, type StartedPack, startPack } from "./startedPack";

/** What the engine sends in a preview for a text that is not known yet. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const INSTANCE = "aws:rds/instance:Instance";

/** An instance that every control of RDS is content with. */
const GOOD = {
  storageEncrypted: true,
  multiAz: true,
  monitoringInterval: 60,
  deletionProtection: true,
  enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
  iamDatabaseAuthenticationEnabled: true,
  backupRetentionPeriod: 7,
  copyTagsToSnapshot: true,
  dbSubnetGroupName: "voiceassist-prod",
  port: 5433,
  username: "voiceassist",
};

describe("the platform's policies", () => {
  it("are mandatory until an organisation says otherwise, and name their controls", () => {
    for (const { name, enforcementLevel, tags = [] } of platformPolicies) {
      assert.equal(enforcementLevel, "mandatory", name);
      assert.ok(
        CONTROLS.some(({ id }) => tags.includes(id)),
        name,
      );
    }
  });

  it("have every control that one resource can tell", () => {
    const told = platformPolicies.flatMap(({ tags = [] }) => tags);
    const alone = CONTROLS.filter((control) => control.alone).map(({ id }) => id);
    assert.deepEqual(
      alone.filter((id) => !told.includes(id)),
      [],
    );
  });

  it("know the environment by the stack's name, and take an unknown one for prod", () => {
    const urn = (stack: string) => `urn:pulumi:${stack}::sluice::${INSTANCE}::database`;
    assert.equal(environmentOf(urn("dev")), "dev");
    assert.equal(environmentOf(urn("voiceassist-staging")), "staging");
    assert.equal(environmentOf(urn("prod")), "prod");
    assert.equal(environmentOf(urn("development")), "prod");
    assert.equal(environmentOf(urn("dev-prod")), "prod", "the stricter of two");
  });
});

describe("the platform's pack that the engine starts", function () {
  this.timeout(30_000);
  let pack: StartedPack;
  before(async () => {
    pack = await startPack("policies/platform");
  });
  after(() => pack.close());

  const analyze = async (type: string, properties: object, stack?: string): Promise<string[]> =>
    (await pack.analyze({ type, name: "one", properties }, stack)).map(({ message }) => message);

  it("has the policies that are in it", async () => {
    assert.deepEqual(
      await pack.policies(),
      platformPolicies.map(({ name }) => name),
    );
  });

  it("permits what is right, and refuses what is wrong with value, limit and way out", async () => {
    assert.deepEqual(await analyze(INSTANCE, GOOD), []);
    const [message, ...more] = await analyze(INSTANCE, { ...GOOD, storageEncrypted: false });
    assert.deepEqual(more, []);
    assert.match(message!, /RDS\.3 .*found storageEncrypted = false; allowed: true\. Mend it/);
    assert.match(message!, /\{"S4": \{"except": \["RDS\.3"\]\}\}/);
  });

  it("lets dev be as small as it is meant to be", async () => {
    const small = { ...GOOD, multiAz: false, deletionProtection: false, backupRetentionPeriod: 1 };
    assert.deepEqual(await analyze(INSTANCE, small, "dev"), []);
    assert.equal((await analyze(INSTANCE, small, "prod")).length, 3);
  });

  it("says on one line, as advice, what a preview does not know, and reports what it does", async () => {
    const properties = { ...GOOD, storageEncrypted: UNKNOWN, monitoringInterval: UNKNOWN, multiAz: false };
    const [found, said, ...more] = await pack.analyze({ type: INSTANCE, name: "database", properties });
    assert.deepEqual(more, []);
    assert.deepEqual([found?.policy, found?.level], ["S4", "mandatory"]);
    assert.match(found!.message, /RDS\.5 .*found multiAz = false/);
    assert.deepEqual(said, {
      policy: "S4",
      level: "advisory",
      message:
        "database is not judged yet by RDS.3 (storageEncrypted is not known); " +
        "RDS.6 (monitoringInterval is not known): the update judges it",
    });
  });

  it("judges at the update, where all is known, what the preview could not", async () => {
    const at = async (storageEncrypted: unknown) =>
      (
        await pack.analyze({ type: INSTANCE, name: "database", properties: { ...GOOD, storageEncrypted } })
      ).map(({ level, message }) => [level, /RDS\.\d+/.exec(message)?.[0]]);
    assert.deepEqual(await at(UNKNOWN), [["advisory", "RDS.3"]]);
    assert.deepEqual(await at(false), [["mandatory", "RDS.3"]]);
    assert.deepEqual(await at(true), []);
  });

  it("takes exceptions, and another environment, from its configuration", async () => {
    const wrong = { ...GOOD, storageEncrypted: false, multiAz: false };
    await pack.configure({ S4: { except: ["RDS.3"], environment: "dev" } });
    assert.deepEqual(await analyze(INSTANCE, wrong), []);
    await pack.configure({});
    assert.equal((await analyze(INSTANCE, wrong)).length, 2);
  });

  it("says of no excepted control that it is not judged yet", async () => {
    await pack.configure({ S4: { except: ["RDS.3"] } });
    assert.deepEqual(await analyze(INSTANCE, { ...GOOD, storageEncrypted: UNKNOWN }), []);
    await pack.configure({});
  });

  it("judges nothing by a configuration with a key that it does not know, and names it", async () => {
    await pack.configure({ S4: { excepts: ["RDS.3"] } });
    await assert.rejects(analyze(INSTANCE, GOOD), (error: Error) => {
      assert.match(
        error.message,
        /the policy S4 cannot be used: S4\.excepts: no such key; did you mean "except"\?; allowed are except/,
      );
      assert.doesNotMatch(error.message, /server\.js|policies\.ts/, "a stack says nothing to people");
      return true;
    });
    await pack.configure({});
  });

  const labels = { app: "api-gateway", colour: "blue" };
  const metadata = { name: "api-gateway-blue", namespace: "voiceassist" };
  const deployment = {
    type: "kubernetes:apps/v1:Deployment",
    name: "deployment",
    properties: { metadata, spec: { template: { metadata: { labels } } } },
  };
  const budget = (colour: string) => ({
    type: "kubernetes:policy/v1:PodDisruptionBudget",
    name: "budget",
    properties: { metadata, spec: { selector: { matchLabels: { ...labels, colour } } } },
  });

  it("judges what only a stack's resources together tell: a budget for what serves", async () => {
    assert.deepEqual(await pack.analyzeStack([deployment, budget("blue")]), []);
    for (const others of [[], [budget("green")]]) {
      const [found, ...more] = await pack.analyzeStack([deployment, ...others]);
      assert.deepEqual(more, []);
      assert.equal(found?.level, "mandatory");
      assert.match(found.message, /S3 budget .*found no PodDisruptionBudget/);
    }
  });

  it("says that a budget of which a first preview knows nothing is not judged yet, and of whom", async () => {
    const none = { ...budget("blue"), properties: {} };
    const selector = { matchLabels: { ...labels, app: UNKNOWN } };
    const partly = { ...budget("blue"), properties: { metadata, spec: { selector } } };
    const cases = [
      [none, "what is in the cluster"],
      [partly, "spec.selector.matchLabels.app"],
    ] as const;
    for (const [unknown, property] of cases) {
      assert.deepEqual(await pack.analyzeStack([deployment, unknown]), [
        {
          policy: "S3-stack",
          level: "advisory",
          message: `deployment is not judged yet by S3 budget (${property} is not known): the update judges it`,
        },
      ]);
    }
  });

  it("reports what is wrong with one of a stack's resources beside one that it cannot judge yet", async () => {
    const other = { ...deployment, name: "other", properties: {} };
    const found = await pack.analyzeStack([deployment, other, budget("green")]);
    assert.deepEqual(
      found.map(({ level }) => level),
      ["mandatory", "advisory"],
    );
    assert.match(found[1]!.message, /^other is not judged yet by S3 budget/);
  });

  it("does not look at what no control is about", async () => {
    assert.deepEqual(await analyze("aws:sqs/queue:Queue", { name: "queue" }), []);
  });

  describe("with the file of an environment", () => {
    after(() => pack.configure({}));

    const file = (environment: string) =>
      JSON.parse(
        readFileSync(join(__dirname, `../../policies/platform/config/${environment}.json`), "utf8"),
      ) as PackConfig;
    const pod = { spec: { template: { metadata: { labels }, spec: { containers: [{ name: "main" }] } } } };
    const bare = { type: "kubernetes:apps/v1:Deployment", name: "bare", properties: pod };

    for (const environment of ENVIRONMENTS) {
      it(`knows every policy that ${environment}.json names, and leaves none out`, async () => {
        const { all, ...policies } = file(environment);
        assert.equal(all, "mandatory");
        assert.deepEqual(Object.keys(policies).sort(), (await pack.policies()).sort());
      });

      it(`judges every stack as one of ${environment}, whatever its name`, async () => {
        await pack.configure(file(environment));
        const small = { type: INSTANCE, name: "small", properties: { ...GOOD, multiAz: false } };
        for (const stack of ENVIRONMENTS) {
          const levels = (await pack.analyze(small, stack)).map(({ level }) => level);
          assert.deepEqual(levels, environment === "dev" ? [] : ["mandatory"], stack);
        }
      });

      it(`takes what pods lack for ${environment === "dev" ? "advice" : "a reason to refuse"}`, async () => {
        await pack.configure(file(environment));
        const found = [...(await pack.analyze(bare)), ...(await pack.analyzeStack([bare]))];
        const levels = new Set(
          found.filter(({ policy }) => policy.startsWith("S3")).map(({ level }) => level),
        );
        assert.deepEqual([...levels], [environment === "dev" ? "advisory" : "mandatory"]);
      });

      it(`refuses in ${environment} whatever is not encrypted`, async () => {
        await pack.configure(file(environment));
        const properties = { ...GOOD, storageEncrypted: false };
        const [found] = await pack.analyze({ type: INSTANCE, name: "one", properties });
        assert.equal(found?.level, "mandatory");
      });
    }
  });
});
