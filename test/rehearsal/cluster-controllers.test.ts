import assert from "node:assert/strict";
import { deployment, DEPLOYMENT, template, testCluster, until, type TestCluster } from "./cluster-fixture";

const BLUE = { app: "api", colour: "blue" };
const rolling = (maxSurge: number | string, maxUnavailable: number | string) => ({
  strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } },
});
const image = (version: string, container: object = {}, spec: object = {}) =>
  template(BLUE, { image: `registry.test/api:${version}`, ...container }, spec);

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
    bad.metadata.labels = { ...BLUE, version: "2" };
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
