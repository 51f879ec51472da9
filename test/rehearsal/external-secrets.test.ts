import assert from "node:assert/strict";
import { rotate } from "../../rehearsal/cloud/secrets/rotation";
import { SECRET } from "../../rehearsal/cloud/cluster/tokens";
import { testCluster, until, type TestCluster } from "./cluster-fixture";
import { database, EXTERNAL_SECRET, externalSecret, store, type TestDatabase } from "./secrets-fixture";

describe("the External Secrets Operator", () => {
  let cluster: TestCluster;
  let db: TestDatabase;
  beforeEach(async () => {
    cluster = testCluster();
    db = await database(cluster.world);
  });
  afterEach(() => cluster.controllers.close());

  const dataOf = (name = "db-credentials"): Record<string, string> => {
    const data = (cluster.world.get(SECRET, `default/${name}`)?.properties.data ?? {}) as Record<
      string,
      string
    >;
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
    );
  };
  const refused = (object: object, message: RegExp) =>
    assert.rejects(cluster.create(EXTERNAL_SECRET, "db", object, { timeoutSeconds: 0.2 }), message);

  it("writes what the template makes of the current version", async () => {
    await store(cluster, [db.appArn]);
    await cluster.create(EXTERNAL_SECRET, "db", externalSecret(db.appArn));
    assert.deepEqual(dataOf(), { url: db.url() });
  });

  it("takes single properties, and without a template the keys as they are", async () => {
    await store(cluster, ["arn:aws:secretsmanager:us-east-1:*:secret:app/*"]);
    const data = [{ secretKey: "user", remoteRef: { key: "app/user", property: "username" } }];
    await cluster.create(EXTERNAL_SECRET, "db", externalSecret("", { data, dataFrom: [], target: {} }));
    assert.deepEqual(dataOf("db"), { user: "app" });
  });

  it("follows a rotation at its refresh interval", async () => {
    await store(cluster, [db.appArn]);
    await cluster.create(EXTERNAL_SECRET, "db", externalSecret(db.appArn));
    const before = db.url();
    rotate(cluster.world, db.appArn, "alternating");
    assert.equal(dataOf().url, before);
    await until("the new URL is there", () => dataOf().url === db.url());
    assert.match(dataOf().url!, /app_clone/);
  });

  it("says what is missing, and is not ready", async () => {
    await store(cluster, [db.appArn]);
    await refused(
      externalSecret("nothing"),
      /\(SecretSyncedError\): error processing spec\.dataFrom\[0\]\.extract \(key: nothing\), err: Secret does not exist/,
    );
    const data = [{ secretKey: "x", remoteRef: { key: db.appArn, property: "colour" } }];
    await cluster.delete({ type: EXTERNAL_SECRET, name: "db", id: "default/db", inputs: {}, properties: {} });
    await refused(externalSecret("", { data, dataFrom: [] }), /key colour does not exist in secret/);
  });

  it("reports a template that it cannot render", async () => {
    await store(cluster, [db.appArn]);
    const target = { template: { data: { url: "{{ .nobody }}" } } };
    await refused(externalSecret(db.appArn, { target }), /at key url: map has no entry for key "nobody"/);
  });

  it("reads with the rights of the store's service account only", async () => {
    await store(cluster, [db.masterArn]);
    await refused(
      externalSecret(db.appArn),
      /reader is not authorized to perform: secretsmanager:GetSecretValue/,
    );
  });

  it("becomes ready when what was missing arrives", async () => {
    await store(cluster, [db.appArn]);
    const waiting = cluster.create(EXTERNAL_SECRET, "db", {
      ...externalSecret(db.appArn),
      spec: { ...externalSecret(db.appArn).spec, secretStoreRef: { name: "later" } },
    });
    const made = cluster.world.get("kubernetes:external-secrets.io/v1:SecretStore", "default/aws")!;
    cluster.world.put({
      ...made,
      id: "default/later",
      properties: { ...made.properties, metadata: { name: "later", namespace: "default" } },
    });
    await waiting;
    assert.equal(dataOf().url, db.url());
  });

  it("takes its Secret along when it goes", async () => {
    await store(cluster, [db.appArn]);
    const made = await cluster.create(EXTERNAL_SECRET, "db", externalSecret(db.appArn));
    await cluster.delete(made);
    await until(
      "the Secret is gone",
      () => cluster.world.get(SECRET, "default/db-credentials") === undefined,
    );
  });

  it("does nothing before it is installed", async () => {
    await refused(externalSecret(db.appArn), /there is no such condition yet/);
  });
});

describe("pulumi.com/waitFor", () => {
  let cluster: TestCluster;
  beforeEach(() => (cluster = testCluster()));
  afterEach(() => cluster.controllers.close());

  const claim = (waitFor: string) =>
    cluster.create(
      "kubernetes:core/v1:PersistentVolumeClaim",
      "data",
      { metadata: { annotations: { "pulumi.com/waitFor": waitFor } }, spec: {} },
      { timeoutSeconds: 0.1 },
    );

  it("waits for a value at a path, or for any", async () => {
    await claim('["jsonpath={.status.phase}=Bound", "jsonpath={.metadata.uid}"]');
  });

  it("fails with what it found instead", async () => {
    await assert.rejects(
      claim("jsonpath={.status.phase}=Lost"),
      /waiting for jsonpath=\{\.status\.phase\}=Lost; found Bound/,
    );
  });
});
