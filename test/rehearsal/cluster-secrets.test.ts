import assert from "node:assert/strict";
import { rotate } from "../../rehearsal/cloud/secrets/rotation";
import { SECRET } from "../../rehearsal/cloud/cluster/tokens";
import {
  deployment,
  DEPLOYMENT,
  JOB,
  template,
  testCluster,
  until,
  type TestCluster,
} from "./cluster-fixture";
import { text } from "./providers-fixture";
import { database, EXTERNAL_SECRET, externalSecret, make, store, type TestDatabase } from "./secrets-fixture";

const LABELS = { app: "api", colour: "blue" };
const VARIABLE = {
  env: [{ name: "DATABASE_URL", valueFrom: { secretKeyRef: { name: "db-credentials", key: "url" } } }],
};
const MOUNT = { volumeMounts: [{ name: "db", mountPath: "/var/run/secrets/db" }] };
const VOLUME = { volumes: [{ name: "db", secret: { secretName: "db-credentials" } }] };
const SKIP = { metadata: { annotations: { "pulumi.com/skipAwait": "true" } } };

describe("the Secrets of local pods", () => {
  let cluster: TestCluster;
  beforeEach(() => (cluster = testCluster()));
  afterEach(() => cluster.controllers.close());

  const pods = () => cluster.controllers.pods();
  const run = (container: object, spec: object = {}, more: object = {}) =>
    cluster.create(DEPLOYMENT, "api", {
      ...deployment({ replicas: 1, template: template(LABELS, container, spec) }),
      ...more,
    });
  const putSecret = (stringData: Record<string, string>) =>
    cluster.create(SECRET, "db-credentials", { stringData });
  const ask = async (path = "/") => {
    const response = await fetch(`http://127.0.0.1:${pods().find(({ ready }) => ready)!.port}${path}`);
    return { status: response.status, body: (await response.json()) as { error?: string; checks?: object } };
  };

  it("keep a container from starting that names one that is not there, or a key of it", async () => {
    await run(VARIABLE, {}, SKIP);
    await until(
      "it says so",
      () => pods()[0]?.reason === 'CreateContainerConfigError: secret "db-credentials" not found',
    );
    const made = await putSecret({ other: "x" });
    await until("it misses the key", () =>
      /couldn't find key url in Secret default\/db-credentials/.test(pods()[0]?.reason ?? ""),
    );
    assert.equal(pods()[0]!.ready, false);
    await cluster.delete(made);
    await putSecret({ url: "x" });
    await until("it starts", () => pods()[0]?.ready === true);
  });

  it("keep a pod from starting that mounts one that is not there", async () => {
    await assert.rejects(
      cluster.create(
        DEPLOYMENT,
        "api",
        deployment({ replicas: 1, template: template(LABELS, MOUNT, VOLUME) }),
        { timeoutSeconds: 0.2 },
      ),
      /MountVolume\.SetUp failed for volume "db" : secret "db-credentials" not found/,
    );
  });

  it("may be absent where they are optional", async () => {
    const env = [{ name: "X", valueFrom: { secretKeyRef: { name: "none", key: "x", optional: true } } }];
    const volumes = [{ name: "db", secret: { secretName: "none", optional: true } }];
    await run({ env, ...MOUNT }, { volumes });
    assert.equal((await ask()).status, 200);
  });

  describe("with a database", () => {
    let db: TestDatabase;
    beforeEach(async () => {
      db = await database(cluster.world);
      await store(cluster, [db.appArn]);
      await cluster.create(EXTERNAL_SECRET, "db", externalSecret(db.appArn));
    });

    const refused = async () => (await ask()).status === 500;

    it("sign in to it: health tells, and ordinary requests need it", async () => {
      await run(VARIABLE);
      assert.equal((await ask()).status, 200);
      assert.deepEqual((await ask("/health/db")).body.checks, { database: "ok" });
      rotate(cluster.world, db.appArn, "single");
      const { status, body } = await ask();
      assert.equal(status, 500);
      assert.equal(body.error, 'FATAL: password authentication failed for user "app"');
      assert.deepEqual(
        await Promise.all(
          ["/health", "/health/db", "/health/redis", "/health/detailed"].map(
            async (path) => (await ask(path)).status,
          ),
        ),
        [200, 503, 200, 503],
      );
    });

    it("that are mounted follow a rotation, so that alternating users lose no request", async () => {
      await run({ ...VARIABLE, ...MOUNT }, VOLUME);
      for (let i = 0; i < 3; i++) {
        const before = db.url();
        rotate(cluster.world, db.appArn, "alternating");
        const deadline = performance.now() + 500;
        while (performance.now() < deadline) assert.equal(await refused(), false, `in rotation ${i + 1}`);
        assert.notEqual(db.url(), before);
      }
    });

    it("that are in the environment stay as they were, and fail at the second rotation", async () => {
      await run(VARIABLE);
      rotate(cluster.world, db.appArn, "alternating");
      assert.equal(await refused(), false);
      rotate(cluster.world, db.appArn, "alternating");
      assert.equal(await refused(), true);
    });

    it("that are mounted fail under a single user's rotation until the kubelet has renewed them", async () => {
      await run(MOUNT, VOLUME);
      rotate(cluster.world, db.appArn, "single");
      assert.equal(await refused(), true);
      await new Promise((resolve) => setTimeout(resolve, 600));
      assert.equal(await refused(), false);
    });

    it("that are mounted by subPath are never renewed", async () => {
      const volumeMounts = [{ name: "db", mountPath: "/db/url", subPath: "url" }];
      await run({ volumeMounts }, VOLUME);
      rotate(cluster.world, db.appArn, "single");
      await new Promise((resolve) => setTimeout(resolve, 600));
      assert.equal(await refused(), true);
    });

    it("make a Job's command fail where the database refuses them", async () => {
      const job = (container: object) =>
        cluster.create(JOB, "migrate", {
          spec: {
            backoffLimit: 0,
            template: template({ app: "migrate" }, container, { restartPolicy: "Never" }),
          },
        });
      const made = await job(VARIABLE);
      await cluster.delete(made);
      await cluster.delete({ ...made, type: EXTERNAL_SECRET, id: "default/db" });
      await until(
        "the Secret is gone",
        () => cluster.world.get(SECRET, "default/db-credentials") === undefined,
      );
      await putSecret({ url: `postgresql://app:wrong@${db.host}:5432/app` });
      await assert.rejects(
        job(VARIABLE),
        /\[Pod default\/migrate-\w+\]: Container "api" completed with exit code 1: FATAL: password authentication failed/,
      );
    });
  });

  it("sign in to the cache, by its token and over TLS", async () => {
    const made = await make(cluster.world, "aws:elasticache/replicationGroup:ReplicationGroup", "cache", {
      replicationGroupId: "cache",
      description: "cache",
      authToken: "a-token-of-16-characters",
      transitEncryptionEnabled: true,
    });
    const host = text(made.properties, "primaryEndpointAddress");
    const answers: Record<string, number> = {};
    for (const [why, url] of Object.entries({
      right: `rediss://:a-token-of-16-characters@${host}:6379/0`,
      plain: `redis://:a-token-of-16-characters@${host}:6379/0`,
      wrong: `rediss://:x@${host}:6379`,
      none: `rediss://${host}:6379`,
    })) {
      const secret = await putSecret({ url });
      const running = await run(VARIABLE);
      answers[why] = (await ask("/health/redis")).status;
      assert.equal((await ask("/health/db")).status, 200);
      await cluster.delete(running);
      await cluster.delete(secret);
    }
    assert.deepEqual(answers, { right: 200, plain: 503, wrong: 503, none: 503 });
  });
});
