import assert from "node:assert/strict";
import {
  ExternalSecrets,
  OPERATOR_NAMESPACE,
  OPERATOR_SERVICE_ACCOUNT,
} from "../../components/cluster/externalSecrets";
import { registered, surroundings } from "./backendsFixture";
import { assertIncludes } from "./mocks";

const RELEASE = "kubernetes:helm.sh/v3:Release";

async function made() {
  const { mocks } = await registered((opts) => new ExternalSecrets("secrets", surroundings(), opts));
  const release = mocks.find(RELEASE, "secrets");
  return { mocks, release, values: release["values"] as Record<string, Record<string, unknown>> };
}

describe("ExternalSecrets", () => {
  it("runs a chart of a named version in a namespace of its own, where pods are hardened or refused", async () => {
    const { mocks, release } = await made();
    assertIncludes(release, { chart: "external-secrets", namespace: OPERATOR_NAMESPACE });
    assert.match(release["version"] as string, /^\d+\.\d+\.\d+$/);
    assertIncludes(mocks.find("kubernetes:core/v1:Namespace", "secrets"), {
      metadata: {
        name: OPERATOR_NAMESPACE,
        labels: { "pod-security.kubernetes.io/enforce": "restricted" },
      },
    });
  });

  it("brings the definitions of its objects along", async () => {
    assert.equal((await made()).values["installCRDs"], true);
  });

  it("has no rights in AWS, and acts as a service account only where it is let", async () => {
    const { mocks, values } = await made();
    assert.deepEqual(mocks.names("aws:iam/role:Role"), []);
    assertIncludes(values, {
      serviceAccount: { name: OPERATOR_SERVICE_ACCOUNT, annotations: undefined },
      rbac: { serviceAccountTokenCreate: false, aggregateToEdit: false, aggregateToAdmin: false },
    });
  });

  it("reaches across no namespaces and writes nothing back", async () => {
    const { values } = await made();
    for (const what of ["ClusterExternalSecret", "ClusterPushSecret", "PushSecret", "ClusterGenerator"]) {
      assert.equal(values[`process${what}`], false, what);
      assert.equal(values["crds"]?.[`create${what}`], false, what);
    }
    assert.equal(values["processClusterStore"], false);
    assert.equal(values["crds"]?.["createClusterSecretStore"], false);
  });

  it("survives the loss of a node, one of two leading", async () => {
    const { values } = await made();
    const available = { replicaCount: 2, podDisruptionBudget: { enabled: true } };
    assertIncludes(values, { ...available, leaderElect: true, webhook: available });
  });
});
