import assert from "node:assert/strict";
import { UNKNOWN, type DiffResult, type Values } from "../../rehearsal/cloud/providers/behaviour";
import { deployment, DEPLOYMENT, JOB, SERVICE, service, template, testCluster } from "./cluster-fixture";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const SECRET = "kubernetes:core/v1:Secret";

describe("the Kubernetes provider's diff", () => {
  const cluster = testCluster();
  after(() => cluster.controllers.close());

  const diff = (type: string, olds: object, news: object, provider: Values = {}): DiffResult => {
    const checked = (object: object) => cluster.check(type, object).inputs;
    const [oldInputs, now] = [checked(olds), checked(news)];
    const subject = { urn: "urn", type, name: "thing", provider, id: "default/thing", ignoreChanges: [] };
    return cluster.provider.diff({ ...subject, oldInputs, olds: oldInputs, news: now });
  };
  const named = (object: object) => ({ ...object, metadata: { name: "api" } });
  const job = (image: string) => ({
    spec: { template: template({ app: "m" }, { image }, { restartPolicy: "Never" }) },
  });

  it("finds nothing where nothing changed", () => {
    assert.deepEqual(diff(DEPLOYMENT, named(deployment()), named(deployment())).changes, []);
  });

  it("names the exact path of a change, and updates in place", () => {
    const newer = deployment({
      template: template({ app: "api", colour: "blue" }, { image: "registry.test/api:2" }),
    });
    assert.deepEqual(diff(DEPLOYMENT, named(deployment()), named(newer)).changes, [
      { path: "spec.template.spec.containers[0].image", kind: "update", replace: false },
    ]);
  });

  it("takes an unknown value for a change", () => {
    const { changes } = diff(DEPLOYMENT, named(deployment()), named(deployment({ replicas: UNKNOWN })));
    assert.deepEqual(changes, [{ path: "spec.replicas", kind: "update", replace: false }]);
  });

  const data = (text: string) => ({ data: { key: text } });
  const replaced: [what: string, type: string, olds: object, news: object, path: string][] = [
    [
      "a name",
      DEPLOYMENT,
      named(deployment()),
      { ...deployment(), metadata: { name: "b" } },
      "metadata.name",
    ],
    [
      "a namespace",
      DEPLOYMENT,
      named(deployment()),
      { ...deployment(), metadata: { name: "api", namespace: "b" } },
      "metadata.namespace",
    ],
    [
      "a Deployment's selector",
      DEPLOYMENT,
      named(deployment()),
      named(deployment({ selector: { matchLabels: { app: "api" } } })),
      "spec.selector.matchLabels.colour",
    ],
    ["a Job's template", JOB, named(job("m:1")), named(job("m:2")), "spec.template.spec.containers[0].image"],
    [
      "a Service's cluster address",
      SERVICE,
      named(service()),
      named({ spec: { ...service().spec, clusterIP: "None" } }),
      "spec.clusterIP",
    ],
    ["a ConfigMap's data", CONFIG_MAP, named(data("a")), named(data("b")), "data.key"],
    [
      "a Secret's text",
      SECRET,
      named({ stringData: { key: "a" } }),
      named({ stringData: { key: "b" } }),
      "stringData.key",
    ],
  ];
  for (const [what, type, olds, news, path] of replaced) {
    it(`replaces for ${what}`, () => {
      const { changes } = diff(type, olds, news);
      assert.deepEqual(
        changes.map((change) => [change.path, change.replace]),
        [[path, true]],
      );
    });
  }

  it("updates data in place where the provider is configured so", () => {
    const mutable = { enableConfigMapMutable: "true" };
    assert.equal(diff(CONFIG_MAP, named(data("a")), named(data("b")), mutable).changes[0]!.replace, false);
    const immutable = { ...named(data("b")), immutable: true };
    assert.ok(
      diff(CONFIG_MAP, named(data("a")), immutable, mutable).changes.some((change) => change.replace),
    );
  });

  it("deletes first where the name is given, and not where it was made up", () => {
    assert.equal(diff(CONFIG_MAP, named(data("a")), named(data("b"))).deleteBeforeReplace, true);
    assert.equal(diff(CONFIG_MAP, data("a"), data("b")).deleteBeforeReplace, false);
    const moved = { ...data("a"), metadata: { name: "other" } };
    assert.equal(diff(CONFIG_MAP, named(data("a")), moved).deleteBeforeReplace, false);
  });
});

describe("the Kubernetes provider's own configuration", () => {
  const cluster = testCluster();
  after(() => cluster.controllers.close());

  const kubeconfig = (server: string, user = "aws") =>
    JSON.stringify({
      clusters: [{ name: "kubernetes", cluster: { server } }],
      contexts: [{ name: "aws", context: { cluster: "kubernetes", user } }],
      "current-context": "aws",
    });
  const diff = (olds: Values, news: Values) => {
    const subject = { urn: "urn", type: "pulumi:providers:kubernetes", name: "k", provider: {}, id: "1" };
    const result = cluster.provider.diffConfig({
      ...subject,
      oldInputs: olds,
      olds,
      news,
      ignoreChanges: [],
    });
    return result.changes.map(({ path, replace }) => [path, replace]);
  };

  it("keeps everything when only the user of the kubeconfig changes", () => {
    const now = { kubeconfig: kubeconfig("https://a", "me") };
    assert.deepEqual(diff({ kubeconfig: kubeconfig("https://a") }, now), [["kubeconfig", false]]);
  });

  it("replaces everything when the cluster changes, or may change", () => {
    const olds = { kubeconfig: kubeconfig("https://a") };
    assert.deepEqual(diff(olds, { kubeconfig: kubeconfig("https://b") }), [["kubeconfig", true]]);
    assert.deepEqual(diff(olds, { kubeconfig: UNKNOWN }), [["kubeconfig", true]]);
  });

  it("goes by clusterIdentifier where that is set", () => {
    const olds = { kubeconfig: kubeconfig("https://a"), clusterIdentifier: "c" };
    assert.deepEqual(diff(olds, { ...olds, kubeconfig: UNKNOWN }), [["kubeconfig", false]]);
    assert.deepEqual(diff(olds, { ...olds, clusterIdentifier: "d" }), [["clusterIdentifier", true]]);
  });

  it("refuses a misspelt setting and a kubeconfig that is none", () => {
    const check = (news: Values) =>
      cluster.provider
        .checkConfig({
          urn: "urn",
          type: "pulumi:providers:kubernetes",
          name: "k",
          provider: {},
          olds: undefined,
          news,
          randomSeed: new Uint8Array(8),
        })
        .failures.map(({ property }) => property);
    assert.deepEqual(check({ kubeconfg: "x" }), ["kubeconfg"]);
    assert.deepEqual(check({ kubeconfig: "{" }), ["kubeconfig"]);
    assert.deepEqual(check({ kubeconfig: kubeconfig("https://a"), enableServerSideApply: "true" }), []);
  });
});
