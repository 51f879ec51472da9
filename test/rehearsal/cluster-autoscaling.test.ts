import assert from "node:assert/strict";
import { deployment, DEPLOYMENT, template, testCluster, until, type TestCluster } from "./cluster-fixture";

const HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";

describe("an autoscaler's floor", () => {
  let cluster: TestCluster;
  beforeEach(() => (cluster = testCluster()));
  afterEach(() => cluster.controllers.close());

  const autoscaler = (minReplicas: number) => ({
    spec: { scaleTargetRef: { kind: "Deployment", name: "api" }, minReplicas, maxReplicas: 10 },
  });
  const ready = () => cluster.controllers.pods().filter((pod) => pod.ready).length;

  it("raises the pods of its Deployment when it is raised", async () => {
    await cluster.create(DEPLOYMENT, "api", deployment({ replicas: 2 }));
    const hpa = await cluster.create(HPA, "api", autoscaler(2));
    await cluster.update(hpa, autoscaler(5));
    await until("five pods are ready", () => ready() === 5);
  });

  it("is no conflict with replicas that the program told Pulumi to ignore, and one with others", async () => {
    const made = await cluster.create(DEPLOYMENT, "api", deployment({ replicas: 2 }));
    await cluster.create(HPA, "api", autoscaler(4));
    await until("four pods are ready", () => ready() === 4);
    await assert.rejects(
      cluster.update(made, deployment({ replicas: 2, minReadySeconds: 0 })),
      /conflict with "kube-controller-manager"/,
    );
    const ignoring = { ignoreChanges: ["spec.replicas"] } as object;
    await cluster.update(made, deployment({ replicas: 2, minReadySeconds: 0 }), ignoring);
    assert.equal(ready(), 4);
  });

  it("is left under load and come back to when the load has gone", async function () {
    this.timeout(20_000);
    const asking = template({ app: "api", colour: "blue" }, { resources: { requests: { cpu: "100m" } } });
    await cluster.create(DEPLOYMENT, "api", deployment({ replicas: 2, template: asking }));
    const hpa = await cluster.create(HPA, "api", autoscaler(2));
    // Each request uses a tenth of a processor's second: two a second and pod are 200 % of what one asks for.
    cluster.controllers.setBehaviour({ app: "api" }, { cpuMs: 100 });
    const visit = setInterval(() => {
      for (const { port } of cluster.controllers.pods().filter((pod) => pod.ready))
        void fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.text());
    }, 20);
    try {
      await until("there are ten pods, the most that are allowed", () => ready() === 10);
    } finally {
      clearInterval(visit);
    }
    const status = () => cluster.world.get(HPA, hpa.id)?.properties.status as Record<string, number>;
    assert.equal(status().desiredReplicas, 10);
    await until("there are two again", () => cluster.controllers.pods().length === 2);
    await until("it says so", () => status().currentReplicas === 2 && status().desiredReplicas === 2);
  });
});
