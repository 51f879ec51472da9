import assert from "node:assert/strict";
import { VectorStore } from "../../components/backends/vectorStore";
import { BACKENDS, SECRETS, type VectorStoreSettings } from "../../model/backends";
import { ENVIRONMENTS, type Environment } from "../../model/environments";
import { KEY_ARN, key, registered, revealed, statements, surroundings, waitedFor } from "./backendsFixture";
import { assertIncludes, known } from "./mocks";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const EXTERNAL = "kubernetes:external-secrets.io/v1:ExternalSecret";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const CLAIM = "kubernetes:core/v1:PersistentVolumeClaimPatch";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const NAME = "app-qdrant";

async function made(environment: Environment = "prod", changed: Partial<VectorStoreSettings> = {}) {
  const found = await registered(
    (opts) =>
      new VectorStore(
        "vectors",
        {
          name: "app",
          environment,
          ...surroundings(),
          settings: { ...BACKENDS[environment].vectorStore, ...changed },
          key,
          clients: "app",
        },
        opts,
      ),
  );
  const release = found.mocks.find(RELEASE, "qdrant");
  return { ...found, release, values: release["values"] as Values };
}

interface Values extends Record<string, unknown> {
  config: { cluster: { enabled: boolean } };
  topologySpreadConstraints: Record<string, unknown>[];
}

interface Peer {
  namespaceSelector?: { matchLabels: Record<string, string> };
  podSelector?: { matchLabels: Record<string, string> };
  ipBlock?: { cidr: string; except: string[] };
}
interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports: { port: number; protocol: string }[];
}
interface Spec {
  podSelector: { matchLabels?: Record<string, string> };
  policyTypes: string[];
  ingress?: Rule[];
  egress?: Rule[];
}

const specOf = ({ mocks }: Awaited<ReturnType<typeof made>>, policy: string) =>
  mocks.find(POLICY, `qdrant-${policy}`)["spec"] as Spec;

/** Each peer of the rules with its ports: `pods qdrant: 6335`. */
const opened = (rules: Rule[] | undefined): string[] =>
  (rules ?? []).flatMap(({ from, to, ports }) =>
    [...(from ?? []), ...(to ?? [])].map(({ namespaceSelector, podSelector, ipBlock }) => {
      const peer = [
        namespaceSelector && `namespace ${namespaceSelector.matchLabels["kubernetes.io/metadata.name"]!}`,
        podSelector && `pods ${Object.values(podSelector.matchLabels)[0]!}`,
        ipBlock && `${ipBlock.cidr} but ${ipBlock.except.join(",")}`,
      ];
      const listed = ports.map(({ protocol, port }) => (protocol === "UDP" ? `${port}/udp` : `${port}`));
      return `${peer.filter(Boolean).join(" ")}: ${listed.join(" ")}`;
    }),
  );

const DNS = "namespace kube-system pods kube-dns: 53/udp 53";

describe("VectorStore", () => {
  it("runs a chart of a named version, in a namespace where pods are hardened or refused", async () => {
    const { mocks, release } = await made();
    assertIncludes(release, { chart: "qdrant", namespace: "qdrant", name: "qdrant" });
    assert.match(release["version"] as string, /^\d+\.\d+\.\d+$/);
    assertIncludes(mocks.find(NAMESPACE, "qdrant"), {
      metadata: { name: "qdrant", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
  });

  it("has three nodes in prod, and one elsewhere", async () => {
    const nodes: unknown[] = [];
    for (const environment of ENVIRONMENTS) nodes.push((await made(environment)).values["replicaCount"]);
    assert.deepEqual(nodes, [1, 1, 3]);
  });

  it("never has two nodes that do not know each other behind one address", async () => {
    for (const replicas of [1, 2]) {
      const { values } = await made("dev", { replicas });
      assert.equal(values.config.cluster.enabled, true, "others join the first one");
    }
  });

  it("loses no quorum with a machine, a zone, or by an eviction", async () => {
    const { values } = await made();
    assertIncludes(values, {
      podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname" }],
        },
      },
    });
    assertIncludes(values.topologySpreadConstraints, [
      { topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "DoNotSchedule", maxSkew: 1 },
    ]);
  });

  it("meets the restricted Pod Security Standard, with no container that starts as root", async () => {
    assertIncludes((await made()).values, {
      image: { useUnprivilegedImage: true },
      updateVolumeFsOwnership: false,
      containerSecurityContext: {
        runAsNonRoot: true,
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        privileged: false,
        capabilities: { drop: ["ALL"] },
      },
      podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    });
  });

  it("asks for what settings say, and is not throttled", async () => {
    assert.deepEqual((await made()).values["resources"], {
      requests: { cpu: "2000m", memory: "8Gi" },
      limits: { memory: "8Gi" },
    });
  });

  it("takes its key from Secrets Manager, by a role that reads this secret and no other", async () => {
    const { mocks, values, component } = await made();
    assert.equal(await known(component.secretArn), `arn:${NAME}`);
    const version = mocks.find("aws:secretsmanager/secretVersion:SecretVersion", NAME);
    assert.deepEqual(JSON.parse(revealed(version["secretString"])), {
      "api-key": `password of ${NAME}`,
      url: "http://qdrant.qdrant.svc.cluster.local:6333",
    });
    const [read] = statements(mocks.find("aws:iam/rolePolicy:RolePolicy", NAME)["policy"]);
    assert.deepEqual(read?.Resource, [`arn:${NAME}`]);
    const [trust] = statements(mocks.find("aws:iam/role:Role", NAME)["assumeRolePolicy"]);
    assert.equal(
      trust?.Condition?.["StringEquals"]?.["issuer:sub"],
      "system:serviceaccount:qdrant:secrets-reader",
    );
    assertIncludes(mocks.find(EXTERNAL, "qdrant"), {
      metadata: { name: SECRETS.vectorStore, namespace: "qdrant" },
      spec: { dataFrom: [{ extract: { key: `arn:${NAME}` } }] },
    });
    assert.equal(values["apiKey"], undefined, "the chart would copy it");
    assertIncludes(values["env"], [
      {
        name: "QDRANT__SERVICE__API_KEY",
        valueFrom: { secretKeyRef: { name: SECRETS.vectorStore, key: "api-key" } },
      },
    ]);
    assert.ok(!JSON.stringify(values).includes("password of"));
  });

  it("starts when its Secret, its policies and what the cluster runs by are there, and not before", async () => {
    const { options } = await made();
    assert.deepEqual((await waitedFor(options(RELEASE, "qdrant"))).sort(), [
      `${EXTERNAL} qdrant`,
      `${POLICY} qdrant-deny`,
      `${POLICY} qdrant-snapshots`,
      `${POLICY} qdrant-store`,
      "pulumi:providers:kubernetes cluster",
    ]);
  });

  it("keeps volumes on the encrypted class, made with a size that no setting changes", async () => {
    const before = (await made()).values;
    const volume = { size: "10Gi", storageClassName: "gp3-encrypted" };
    assertIncludes(before, { persistence: volume, snapshotPersistence: { ...volume, enabled: true } });
    const after = (await made("prod", { storageGb: 500 })).values;
    assert.deepEqual(after, before, "a StatefulSet would refuse it");
  });

  it("grows the volumes of each node in place, and takes no size back", async () => {
    const { mocks, options } = await made("prod", { storageGb: 500, replicas: 3 });
    assert.deepEqual(
      mocks.names(CLAIM).sort(),
      ["qdrant-snapshots", "qdrant-storage"].flatMap((claim) => [0, 1, 2].map((n) => `${claim}-qdrant-${n}`)),
    );
    for (const name of mocks.names(CLAIM)) {
      assertIncludes(mocks.find(CLAIM, name), {
        metadata: { name, namespace: "qdrant", annotations: { "pulumi.com/patchForce": "true" } },
        spec: { resources: { requests: { storage: "500Gi" } } },
      });
      assert.equal(options(CLAIM, name).retainOnDelete, true);
      assert.deepEqual(await waitedFor(options(CLAIM, name)), [`${RELEASE} qdrant`]);
    }
  });

  it("lets nobody in or out but by a policy that says so", async () => {
    const { mocks } = await made();
    const specs = mocks.names(POLICY).map((name) => mocks.find(POLICY, name)["spec"] as Spec);
    for (const { policyTypes } of specs) assert.deepEqual(policyTypes, ["Ingress", "Egress"]);
    const everybody = specs.filter(({ podSelector }) => podSelector.matchLabels === undefined);
    assert.equal(everybody.length, 1);
    assert.deepEqual([everybody[0]?.ingress, everybody[0]?.egress], [undefined, undefined]);
  });

  it("serves the services' namespace, and its peer port is for its own nodes alone", async () => {
    const { ingress, egress } = specOf(await made(), "store");
    assert.deepEqual(opened(ingress), [
      "namespace app: 6333 6334",
      "pods qdrant-snapshots: 6333",
      "pods qdrant: 6335 6333",
    ]);
    assert.deepEqual(opened(egress), [DNS, "pods qdrant: 6335 6333"]);
  });

  it("lets the snapshots' pods reach the store and AWS, and not what machines are allowed to", async () => {
    const { ingress, egress } = specOf(await made(), "snapshots");
    assert.deepEqual(opened(ingress), []);
    assert.deepEqual(opened(egress), [DNS, "pods qdrant: 6333", "0.0.0.0/0 but 169.254.0.0/16: 443"]);
  });

  it("keeps what holds data from being deleted in prod, and nothing elsewhere", async () => {
    assert.deepEqual((await made("prod")).kept().sort(), [
      "Bucket app-qdrant",
      "Namespace qdrant",
      `RandomPassword ${NAME}`,
      "Release qdrant",
      `Secret ${NAME}`,
      `SecretVersion ${NAME}`,
    ]);
    for (const environment of ["dev", "staging"] as const) {
      assert.deepEqual((await made(environment)).kept(), []);
    }
  });

  it("encrypts its secret with the stack's key", async () => {
    const { mocks } = await made();
    assert.equal(mocks.find("aws:secretsmanager/secret:Secret", NAME)["kmsKeyId"], KEY_ARN);
  });
});
