import assert from "node:assert/strict";
import { clusterRoutes } from "../../rehearsal/cloud/cluster/routes";
import { serveEndpoint } from "../../rehearsal/cloud/endpoint/server";
import { Faults } from "../../rehearsal/cloud/faults";
import { secretRoutes } from "../../rehearsal/cloud/secrets/routes";
import { deployment, DEPLOYMENT, testCluster, until, type TestCluster } from "./cluster-fixture";
import { database } from "./secrets-fixture";

describe("the control API of the local cloud", () => {
  let cluster: TestCluster;
  let endpoint: Awaited<ReturnType<typeof serveEndpoint>>;
  beforeEach(async () => {
    cluster = testCluster();
    endpoint = await serveEndpoint(cluster.world, new Faults(), {
      ...clusterRoutes(cluster.controllers),
      ...secretRoutes(cluster.world),
    });
  });
  afterEach(async () => {
    cluster.controllers.close();
    await endpoint.close();
  });

  const call = async (method: string, path: string, body?: unknown) => {
    const url = `${endpoint.url}/_local/${path}`;
    const response = await fetch(url, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const pods = async () => (await call("GET", "pods")).body as unknown as { name: string; port: number }[];

  it("shows the pods, tells them how to behave, and ends one", async () => {
    await cluster.create(DEPLOYMENT, "api", deployment());
    const [first] = await pods();
    const answer = async () => (await fetch(`http://127.0.0.1:${first!.port}/`)).status;
    assert.equal(await answer(), 200);
    await call("POST", "behaviour", { selector: { app: "api" }, behaviour: { errorRate: 100 } });
    assert.equal(await answer(), 500);
    await call("DELETE", "behaviour");
    assert.equal(await answer(), 200);
    await call("POST", "behaviour", { behaviour: { provider: { name: "groq", rateLimited: 100 } } });
    assert.equal(await answer(), 502);
    await call("DELETE", "behaviour");
    await call("DELETE", `pods?name=${first!.name}`);
    await assert.rejects(answer());
    const names = () =>
      cluster.controllers
        .pods()
        .filter((pod) => pod.ready)
        .map(({ name }) => name);
    await until("another takes its place", () => names().length === 2 && !names().includes(first!.name));
  });

  it("refuses a behaviour that no pod has, and a pod that is not there", async () => {
    const provider = { name: "groq", errorrate: 1 };
    for (const behaviour of [
      { errorrate: 1 },
      { errorRate: "all" },
      { provider },
      { provider: 1 },
      undefined,
    ]) {
      const { status, body } = await call("POST", "behaviour", { behaviour });
      assert.equal(status, 400);
      assert.match(String(body.error), /it takes \{selector: .*errorRate: number/);
    }
    assert.match(String((await call("DELETE", "pods?name=x")).body.error), /there is no pod x/);
  });

  it("rotates a secret", async () => {
    const db = await database(cluster.world);
    const rotated = (await call("POST", "rotate", { secret: "app/user", strategy: "alternating" })).body;
    assert.deepEqual([rotated.secret, rotated.username], [db.appArn, "app_clone"]);
    assert.equal((await call("POST", "rotate", { secret: db.appArn })).body.username, "app_clone");
    assert.match(
      String((await call("POST", "rotate", { secret: "none" })).body.error),
      /can't find the specified/,
    );
    assert.match(
      String((await call("POST", "rotate", { strategy: "both" })).body.error),
      /it takes \{secret/,
    );
  });

  it("shows all that there is, but for what it notes for itself", async () => {
    await database(cluster.world);
    const held = (await call("GET", "world")).body as unknown as { type: string }[];
    assert.deepEqual(
      held.map(({ type }) => type.split(":")[2]),
      ["Instance", "Secret", "Secret", "SecretVersion", "SecretVersion"],
    );
  });
});
