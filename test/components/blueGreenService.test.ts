import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type Release, greenAt } from "../../model/release";
import { assertSecret } from "./mocks";
import {
  ACCOUNT,
  AUTOSCALER,
  BINDING,
  BUDGET,
  DEPLOYMENT,
  RULE,
  SERVICE,
  SERVICES,
  Slow,
  TARGET_GROUP,
  canary,
  made,
} from "./serviceFixture";

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

  it("keeps of a cold colour everything but what makes its pods, which come back as a creation", async () => {
    const released = { ...canary, traffic: greenAt(0) };
    const cold = await made(released, "api-gateway", {}, { cold: "green" });
    const kept = (mocks: typeof cold, type: string) => mocks.names(type).filter((name) => /green/.test(name));
    for (const type of [DEPLOYMENT, AUTOSCALER, BUDGET]) {
      assert.deepEqual(kept(cold, type), [], type);
      assert.deepEqual(kept(await made(released), type), ["api-gateway-green"], type);
    }
    for (const type of [SERVICE, ACCOUNT, TARGET_GROUP, BINDING]) {
      assert.deepEqual(kept(cold, type), ["api-gateway-green"], type);
    }
    assert.deepEqual(cold.names(RULE).length, 3);
  });

  it("lets whoever knows the preview's secret come from anywhere, and keeps the secret one", async () => {
    const previewSecret = pulumi.secret("s3cret");
    const { conditions } = (await made(canary, "api-gateway", {}, { previewSecret })).find(
      RULE,
      "api-gateway-green-header",
    );
    assertSecret(conditions, [
      { pathPattern: { values: ["/api", "/api/*"] } },
      { httpHeader: { httpHeaderName: "x-sluice-preview", values: ["green-s3cret"] } },
    ]);
  });

  describe("a service that one colour lacks", () => {
    const lacks = (green: number, colour: "blue" | "green"): Release => {
      const services = Object.keys(SERVICES).filter((name) => name !== "api-gateway");
      const release = { ...canary, traffic: greenAt(green) };
      return { ...release, [colour]: { ...release[colour], services } };
    };
    const rule = (mocks: Awaited<ReturnType<typeof made>>) =>
      mocks.find(RULE, "api-gateway-weighted") as unknown as RuleInputs & { tags: Record<string, string> };

    it("has its traffic on the other one, by a rule that does not count as sharing", async () => {
      for (const [colour, weights] of [
        ["blue", [0, 100]],
        ["green", [100, 0]],
      ] as const) {
        const { actions, tags } = rule(await made(lacks(10, colour)));
        const [{ forward }] = actions as [RuleInputs["actions"][number]];
        assert.deepEqual(
          forward.targetGroups.map(({ weight }) => weight),
          weights,
        );
        assert.deepEqual(forward.stickiness, { enabled: false, duration: 60 });
        assert.equal(tags["sluice:role"], "sole");
      }
      assert.equal(rule(await made(canary)).tags["sluice:role"], "weighted");
    });

    it("stays the live colour's at 100 % for the candidate, and waits for nothing", async () => {
      const { actions } = rule(await made(lacks(100, "green")));
      const [{ forward }] = actions as [RuleInputs["actions"][number]];
      assert.deepEqual(
        forward.targetGroups.map(({ weight }) => weight),
        [100, 0],
      );
    });

    it("is the world's once the candidate's pods are there, whereas other shares wait for what they are told", async () => {
      const order = async (release: Release) => {
        const slow = () => ({ secrets: [new Slow("secrets")] });
        const names = (await made(release, "api-gateway", {}, slow)).registered
          .filter(({ type }) => type === DEPLOYMENT || type === RULE)
          .map(({ name }) => name)
          .filter((name) => !name.endsWith("-header"));
        return names.indexOf("api-gateway-weighted") > names.indexOf("api-gateway-green");
      };
      assert.ok(await order(lacks(10, "blue")), "sole in the candidate");
      assert.ok(!(await order(canary)), "shared: a fall must not wait");
      const rolling: Release = {
        ...canary,
        strategy: "rolling",
        live: "green",
        traffic: greenAt(100),
        blue: {},
      };
      assert.ok(await order(rolling), "in place");
    });

    it("is not the world's while only a colour without a share has it, and can be previewed", async () => {
      const mocks = await made(lacks(0, "blue"));
      assert.ok(!mocks.names(RULE).includes("api-gateway-weighted"));
      assert.ok(mocks.names(RULE).includes("api-gateway-green-header"));
      assert.deepEqual(mocks.names(DEPLOYMENT), ["api-gateway-green"]);
    });
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
    assert.equal(urls.length, Object.keys(SERVICES).length - 1);
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
