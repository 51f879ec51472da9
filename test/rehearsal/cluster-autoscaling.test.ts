import assert from "node:assert/strict";
import { deployment, DEPLOYMENT, testCluster, until, type TestCluster } from "./cluster-fixture";

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
});
