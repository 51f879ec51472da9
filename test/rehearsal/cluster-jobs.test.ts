import assert from "node:assert/strict";
import { JOB, template, testCluster, until, type TestCluster } from "./cluster-fixture";

const LABELS = { app: "migrate" };

describe("a Job", () => {
  let cluster: TestCluster;
  beforeEach(() => (cluster = testCluster()));
  afterEach(() => cluster.controllers.close());

  const create = (spec: object = {}, pod: object = {}, annotations: object = {}) =>
    cluster.create(JOB, "migrate", {
      metadata: { annotations },
      spec: { template: template(LABELS, {}, { restartPolicy: "Never", ...pod }), ...spec },
    });
  const status = () =>
    cluster.world.get(JOB, "default/migrate")!.properties.status as Record<string, unknown>;
  const failure = async (spec: object, pod: object = {}): Promise<string> => {
    const error = await create(spec, pod).then(
      () => assert.fail("the Job did not fail"),
      (reason: unknown) => reason as Error,
    );
    return error.message;
  };

  it("takes the time that its command takes", async () => {
    cluster.controllers.setBehaviour(LABELS, { runSeconds: 0.3 });
    const began = performance.now();
    await create();
    assert.ok(performance.now() - began >= 290);
    assert.deepEqual([status().succeeded, status().failed], [1, 0]);
  });

  it("tries with a new pod after each failure, and tells of each", async () => {
    cluster.controllers.setBehaviour(LABELS, { exitCode: 3 });
    const message = await failure({ backoffLimit: 2 });
    assert.match(message, /'migrate' failed to become ready/);
    assert.match(message, /\[Job default\/migrate\]: Job has reached the specified backoff limit/);
    const told = [
      ...message.matchAll(/\[Pod (default\/migrate-\w+)\]: Container "api" completed with exit code 3/g),
    ];
    assert.equal(new Set(told.map(([, pod]) => pod)).size, 3);
    assert.equal(status().failed, 3);
  });

  it("restarts in its pod where the restart policy is OnFailure", async () => {
    cluster.controllers.setBehaviour(LABELS, { exitCode: 1 });
    const message = await failure({ backoffLimit: 1 }, { restartPolicy: "OnFailure" });
    const pods = [...message.matchAll(/\[Pod (\S+)\]/g)].map(([, pod]) => pod);
    assert.equal(pods.length, 2);
    assert.equal(new Set(pods).size, 1);
  });

  it("succeeds when a later try does", async () => {
    cluster.controllers.setBehaviour(LABELS, { exitCode: 1 });
    const created = create({ backoffLimit: 6 });
    await until("one try has failed", () => Number(status().failed) > 0);
    cluster.controllers.clearBehaviours();
    await created;
    assert.equal(status().succeeded, 1);
  });

  it("ends at its deadline, command and all", async () => {
    cluster.controllers.setBehaviour(LABELS, { runSeconds: 60 });
    const message = await failure({ activeDeadlineSeconds: 1 });
    assert.match(message, /Job was active longer than specified deadline/);
    assert.deepEqual(cluster.controllers.pods(), []);
  });

  it("is tried again when its pod is lost in the middle", async () => {
    cluster.controllers.setBehaviour(LABELS, { runSeconds: 0.4 });
    const created = create({ backoffLimit: 1 });
    await until("its pod runs", () => cluster.controllers.pods()[0]?.reason === "Running");
    cluster.controllers.destroyPod(cluster.controllers.pods()[0]!.name);
    await created;
    assert.deepEqual([status().succeeded, status().failed], [1, 1]);
    assert.throws(() => cluster.controllers.destroyPod("nobody"), /there is no pod nobody/);
  });

  it("fails at once, or not at all, where its failure policy says so", async () => {
    const policy = (rule: object) => ({ backoffLimit: 0, podFailurePolicy: { rules: [rule] } });
    cluster.controllers.setBehaviour(LABELS, { exitCode: 42 });
    const exit = { action: "FailJob", onExitCodes: { operator: "In", values: [42] } };
    assert.match(
      await failure({ ...policy(exit), backoffLimit: 6 }),
      /exit code 42, which matches a rule FailJob/,
    );
    await cluster.delete({ type: JOB, name: "migrate", id: "default/migrate", inputs: {}, properties: {} });

    cluster.controllers.setBehaviour(LABELS, { exitCode: 0, runSeconds: 0.4 });
    const lost = { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] };
    const created = create(policy(lost));
    await until("its pod runs", () => cluster.controllers.pods()[0]?.reason === "Running");
    cluster.controllers.destroyPod(cluster.controllers.pods()[0]!.name);
    await created;
    assert.equal(status().failed, 0);
  });

  it("is as many completions as it was asked for", async () => {
    await create({ completions: 3 });
    assert.equal(status().succeeded, 3);
  });

  it("ends with its pod when it is deleted", async () => {
    cluster.controllers.setBehaviour(LABELS, { runSeconds: 60 });
    const made = await create({}, {}, { "pulumi.com/skipAwait": "true" });
    await until("its pod runs", () => cluster.controllers.pods().length === 1);
    await cluster.delete(made);
    await until("no pod is left", () => cluster.controllers.pods().length === 0);
  });

  it("that failed is replaced by the next update where it asks for that", async () => {
    cluster.controllers.setBehaviour(LABELS, { exitCode: 1 });
    const annotations = { "pulumi.com/replaceUnready": "true" };
    await assert.rejects(create({ backoffLimit: 0 }, {}, annotations));
    const { inputs } = cluster.check(JOB, { metadata: { name: "migrate", annotations } });
    const changed = cluster.provider.diff({
      urn: "",
      name: "migrate",
      type: JOB,
      provider: {},
      id: "default/migrate",
      oldInputs: inputs,
      olds: inputs,
      news: inputs,
      ignoreChanges: [],
    });
    assert.deepEqual(changed, {
      changes: [{ path: "status", kind: "update", replace: true }],
      deleteBeforeReplace: true,
    });
  });
});
