import assert from "node:assert/strict";
import { kubeStateMetrics } from "../../rehearsal/cloud/cluster/kube-state-metrics";
import {
  DEPLOYMENT,
  JOB,
  type TestCluster,
  deployment,
  template,
  testCluster,
  until,
} from "./cluster-fixture";

const HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const LABELS = { app: "api", colour: "blue" };

describe("what kube-state-metrics tells of the local cluster", () => {
  let cluster: TestCluster;
  beforeEach(() => (cluster = testCluster()));
  afterEach(() => cluster.controllers.close());

  const pods = () => cluster.controllers.pods();
  const text = () => kubeStateMetrics(cluster.world, pods());
  /** A series' value, by its name and a part of its labels. */
  const value = (name: string, ...labels: readonly string[]): number | undefined => {
    const line = text()
      .split("\n")
      .find((one) => one.startsWith(`${name}{`) && labels.every((label) => one.includes(label)));
    return line === undefined ? undefined : Number(line.split(" ").at(-1));
  };

  it("is a pod's readiness, age, phase and restarts, under its namespace and name", async () => {
    await cluster.create(DEPLOYMENT, "api", deployment({ replicas: 1 }));
    const pod = `pod="${pods()[0]!.name}"`;
    const of = (name: string, ...more: string[]) => value(name, 'namespace="default"', pod, ...more);
    assert.equal(of("kube_pod_status_ready", 'condition="true"'), 1);
    assert.equal(of("kube_pod_status_ready", 'condition="false"'), 0);
    assert.equal(of("kube_pod_status_phase", 'phase="Running"'), 1);
    assert.equal(of("kube_pod_container_status_restarts_total", 'container="api"'), 0);
    assert.ok(Math.abs(of("kube_pod_created")! - Date.now() / 1_000) < 30);
    assert.equal(of("kube_pod_deletion_timestamp"), undefined);
    cluster.controllers.setBehaviour(LABELS, { crash: true });
    await until("it has crashed", () => pods()[0]!.restarts > 0);
    assert.ok(of("kube_pod_container_status_restarts_total")! > 0);
    assert.equal(of("kube_pod_status_ready", 'condition="true"'), 0);
    assert.equal(of("kube_pod_container_status_waiting_reason", 'reason="CrashLoopBackOff"'), 1);
  });

  it("is a pod's version, where it has one as a label", async () => {
    const labels = { ...LABELS, version: "2.4.0" };
    await cluster.create(DEPLOYMENT, "api", deployment({ replicas: 1, template: template(labels) }));
    await cluster.create(DEPLOYMENT, "old", deployment({ replicas: 1 }));
    const named = pods().map(({ name }) => `pod="${name}"`);
    assert.equal(value("kube_pod_labels", named[0]!, 'label_version="2.4.0"'), 1);
    assert.equal(value("kube_pod_labels", named[1]!), 1);
    assert.equal(value("kube_pod_labels", named[1]!, "label_version"), undefined);
  });

  it("is when a pod that was told to end does so at the latest", async () => {
    const slow = template(LABELS, { lifecycle: { preStop: { sleep: { seconds: 4 } } } });
    const made = await cluster.create(DEPLOYMENT, "api", deployment({ replicas: 1, template: slow }));
    const gone = cluster.delete(made);
    await until("it is ending", () => pods()[0]?.terminating === true);
    assert.ok(value("kube_pod_deletion_timestamp")! > Date.now() / 1_000);
    await gone;
    assert.equal(value("kube_pod_deletion_timestamp"), undefined);
  });

  it("is what a Deployment should have and has, with its autoscaler's number", async () => {
    await cluster.create(DEPLOYMENT, "api", deployment({ replicas: 2 }));
    const of = (name: string) => value(name, 'namespace="default"', 'deployment="api"');
    assert.equal(of("kube_deployment_spec_replicas"), 2);
    assert.equal(of("kube_deployment_status_replicas_available"), 2);
    cluster.controllers.setBehaviour({}, { unhealthy: true, crash: true });
    await cluster.create(HPA, "api", {
      spec: { scaleTargetRef: { kind: "Deployment", name: "api" }, minReplicas: 4, maxReplicas: 6 },
    });
    await until("none is available", () => of("kube_deployment_status_replicas_available") === 0);
    assert.equal(of("kube_deployment_spec_replicas"), 4);
    const scaler = 'horizontalpodautoscaler="api"';
    assert.equal(value("kube_horizontalpodautoscaler_spec_max_replicas", scaler), 6);
  });

  it("is how a Job ended: complete, or failed and why", async () => {
    const job = {
      spec: { backoffLimit: 0, template: template({ app: "job" }, {}, { restartPolicy: "Never" }) },
    };
    await cluster.create(JOB, "good", job);
    cluster.controllers.setBehaviour({ app: "job" }, { exitCode: 3 });
    await assert.rejects(cluster.create(JOB, "bad", job));
    const of = (name: string, which: string, ...more: string[]) =>
      value(name, `job_name="${which}"`, ...more);
    assert.equal(of("kube_job_complete", "good", 'condition="true"'), 1);
    assert.equal(of("kube_job_failed", "good"), undefined);
    assert.equal(of("kube_job_status_failed", "good"), 0);
    assert.equal(of("kube_job_failed", "bad", 'condition="true"'), 1);
    assert.equal(of("kube_job_status_failed", "bad", 'reason="BackoffLimitExceeded"'), 1);
    assert.equal(of("kube_job_complete", "bad"), undefined);
  });
});
