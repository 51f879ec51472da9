import assert from "node:assert/strict";
import { namespace } from "../../components/cluster/namespace";
import { record, settled } from "./mocks";

async function made() {
  const mocks = record();
  namespace("app", {});
  await settled();
  const home = mocks.find("kubernetes:core/v1:Namespace", "app");
  const account = mocks.find("kubernetes:core/v1:ServiceAccountPatch", "app-default");
  return { account, metadata: home["metadata"] as { name: string; labels: Record<string, string> } };
}

describe("namespace", () => {
  it("gates pods on the load balancer", async () => {
    const { metadata } = await made();
    assert.equal(metadata.name, "app");
    assert.equal(metadata.labels["elbv2.k8s.aws/pod-readiness-gate-inject"], "enabled");
  });

  it("refuses pods that are not hardened, records them, and warns whoever applies them", async () => {
    const { labels } = (await made()).metadata;
    for (const mode of ["enforce", "audit", "warn"]) {
      assert.equal(labels[`pod-security.kubernetes.io/${mode}`], "restricted", mode);
      assert.equal(labels[`pod-security.kubernetes.io/${mode}-version`], "latest", mode);
    }
  });

  it("gives no token to pods that name no account of their own", async () => {
    const { account } = await made();
    assert.equal(account["automountServiceAccountToken"], false);
    const { name, namespace } = account["metadata"] as Record<string, unknown>;
    assert.deepEqual({ name, namespace }, { name: "default", namespace: "app" });
  });
});
