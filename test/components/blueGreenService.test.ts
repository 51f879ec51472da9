import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { BlueGreenService } from "../../components/service/blueGreenService";
import { defaultLimits } from "../../model/limits";
import { type Colour, type Release, greenAt } from "../../model/release";
import { type ServiceSettings, defaultServices } from "../../model/services";
import { record, settled, silentHook } from "./mocks";

const RULE = "aws:lb/listenerRule:ListenerRule";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
const BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding";

const services = defaultServices("voiceassist", "dev");

const canary: Release = {
  strategy: "canary",
  live: "blue",
  traffic: greenAt(10),
  blue: { version: "2.3.1" },
  green: { version: "2.4.0" },
};

async function made(
  release: Release,
  service = "api-gateway",
  settings: Partial<ServiceSettings> = {},
  cold?: Colour,
) {
  const mocks = record();
  const complete = { ...services[service]!, ...settings };
  const component = new BlueGreenService(service, {
    context: {
      app: "voiceassist",
      environment: "dev",
      registry: "registry.example.com",
      release,
      cold,
      limits: defaultLimits("dev"),
      callable: Object.keys(services),
      namespace: "voiceassist",
      vpcId: "vpc-1",
      listenerArn: "arn:listener",
      previewSources: ["10.0.0.0/16"],
    },
    settings: complete,
    ...(complete.public && { route: { path: complete.public.path! } }),
    controller: new pulumi.ComponentResource("test:index:Controller", "controller"),
  });
  component.share({ after: [], guard: silentHook() });
  await settled();
  return mocks;
}

interface RuleInputs {
  priority: number;
  actions: { forward: { targetGroups: { arn: string; weight: number }[]; stickiness: object } }[];
}

const weighted = async (release: Release) =>
  (await made(release)).find(RULE, "api-gateway-weighted") as unknown as RuleInputs;

interface Template {
  spec: { template: { spec: { containers: { image: string; env: { name: string; value: string }[] }[] } } };
}

describe("BlueGreenService", () => {
  it("shares traffic by the weights of both target groups", async () => {
    const { actions } = await weighted(canary);
    const shares = actions[0]!.forward.targetGroups.map(({ arn, weight }) => [arn.split("/")[1], weight]);
    assert.deepEqual(shares, [
      ["api-gateway-blue", 90],
      ["api-gateway-green", 10],
    ]);
  });

  it("names both target groups even where one has no traffic, and sticks only while both have", async () => {
    for (const [green, enabled] of [
      [0, false],
      [1, true],
      [99, true],
      [100, false],
    ] as const) {
      const { actions } = await weighted({ ...canary, traffic: greenAt(green) });
      const [{ forward }] = actions as [RuleInputs["actions"][number]];
      assert.deepEqual(
        forward.targetGroups.map(({ weight }) => weight),
        [100 - green, green],
      );
      assert.deepEqual(forward.stickiness, { enabled, duration: 60 }, `at ${green} %`);
    }
  });

  it("asks a colour's header rule before the weighted rule", async () => {
    const mocks = await made(canary);
    const priority = (name: string) => mocks.find(RULE, name)["priority"] as number;
    assert.ok(priority("api-gateway-blue-header") < priority("api-gateway-weighted"));
    assert.ok(priority("api-gateway-green-header") < priority("api-gateway-weighted"));
  });

  it("lets the header be used only from the preview's addresses", async () => {
    const { conditions } = (await made(canary)).find(RULE, "api-gateway-green-header");
    assert.deepEqual((conditions as object[]).at(-1), { sourceIp: { values: ["10.0.0.0/16"] } });
  });

  it("gives a colour without a version a target group and a header rule, and no pods", async () => {
    const mocks = await made({ ...canary, traffic: greenAt(0), green: {} });
    assert.deepEqual(mocks.names(TARGET_GROUP), ["api-gateway-blue", "api-gateway-green"]);
    assert.ok(mocks.names(RULE).includes("api-gateway-green-header"));
    assert.deepEqual(mocks.names(DEPLOYMENT), ["api-gateway-blue"]);
    assert.deepEqual(mocks.names(BINDING), ["api-gateway-blue"]);
  });

  it("gives an internal service neither target groups nor rules", async () => {
    const mocks = await made(canary, "storage");
    assert.deepEqual(mocks.names(DEPLOYMENT), ["storage-blue", "storage-green"]);
    assert.deepEqual([...mocks.names(TARGET_GROUP), ...mocks.names(RULE)], []);
  });

  it("keeps of a cold colour everything but its pods", async () => {
    const mocks = await made({ ...canary, traffic: greenAt(0) }, "api-gateway", {}, "green");
    const replicas = (name: string) =>
      (mocks.find(DEPLOYMENT, name) as { spec: { replicas: number } }).spec.replicas;
    assert.deepEqual([replicas("api-gateway-blue"), replicas("api-gateway-green")], [1, 0]);
  });

  it("leaves out of a colour the services that its manifest does not have", async () => {
    const mocks = await made(
      { ...canary, green: { version: "2.4.0", services: ["api-gateway"] } },
      "storage",
    );
    assert.deepEqual(mocks.names(DEPLOYMENT), ["storage-blue"]);
  });

  for (const kind of ["worker", "singleton"] as const) {
    it(`runs a ${kind} in the live colour only`, async () => {
      const mocks = await made({ ...canary, live: "green" }, "analytics", { kind });
      assert.deepEqual(mocks.names(DEPLOYMENT), ["analytics-green"]);
    });
  }

  it("keeps a colour hermetic: its peers are of its own colour", async () => {
    const deployment = (await made(canary)).find(DEPLOYMENT, "api-gateway-green") as unknown as Template;
    const { env } = deployment.spec.template.spec.containers[0]!;
    const urls = env.filter(({ name }) => name.endsWith("_URL")).map(({ value }) => value);
    assert.equal(urls.length, Object.keys(services).length - 1);
    assert.deepEqual(
      urls.filter((url) => !/-green:80$/.test(url)),
      [],
    );
  });

  it("runs the manifest's image where it names one, and the version's otherwise", async () => {
    const digest = `registry.example.com/other@sha256:${"0".repeat(64)}`;
    const mocks = await made({ ...canary, green: { version: "2.4.0", images: { "api-gateway": digest } } });
    const image = (name: string) =>
      (mocks.find(DEPLOYMENT, name) as unknown as Template).spec.template.spec.containers[0]!.image;
    assert.equal(image("api-gateway-blue"), "registry.example.com/voiceassist-api-gateway:2.3.1");
    assert.equal(image("api-gateway-green"), digest);
  });

  it("does not touch a Deployment when shares move", async () => {
    const at = async (green: number) => (await made({ ...canary, traffic: greenAt(green) })).registered;
    const [before, after] = [await at(10), await at(50)];
    const changed = after.filter(
      ({ name, type, inputs }) =>
        JSON.stringify(before.find((one) => one.name === name && one.type === type)?.inputs) !==
        JSON.stringify(inputs),
    );
    assert.deepEqual(
      changed.map(({ name }) => name),
      ["api-gateway-weighted"],
    );
  });
});
