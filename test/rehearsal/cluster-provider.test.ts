import assert from "node:assert/strict";
import { Faults } from "../../rehearsal/cloud/faults";
import { NotReady, UNKNOWN, type Values } from "../../rehearsal/cloud/providers/behaviour";
import { objectOf } from "../../rehearsal/cloud/cluster/objects";
import {
  deployment,
  DEPLOYMENT,
  JOB,
  NAMESPACE,
  SERVICE,
  service,
  template,
  testCluster,
  type TestCluster,
} from "./cluster-fixture";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const RELEASE = "kubernetes:helm.sh/v3:Release";
const SECRET = "kubernetes:core/v1:Secret";

describe("the Kubernetes provider", () => {
  let cluster: TestCluster;
  beforeEach(() => (cluster = testCluster()));
  afterEach(() => cluster.controllers.close());

  const job = (annotations: Values = {}) => ({
    metadata: { annotations },
    spec: { backoffLimit: 0, template: template({ app: "migrate" }, {}, { restartPolicy: "Never" }) },
  });
  const notReady = async (work: Promise<unknown>): Promise<NotReady> => {
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof NotReady, String(error));
    return error;
  };

  it("creates nothing in a preview, and leaves unknown what only the cluster can tell", async () => {
    const { inputs } = cluster.check(DEPLOYMENT, { ...deployment(), metadata: { name: "api" } });
    const wait = { signal: new AbortController().signal, timeoutSeconds: 0 };
    const subject = { urn: "urn", type: DEPLOYMENT, name: "api", provider: {} };
    const { properties } = await cluster.provider.create({ ...subject, ...wait, inputs, preview: true });
    assert.equal(properties.status, UNKNOWN);
    assert.equal(objectOf(properties.metadata).name, "api");
    assert.deepEqual(cluster.world.all(DEPLOYMENT), []);
  });

  it("gives an object its id, uid, version and status", async () => {
    const { id, properties } = await cluster.create(DEPLOYMENT, "api", deployment());
    const metadata = objectOf(properties.metadata);
    assert.equal(id, "default/api");
    assert.match(metadata.uid as string, /^[0-9a-f-]{36}$/);
    assert.match(metadata.resourceVersion as string, /^\d+$/);
    assert.equal(metadata.generation, 1);
    assert.equal(objectOf(properties.status).availableReplicas, 2);
    assert.equal((await cluster.create(NAMESPACE, "app", {})).id, "app");
  });

  it("gives a Service an address, and a Secret's text its encoding", async () => {
    const made = await cluster.create(SERVICE, "api", service());
    assert.match(objectOf(made.properties.spec).clusterIP as string, /^172\.20\.\d+\.\d+$/);
    const secret = await cluster.create(SECRET, "s", { stringData: { key: "text" } });
    assert.deepEqual(secret.properties.data, { key: "dGV4dA==" });
  });

  it("raises the generation with the spec only, and keeps uid and address", async () => {
    const made = await cluster.create(SERVICE, "api", service());
    const same = await cluster.update(made, service());
    assert.equal(objectOf(same.metadata).generation, 1);
    assert.notEqual(
      objectOf(same.metadata).resourceVersion,
      objectOf(made.properties.metadata).resourceVersion,
    );
    const other = await cluster.update(made, {
      ...service(),
      spec: { ...service().spec, selector: { app: "b" } },
    });
    assert.equal(objectOf(other.metadata).generation, 2);
    assert.equal(objectOf(other.metadata).uid, objectOf(made.properties.metadata).uid);
    assert.equal(objectOf(other.spec).clusterIP, objectOf(made.properties.spec).clusterIP);
  });

  it("refuses what exists already, what is gone, and a namespace that is missing", async () => {
    const made = await cluster.create(CONFIG_MAP, "c", { data: {} });
    await assert.rejects(
      cluster.create(CONFIG_MAP, "c", { data: {} }),
      /was not successfully created by the Kubernetes API server: configmaps "c" already exists/,
    );
    await cluster.delete(made);
    await assert.rejects(cluster.update(made, { data: {} }), /configmaps "c" not found/);
    await assert.rejects(
      cluster.create(CONFIG_MAP, "c", { metadata: { namespace: "nowhere" } }),
      /namespaces "nowhere" not found/,
    );
    await cluster.delete(made);
  });

  it("removes with a namespace what is in it", async () => {
    const namespace = await cluster.create(NAMESPACE, "app", {});
    await cluster.create(CONFIG_MAP, "c", { metadata: { namespace: "app" } });
    await cluster.create(CONFIG_MAP, "c", {});
    await cluster.delete(namespace);
    assert.deepEqual(
      cluster.world.all(CONFIG_MAP).map(({ id }) => id),
      ["default/c"],
    );
  });

  it("reads drift in what was recorded, and only that", async () => {
    const made = await cluster.create(SERVICE, "api", service());
    const read = () =>
      cluster.provider.read({
        urn: "urn",
        type: SERVICE,
        name: "api",
        provider: {},
        id: made.id,
        inputs: made.inputs,
        properties: made.properties,
        signal: new AbortController().signal,
        timeoutSeconds: 0,
      });
    assert.deepEqual((await read())?.inputs, made.inputs);
    const held = cluster.world.get(SERVICE, made.id)!;
    held.properties = {
      ...held.properties,
      spec: { ...objectOf(held.properties.spec), selector: { app: "edited" } },
    };
    assert.deepEqual(objectOf((await read())?.inputs.spec).selector, { app: "edited" });
    cluster.world.remove(SERVICE, made.id);
    assert.equal(await read(), undefined);
  });

  it("fails a Deployment whose pods crash, keeps it, and says why", async () => {
    cluster.controllers.setBehaviour({ app: "api" }, { crash: true });
    const failed = await notReady(cluster.create(DEPLOYMENT, "api", deployment(), { timeoutSeconds: 0.3 }));
    assert.match(failed.message, /'api' timed out waiting to be Ready/);
    assert.match(failed.message, /\[MinimumReplicasUnavailable\].*0 of 2/);
    assert.match(failed.message, /CrashLoopBackOff/);
    assert.equal(failed.id, "default/api");
    assert.ok(cluster.world.get(DEPLOYMENT, "default/api"));
  });

  it("gives a Deployment up after its progress deadline", async () => {
    cluster.controllers.setBehaviour({ app: "api" }, { crash: true });
    const failed = await notReady(
      cluster.create(DEPLOYMENT, "api", deployment({ progressDeadlineSeconds: 1 })),
    );
    assert.match(failed.message, /\[ProgressDeadlineExceeded\]/);
  });

  it("ends a wait when the engine cancels", async () => {
    cluster.controllers.setBehaviour({ app: "api" }, { crash: true });
    const cancel = new AbortController();
    const work = notReady(cluster.create(DEPLOYMENT, "api", deployment(), { signal: cancel.signal }));
    cancel.abort();
    assert.match((await work).message, /cancelled/);
  });

  it("waits for no pod where the annotation says so, nor for a headless Service", async () => {
    cluster.controllers.setBehaviour({}, { crash: true });
    const skip = { metadata: { annotations: { "pulumi.com/skipAwait": "true" } } };
    await cluster.create(DEPLOYMENT, "api", { ...deployment(), ...skip });
    await cluster.create(SERVICE, "headless", { spec: { ...service().spec, clusterIP: "None" } });
  });

  it("waits for a pod behind a Service, as long as the annotation allows", async () => {
    const short = { metadata: { annotations: { "pulumi.com/timeoutSeconds": "0.1" } }, spec: service().spec };
    const failed = await notReady(cluster.create(SERVICE, "api", short, { timeoutSeconds: 0 }));
    assert.match(failed.message, /Service does not target any Pods/);
    await cluster.create(DEPLOYMENT, "api", deployment());
    await cluster.create(SERVICE, "api2", { spec: service().spec });
  });

  it("runs a Job to its end, and fails with one that fails", async () => {
    const done = await cluster.create(JOB, "good", job());
    assert.equal(objectOf(done.properties.status).succeeded, 1);
    cluster.controllers.setBehaviour({ app: "migrate" }, { exitCode: 1 });
    const failed = await notReady(cluster.create(JOB, "bad", job()));
    assert.match(failed.message, /Job has reached the specified backoff limit/);
  });

  it("waits for a failed Job again, unless it is to be replaced", async () => {
    cluster.controllers.setBehaviour({ app: "migrate" }, { exitCode: 1 });
    const made = (annotations: Values) => {
      const { inputs } = cluster.check(JOB, { ...job(annotations), metadata: { name: "bad", annotations } });
      const subject = {
        urn: "urn",
        type: JOB,
        name: "bad",
        provider: {},
        id: "default/bad",
        ignoreChanges: [],
      };
      return cluster.provider.diff({ ...subject, oldInputs: inputs, olds: inputs, news: inputs });
    };
    const failed = await notReady(cluster.create(JOB, "bad", job()));
    const again = {
      type: JOB,
      name: "bad",
      id: failed.id,
      inputs: failed.inputs,
      properties: failed.properties,
    };
    await notReady(cluster.update(again, { spec: job().spec }));
    assert.deepEqual(made({}).changes, []);
    const replaced = made({ "pulumi.com/replaceUnready": "true" });
    assert.equal(replaced.changes[0]?.replace, true);
    assert.equal(replaced.deleteBeforeReplace, true);
  });

  it("lets the autoscaler have the number of pods", async () => {
    const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "api" };
    const made = await cluster.create(DEPLOYMENT, "api", deployment());
    await cluster.create(HPA, "api", { spec: { minReplicas: 3, maxReplicas: 5, scaleTargetRef } });
    const updated = await cluster.update(made, deployment({ replicas: 3 }));
    assert.equal(objectOf(updated.status).availableReplicas, 3);
    await assert.rejects(
      cluster.update(made, deployment({ replicas: 1 })),
      /conflict with "kube-controller-manager"/,
    );
    const free = await cluster.update(made, deployment({ replicas: undefined }));
    assert.equal(objectOf(free.status).availableReplicas, 3);
  });

  it("meets an injected fault before anything changes", async () => {
    const faults = new Faults();
    faults.add({
      action: "create",
      type: CONFIG_MAP,
      name: "^c$",
      error: { code: "Unavailable", message: "etcd is slow" },
      times: 1,
    });
    const faulty = testCluster({ faults });
    await assert.rejects(faulty.create(CONFIG_MAP, "c", {}), /etcd is slow/);
    assert.deepEqual(faulty.world.all(CONFIG_MAP), []);
    await faulty.create(CONFIG_MAP, "c", {});
    faulty.controllers.close();
  });

  it("deploys a Helm release, upgrades it and refuses its name to another", async () => {
    const subject = { urn: "urn", type: RELEASE, name: "lbc", provider: {} };
    const wait = { signal: new AbortController().signal, timeoutSeconds: 0, preview: false };
    const check = (news: Values) =>
      cluster.provider.check({ ...subject, olds: undefined, news, randomSeed: new Uint8Array(8) });
    assert.deepEqual(
      check({ chrt: "x" }).failures.map(({ property }) => property),
      ["chrt", "chart"],
    );
    const { inputs } = check({
      chart: "c",
      name: "lbc",
      namespace: "tools",
      createNamespace: true,
      values: { a: 1 },
    });
    const { id, properties } = await cluster.provider.create({ ...subject, ...wait, inputs });
    assert.equal(id, "tools/lbc");
    assert.equal(objectOf(properties.status).status, "deployed");
    await assert.rejects(cluster.provider.create({ ...subject, ...wait, inputs }), /cannot re-use a name/);
    const upgraded = await cluster.provider.update({
      ...subject,
      ...wait,
      id,
      oldInputs: inputs,
      olds: properties,
      news: inputs,
      ignoreChanges: [],
    });
    assert.equal(objectOf(upgraded.status).revision, 2);
  });
});
