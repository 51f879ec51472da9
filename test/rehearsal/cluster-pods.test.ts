import assert from "node:assert/strict";
import { get } from "node:http";
import { PREVIEW_HEADER } from "../../model/names";
import type { LocalPod } from "../../rehearsal/cloud/cluster/controllers";
import {
  addTargetGroup,
  ARN,
  deployment,
  DEPLOYMENT,
  SERVICE,
  service,
  TARGET_GROUP_BINDING,
  template,
  testCluster,
  until,
  type TestCluster,
} from "./cluster-fixture";

const BLUE = { app: "api", colour: "blue" };
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
    await (await fetch(url(pod!), { headers: { [PREVIEW_HEADER]: "secret" } })).text();
    cluster.controllers.setBehaviour(BLUE, { errorRate: 100, latencyMs: 20 });
    assert.equal((await fetch(url(pod!))).status, 500);
    const metrics = await (await fetch(url(pod!, "/metrics"))).text();
    assert.ok(metrics.includes('http_requests_total{code="200"} 3\n'), metrics);
    assert.ok(metrics.includes('http_requests_total{code="500"} 1\n'), metrics);
    assert.ok(metrics.includes('http_request_duration_seconds_bucket{le="+Inf"} 4\n'), metrics);
    const within = /http_request_duration_seconds_bucket\{le="0.01"\} (\d+)/.exec(metrics);
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

  it("take the time to start that they take, and are ready no sooner", async () => {
    cluster.controllers.setBehaviour(BLUE, { startupMs: 300 });
    const began = performance.now();
    const made = cluster.create(DEPLOYMENT, "api", deployment({ replicas: 1 }));
    await until("the pod is there", () => pods().length === 1);
    assert.deepEqual([pods()[0]!.phase, pods()[0]!.ready, pods()[0]!.port], ["Pending", false, 0]);
    await made;
    assert.ok(performance.now() - began >= 290);
    assert.deepEqual([pods()[0]!.phase, pods()[0]!.ready], ["Running", true]);
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
