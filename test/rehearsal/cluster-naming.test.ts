import assert from "node:assert/strict";
import { deployment, DEPLOYMENT, testCluster } from "./cluster-fixture";

describe("names that the provider makes up", () => {
  const cluster = testCluster();
  after(() => cluster.controllers.close());
  const metadataOf = (result: { inputs: { metadata?: unknown } }) =>
    result.inputs.metadata as Record<string, unknown>;

  it("are the logical name and a suffix, marked as made up", () => {
    const metadata = metadataOf(cluster.check(DEPLOYMENT, deployment()));
    assert.equal(metadata.name, "thing-abcdef01");
    assert.deepEqual(metadata.annotations, { "pulumi.com/autonamed": "true" });
  });

  it("stay the same in later updates", () => {
    const first = cluster.check(DEPLOYMENT, deployment());
    const olds = { ...first.inputs, metadata: { ...metadataOf(first), name: "thing-before" } };
    assert.equal(metadataOf(cluster.check(DEPLOYMENT, deployment(), { olds })).name, "thing-before");
  });

  it("give way to a name that the program gives", () => {
    const metadata = metadataOf(cluster.check(DEPLOYMENT, { ...deployment(), metadata: { name: "api" } }));
    assert.equal(metadata.name, "api");
    assert.equal(metadata.annotations, undefined);
  });

  it("come with the provider's namespace, or default", () => {
    assert.equal(metadataOf(cluster.check(DEPLOYMENT, deployment())).namespace, "default");
    const there = cluster.check(DEPLOYMENT, deployment(), { provider: { namespace: "app" } });
    assert.equal(metadataOf(there).namespace, "app");
    const cluster_ = cluster.check("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", { rules: [] });
    assert.equal(metadataOf(cluster_).namespace, undefined);
  });
});
