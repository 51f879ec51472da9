import assert from "node:assert/strict";
import { promisify } from "node:util";
import {
  AnalyzeRequest,
  type AnalyzeResponse,
  AnalyzeStackRequest,
  AnalyzerResource,
  AnalyzerResourceOptions,
  ConfigureAnalyzerRequest,
  PolicyConfig,
} from "@pulumi/pulumi/proto/analyzer_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { CONTROLS } from "../../model/controls";
import { environmentOf, platformPolicies } from "../../policies/platform/policies";
import { type StartedPack, startPack } from "./startedPack";

type Json = Parameters<typeof Struct.fromJavaScript>[0];

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
  });
});

describe("the platform's pack that the engine starts", function () {
  this.timeout(30_000);
  let pack: StartedPack;
  before(async () => {
    pack = await startPack("policies/platform");
  });
  after(() => pack.close());

  const analyze = async (type: string, properties: object, stack = "prod"): Promise<string[]> => {
    const request = new AnalyzeRequest();
    request.setType(type);
    request.setName("one");
    request.setUrn(`urn:pulumi:${stack}::sluice::${type}::one`);
    request.setOptions(new AnalyzerResourceOptions());
    request.setProperties(Struct.fromJavaScript(properties as Json));
    const call = promisify<AnalyzeRequest, AnalyzeResponse>((asked, answer) =>
      pack.client.analyze(asked, answer),
    );
    return (await call(request)).getDiagnosticsList().map((found) => found.getMessage());
  };

  const configure = async (policy: string, properties: object): Promise<void> => {
    const request = new ConfigureAnalyzerRequest();
    const config = new PolicyConfig();
    config.setProperties(Struct.fromJavaScript(properties as Json));
    request.getPolicyconfigMap().set(policy, config);
    await promisify<ConfigureAnalyzerRequest, Empty>((asked, answer) => pack.client.configure(asked, answer))(
      request,
    );
  };

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

  it("judges nothing that a preview does not know", async () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    assert.deepEqual(await analyze(INSTANCE, { ...GOOD, storageEncrypted: unknown }), []);
  });

  it("takes exceptions, and another environment, from its configuration", async () => {
    const wrong = { ...GOOD, storageEncrypted: false, multiAz: false };
    await configure("S4", { except: ["RDS.3"], environment: "dev" });
    assert.deepEqual(await analyze(INSTANCE, wrong), []);
    await configure("S4", {});
    assert.equal((await analyze(INSTANCE, wrong)).length, 2);
  });

  const analyzeStack = async (resources: readonly { name: string; inputs: object }[]): Promise<string[]> => {
    const request = new AnalyzeStackRequest();
    for (const { name, inputs } of resources) {
      const { apiVersion, kind } = inputs as { apiVersion: string; kind: string };
      const type = `kubernetes:${apiVersion}:${kind}`;
      const one = new AnalyzerResource();
      one.setType(type);
      one.setName(name);
      one.setUrn(`urn:pulumi:prod::sluice::${type}::${name}`);
      one.setOptions(new AnalyzerResourceOptions());
      one.setProperties(Struct.fromJavaScript(inputs as Json));
      request.addResources(one);
    }
    const call = promisify<AnalyzeStackRequest, AnalyzeResponse>((asked, answer) =>
      pack.client.analyzeStack(asked, answer),
    );
    return (await call(request)).getDiagnosticsList().map((found) => found.getMessage());
  };

  it("judges what only a stack's resources together tell: a budget for what serves", async () => {
    const labels = { app: "api-gateway", colour: "blue" };
    const metadata = { name: "api-gateway-blue", namespace: "voiceassist" };
    const deployment = {
      name: "deployment",
      inputs: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata,
        spec: { template: { metadata: { labels } } },
      },
    };
    const budget = (colour: string) => ({
      name: "budget",
      inputs: {
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata,
        spec: { selector: { matchLabels: { ...labels, colour } } },
      },
    });
    assert.deepEqual(await analyzeStack([deployment, budget("blue")]), []);
    const [message, ...more] = await analyzeStack([deployment, budget("green")]);
    assert.deepEqual(more, []);
    assert.match(message!, /S3 budget .*found no PodDisruptionBudget/);
  });

  it("does not look at what no control is about", async () => {
    assert.deepEqual(await analyze("aws:sqs/queue:Queue", { name: "queue" }), []);
  });
});
