import assert from "node:assert/strict";
import {
  ExternalSecrets,
  OPERATOR_NAMESPACE,
  OPERATOR_SERVICE_ACCOUNT,
} from "../../components/cluster/externalSecrets";
import { registered, surroundings, waitedFor } from "./backendsFixture";
import { assertIncludes } from "./mocks";

const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const RELEASE = "kubernetes:helm.sh/v3:Release";

async function made() {
  const { mocks, options } = await registered((opts) => new ExternalSecrets("secrets", surroundings(), opts));
  const release = mocks.find(RELEASE, "secrets");
  return { mocks, options, release, values: release["values"] as Record<string, Record<string, unknown>> };
}

describe("ExternalSecrets", () => {
  it("runs a chart of a named version in a namespace of its own, where pods are hardened or refused", async () => {
    const { mocks, release } = await made();
    assertIncludes(release, { chart: "external-secrets", namespace: OPERATOR_NAMESPACE });
    assert.match(release["version"] as string, /^\d+\.\d+\.\d+$/);
    assertIncludes(mocks.find("kubernetes:core/v1:Namespace", OPERATOR_NAMESPACE), {
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

  it("is reached by the control plane at its webhook alone, and reaches DNS and HTTPS, but no node's metadata", async () => {
    const { mocks } = await made();
    const spec = (name: string) => mocks.find(POLICY, `${OPERATOR_NAMESPACE}-${name}`)["spec"];
    assert.deepEqual(spec("deny"), { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    assert.deepEqual(spec("webhook"), {
      podSelector: { matchLabels: { "app.kubernetes.io/name": "external-secrets-webhook" } },
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/16" } }], ports: [{ protocol: "TCP", port: 10250 }] }],
    });
    assertIncludes(spec("operator"), {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [
        { to: [{ podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }] },
        {
          to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
          ports: [{ protocol: "TCP", port: 443 }],
        },
      ],
    });
    assert.equal(mocks.names(POLICY).length, 3);
  });

  it("starts where policies hold, and its default account is nobody's", async () => {
    const { mocks, options } = await made();
    const before = await waitedFor(options(RELEASE, "secrets"));
    for (const policy of mocks.names(POLICY)) assert.ok(before.includes(`${POLICY} ${policy}`), policy);
    const account = mocks.find("kubernetes:core/v1:ServiceAccountPatch", `${OPERATOR_NAMESPACE}-default`);
    assert.equal(account["automountServiceAccountToken"], false);
  });

  it("survives the loss of a node, one of two leading", async () => {
    const { values } = await made();
    const available = { replicaCount: 2, podDisruptionBudget: { enabled: true } };
    assertIncludes(values, { ...available, leaderElect: true, webhook: available });
  });
});
