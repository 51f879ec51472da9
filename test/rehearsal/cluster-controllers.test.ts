import assert from "node:assert/strict";
import { get } from "node:http";
import type { LocalPod } from "../../rehearsal/cloud/cluster/controllers";
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

describe("local pods", () => {
  let cluster: TestCluster;
  beforeEach(() => (cluster = testCluster()));
  afterEach(() => cluster.controllers.close());

  const pods = () => cluster.controllers.pods();
  const ready = () => pods().filter((pod) => pod.ready);
  const url = (pod: LocalPod, path = "/") => `http://127.0.0.1:${pod.port}${path}`;

  it("answer any path with who they are", async () => {
    await cluster.create(DEPLOYMENT, "api", deployment({ template: image("2.3.1") }));
    assert.equal(pods().length, 2);
    assert.notEqual(pods()[0]!.port, pods()[1]!.port);
    const response = await fetch(url(pods()[0]!, "/some/path?q=1"), { method: "POST", body: "x" });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("x-version"), "2.3.1");
    assert.equal(response.headers.get("x-colour"), "blue");
    assert.deepEqual(await response.json(), {
      service: "api",
      colour: "blue",
      version: "2.3.1",
      pod: pods()[0]!.name,
    });
  });

  it("tell their health on every health path", async () => {
    await cluster.create(DEPLOYMENT, "api", deployment());
    for (const path of ["/health", "/health/db", "/health/redis", "/health/detailed"]) {
      const body = (await (await fetch(url(pods()[0]!, path))).json()) as Record<string, string>;
      assert.deepEqual(Object.keys(body), ["status", "version", "timestamp"]);
      assert.equal(body.status, "healthy");
      assert.ok(!Number.isNaN(Date.parse(body.timestamp!)));
    }
    cluster.controllers.setBehaviour(BLUE, { unhealthy: true });
    assert.equal((await fetch(url(pods()[0]!, "/health"))).status, 503);
    assert.equal((await fetch(url(pods()[0]!, "/"))).status, 200);
  });

  it("count ordinary requests by status, and their duration", async () => {
    await cluster.create(DEPLOYMENT, "api", deployment({ replicas: 1 }));
    const [pod] = pods();
    for (let i = 0; i < 3; i++) await (await fetch(url(pod!))).text();
    await (await fetch(url(pod!, "/health"))).text();
    cluster.controllers.setBehaviour(BLUE, { errorRate: 100, latencyMs: 20 });
    assert.equal((await fetch(url(pod!))).status, 500);
    const metrics = await (await fetch(url(pod!, "/metrics"))).text();
    const who = 'service="api",colour="blue",version="1.0.0"';
    assert.ok(metrics.includes(`http_requests_total{${who},status="200"} 3\n`), metrics);
    assert.ok(metrics.includes(`http_requests_total{${who},status="500"} 1\n`), metrics);
    assert.ok(metrics.includes(`http_request_duration_seconds_bucket{${who},le="+Inf"} 4\n`), metrics);
    const within = new RegExp(`bucket\\{${who},le="0.01"\\} (\\d+)`).exec(metrics);
    assert.ok(Number(within?.[1]) <= 3, "the slow one is not among those under 10 ms");
  });

  it("become ready only when their readiness probe succeeds, and lose it when it fails", async () => {
    cluster.controllers.setBehaviour(BLUE, { unhealthy: true });
    const probed = image("1", {
      readinessProbe: { httpGet: { path: "/health", port: 8000 }, periodSeconds: 1, failureThreshold: 1 },
    });
    const skip = { metadata: { annotations: { "pulumi.com/skipAwait": "true" } } };
    await cluster.create(DEPLOYMENT, "api", { ...deployment({ replicas: 1, template: probed }), ...skip });
    await until("the pod fails its probe", () => pods()[0]?.reason.startsWith("Unhealthy") === true);
    assert.equal(ready().length, 0);
    cluster.controllers.clearBehaviours();
    await until("the pod is ready", () => ready().length === 1);
    cluster.controllers.setBehaviour(BLUE, { unhealthy: true });
    await until("the pod is unready again", () => ready().length === 0);
  });

  it("reset their connections when they crash, come back, and count it", async () => {
    await cluster.create(DEPLOYMENT, "api", deployment({ replicas: 1 }));
    cluster.controllers.setBehaviour(BLUE, { latencyMs: 1_000 });
    const cut = fetch(url(pods()[0]!)).then(
      () => "answered",
      () => "reset",
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    cluster.controllers.setBehaviour(BLUE, { crash: true });
    assert.equal(await cut, "reset");
    await until("the crash is seen", () => pods()[0]!.restarts > 0 && !pods()[0]!.ready);
    cluster.controllers.clearBehaviours();
    await until("the pod is back", () => ready().length === 1);
    assert.equal((await fetch(url(pods()[0]!))).status, 200);
  });

  it("leave the endpoints first and finish what is in flight when they end", async () => {
    addTargetGroup(cluster.world);
    await cluster.create(SERVICE, "api-blue", service());
    await cluster.create(TARGET_GROUP_BINDING, "api-blue", {
      spec: { serviceRef: { name: "api-blue", port: 80 }, targetGroupARN: ARN },
    });
    const made = await cluster.create(
      DEPLOYMENT,
      "api",
      deployment({
        replicas: 1,
        template: image("1", { lifecycle: { preStop: { sleep: { seconds: 2 } } } }),
      }),
    );
    await until("the target is registered", () => cluster.world.targets(ARN).length === 1);
    cluster.controllers.setBehaviour(BLUE, { latencyMs: 300 });
    const [pod] = pods();
    const inFlight = fetch(url(pod!));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const gone = cluster.delete(made);
    await until("the target drains", () => cluster.world.targets(ARN)[0]?.state === "draining");
    assert.equal((await fetch(url(pod!, "/health"))).status, 200, "during preStop the pod still serves");
    const response = await inFlight;
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("connection"), "close");
    await gone;
    await assert.rejects(fetch(url(pod!)));
    assert.deepEqual(pods(), []);
  });

  it("are cut off at the end of their grace period", async () => {
    const made = await cluster.create(
      DEPLOYMENT,
      "api",
      deployment({ replicas: 1, template: image("1", {}, { terminationGracePeriodSeconds: 2 }) }),
    );
    cluster.controllers.setBehaviour(BLUE, { latencyMs: 5_000 });
    const cut = new Promise<string>((resolve) => {
      get(url(pods()[0]!), () => resolve("answered")).on("error", () => resolve("reset"));
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const started = performance.now();
    await cluster.delete(made);
    assert.equal(await cut, "reset");
    assert.ok(performance.now() - started < 1_000, "2 s of grace at a twentieth of the pace");
  });
});

describe("a Deployment's controller", () => {
  let cluster: TestCluster;
  beforeEach(() => (cluster = testCluster()));
  afterEach(() => cluster.controllers.close());

  const alive = () => cluster.controllers.pods().filter((pod) => !pod.terminating);
  const ready = () => alive().filter((pod) => pod.ready);

  /** Rolls 1 to 2, and gives the smallest number of ready pods and the largest of all that was seen. */
  async function roll(strategy: object): Promise<{ least: number; most: number }> {
    const made = await cluster.create(
      DEPLOYMENT,
      "api",
      deployment({ replicas: 3, ...strategy, template: image("1") }),
    );
    let least = Infinity;
    let most = 0;
    const watch = setInterval(() => {
      least = Math.min(least, ready().length);
      most = Math.max(most, alive().length);
    }, 1);
    await cluster.update(made, deployment({ replicas: 3, ...strategy, template: image("2") }));
    clearInterval(watch);
    assert.deepEqual(
      ready().map((pod) => pod.version),
      ["2", "2", "2"],
    );
    assert.equal(alive().length, 3);
    return { least, most };
  }

  it("never goes below the replicas nor above the surge while it rolls", async () => {
    const { least, most } = await roll(rolling(1, 0));
    assert.equal(least, 3);
    assert.equal(most, 4);
  });

  it("reads percentages as Kubernetes does: up for the surge, down for what may be missing", async () => {
    const { least, most } = await roll(rolling("25%", "25%"));
    assert.equal(least, 3);
    assert.equal(most, 4);
  });

  it("ends all old pods before it starts new ones under Recreate", async () => {
    const { least } = await roll({ strategy: { type: "Recreate" } });
    assert.equal(least, 0);
  });

  it("keeps the old pods serving while new ones fail", async () => {
    const made = await cluster.create(
      DEPLOYMENT,
      "api",
      deployment({ replicas: 2, ...rolling(1, 0), template: image("1") }),
    );
    const bad = image("2");
    bad.metadata.labels = { ...BLUE, version: "2" } as typeof BLUE;
    cluster.controllers.setBehaviour({ version: "2" }, { crash: true });
    await assert.rejects(
      cluster.update(made, deployment({ replicas: 2, ...rolling(1, 0), template: bad }), {
        timeoutSeconds: 0.3,
      }),
      /Attempted to roll forward to new ReplicaSet/,
    );
    assert.deepEqual(
      ready().map((pod) => pod.version),
      ["1", "1"],
    );
    assert.equal(alive().length, 3);
  });

  it("scales up and down without touching the pods that stay", async () => {
    const made = await cluster.create(DEPLOYMENT, "api", deployment({ replicas: 2 }));
    const before = new Set(alive().map((pod) => pod.name));
    await cluster.update(made, deployment({ replicas: 4 }));
    assert.equal(alive().filter((pod) => before.has(pod.name)).length, 2);
    await cluster.update(made, deployment({ replicas: 0 }));
    await until("no pod is left", () => cluster.controllers.pods().length === 0);
  });

  it("replaces no pod when only annotations of the Deployment change", async () => {
    const made = await cluster.create(DEPLOYMENT, "api", deployment());
    const before = alive().map((pod) => pod.name);
    await cluster.update(made, { ...deployment(), metadata: { name: "api", annotations: { note: "x" } } });
    assert.deepEqual(
      alive().map((pod) => pod.name),
      before,
    );
  });

  it("gives StatefulSets and DaemonSets pods too, with the names that they have", async () => {
    const spec = { serviceName: "db", replicas: 2, selector: { matchLabels: BLUE }, template: image("1") };
    await cluster.create("kubernetes:apps/v1:StatefulSet", "db", { spec });
    assert.deepEqual(
      alive()
        .map((pod) => pod.name)
        .sort(),
      ["db-0", "db-1"],
    );
    await cluster.create("kubernetes:apps/v1:DaemonSet", "agent", {
      spec: { selector: { matchLabels: BLUE }, template: image("1") },
    });
    assert.equal(alive().length, 3);
  });
});

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
