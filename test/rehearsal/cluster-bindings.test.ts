import assert from "node:assert/strict";
import type { Target } from "../../rehearsal/cloud/world";
import {
  addTargetGroup,
  ARN,
  binding,
  deployment,
  DEPLOYMENT,
  exposed,
  NAMESPACE,
  SERVICE,
  service,
  TARGET_GROUP_BINDING,
  template,
  testCluster,
  until,
  type TestCluster,
} from "./cluster-fixture";

const BLUE = { app: "api", colour: "blue" };
const rolling = (maxSurge: number | string, maxUnavailable: number | string) => ({
  strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } },
});
const image = (version: string, container: object = {}, spec: object = {}) =>
  template(BLUE, { image: `registry.test/api:${version}`, ...container }, spec);

describe("the TargetGroupBinding controller", () => {
  let cluster: TestCluster;
  beforeEach(() => (cluster = testCluster()));
  afterEach(() => cluster.controllers.close());

  const targets = () => cluster.world.targets(ARN);
  const active = () => targets().filter((target) => target.state !== "draining");
  const ports = () =>
    cluster.controllers
      .pods()
      .filter((pod) => pod.ready)
      .map((pod) => pod.port)
      .sort();
  const blue = (spec: object = {}) => ({ ...deployment(spec), metadata: { name: "api", namespace: "app" } });

  it("registers the ready pods of the Service, and those only", async () => {
    await exposed(cluster, false);
    await cluster.create(DEPLOYMENT, "api", blue());
    const green = { app: "api", colour: "green" };
    await cluster.create(DEPLOYMENT, "green", {
      ...deployment({}, green),
      metadata: { name: "green", namespace: "app" },
    });
    await cluster.create(DEPLOYMENT, "elsewhere", deployment());
    await until("two targets", () => active().length === 2);
    const expected = cluster.controllers
      .pods()
      .filter((pod) => pod.namespace === "app" && pod.colour === "blue");
    assert.deepEqual(
      active()
        .map(({ id, port }) => ({ id, port }))
        .sort((a, b) => a.port - b.port),
      expected.map(({ port }) => ({ id: "127.0.0.1", port })).sort((a, b) => a.port - b.port),
    );
  });

  it("follows a roll: new pods come in, old ones drain", async () => {
    await exposed(cluster, false);
    const made = await cluster.create(DEPLOYMENT, "api", blue());
    await until("two targets", () => active().length === 2);
    const before = active().map((target) => target.port);
    await cluster.update(made, blue({ template: image("2") }));
    await until(
      "the new pods are targets",
      () => active().length === 2 && active().every((target) => !before.includes(target.port)),
    );
    assert.deepEqual(
      active()
        .map((target) => target.port)
        .sort(),
      ports(),
    );
    assert.ok(
      targets()
        .filter((target) => before.includes(target.port))
        .every((target) => target.state === "draining"),
    );
  });

  it("deregisters what it does not know, and everything when the binding goes", async () => {
    await exposed(cluster, false);
    await cluster.create(DEPLOYMENT, "api", blue());
    await until("two targets", () => active().length === 2);
    cluster.world.register(ARN, { id: "10.0.0.9", port: 80 });
    await until("the stranger drains", () =>
      targets().some((target) => target.id === "10.0.0.9" && target.state === "draining"),
    );
    cluster.world.remove(TARGET_GROUP_BINDING, "app/api-blue");
    await until("the group is empty", () => active().length === 0);
    assert.equal(ports().length, 2);
  });

  const heal = (target: Target | undefined) => target && (target.state = "healthy");

  it("holds a gated pod back until its target is healthy", async () => {
    await exposed(cluster, true);
    const made = cluster.create(DEPLOYMENT, "api", blue({ replicas: 1 }));
    await until("the pod is registered", () => targets().length === 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(ports().length, 0);
    heal(targets()[0]);
    await made;
    assert.equal(ports().length, 1);
  });

  it("says that the gate is shut when the wait ends", async () => {
    await exposed(cluster, true);
    await assert.rejects(
      cluster.create(DEPLOYMENT, "api", blue({ replicas: 1 }), { timeoutSeconds: 0.2 }),
      /readiness gate of arn:.* has not opened/,
    );
  });

  it("keeps old pods while the gates of new ones are shut", async () => {
    await exposed(cluster, true);
    const first = cluster.create(DEPLOYMENT, "api", blue({ replicas: 1, ...rolling(1, 0) }));
    await until("the first is registered", () => targets().length === 1);
    heal(targets()[0]);
    const made = await first;
    const second = cluster.update(made, blue({ replicas: 1, ...rolling(1, 0), template: image("2") }));
    await until("both are registered", () => active().length === 2);
    assert.deepEqual(
      cluster.controllers
        .pods()
        .filter((pod) => pod.ready)
        .map((pod) => pod.version),
      ["1.0.0"],
    );
    heal(targets()[1]);
    await second;
    assert.deepEqual(
      cluster.controllers
        .pods()
        .filter((pod) => pod.ready)
        .map((pod) => pod.version),
      ["2"],
    );
  });

  it("gates no pod in a namespace without the label", async () => {
    await exposed(cluster, false);
    await cluster.create(DEPLOYMENT, "api", blue());
    assert.equal(ports().length, 2);
  });

  it("gates no pod that was there before the binding", async () => {
    const { labels } = { labels: { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" } };
    await cluster.create(NAMESPACE, "app", { metadata: { labels } });
    addTargetGroup(cluster.world);
    await cluster.create(DEPLOYMENT, "api", blue({ replicas: 1 }));
    await cluster.create(SERVICE, "api-blue", { spec: service().spec, metadata: { namespace: "app" } });
    await cluster.create(TARGET_GROUP_BINDING, "api-blue", { ...binding(), metadata: { namespace: "app" } });
    await until("the pod is registered", () => active().length === 1);
    assert.equal(ports().length, 1);
  });
});
