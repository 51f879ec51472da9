import assert from "node:assert/strict";
import { kindOf, knownTokens, RELEASE } from "../../rehearsal/cloud/cluster/kinds";
import { template, testCluster, type TestCluster } from "./cluster-fixture";

const LABELS = { app: "x" };
const POD = template(LABELS);
const WORKLOAD = { selector: { matchLabels: LABELS }, template: POD };
const JOB = { template: template(LABELS, {}, { restartPolicy: "Never" }) };
const RULES = [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }];
const ROLE_REF = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" };

interface Life {
  readonly object: object;
  /** A change that the API server makes in place. */
  readonly change?: object;
  /** A change of a field that is immutable, so that the object is replaced. */
  readonly replace?: object;
}

/** An object of each kind that the stacks use, with what may and may not change of it. */
const LIVES: Readonly<Record<string, Life>> = {
  "apps/v1:StatefulSet": {
    object: { spec: { ...WORKLOAD, serviceName: "x", replicas: 1 } },
    change: { spec: { ...WORKLOAD, serviceName: "x", replicas: 2 } },
    replace: { spec: { ...WORKLOAD, serviceName: "y", replicas: 1 } },
  },
  "batch/v1:CronJob": {
    object: { spec: { schedule: "0 3 * * *", jobTemplate: { spec: JOB } } },
    change: { spec: { schedule: "0 4 * * *", jobTemplate: { spec: JOB } } },
  },
  "batch/v1:Job": {
    object: { spec: JOB },
    change: { spec: { ...JOB, backoffLimit: 2 } },
    replace: { spec: { template: template(LABELS, { image: "x:2" }, { restartPolicy: "Never" }) } },
  },
  "networking.k8s.io/v1:NetworkPolicy": {
    object: { spec: { podSelector: {}, policyTypes: ["Ingress"] } },
    change: { spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } },
  },
  "policy/v1:PodDisruptionBudget": {
    object: { spec: { selector: { matchLabels: LABELS }, maxUnavailable: 1 } },
    change: { spec: { selector: { matchLabels: LABELS }, maxUnavailable: "20%" } },
  },
  "autoscaling/v2:HorizontalPodAutoscaler": {
    object: { spec: { scaleTargetRef: { kind: "Deployment", name: "x" }, minReplicas: 1, maxReplicas: 2 } },
    change: { spec: { scaleTargetRef: { kind: "Deployment", name: "x" }, minReplicas: 2, maxReplicas: 2 } },
  },
  "core/v1:ServiceAccount": {
    object: { automountServiceAccountToken: true },
    change: { automountServiceAccountToken: false },
  },
  "core/v1:ServiceAccountPatch": { object: {}, change: { automountServiceAccountToken: false } },
  "core/v1:PersistentVolumeClaimPatch": {
    object: { spec: { resources: { requests: { storage: "1Gi" } } } },
    change: { spec: { resources: { requests: { storage: "2Gi" } } } },
  },
  "core/v1:Secret": { object: { stringData: { a: "1" } }, replace: { stringData: { a: "2" } } },
  "core/v1:ConfigMap": { object: { data: { a: "1" } }, replace: { data: { a: "2" } } },
  "storage.k8s.io/v1:StorageClass": {
    object: { provisioner: "ebs.csi.aws.com", allowVolumeExpansion: false },
    change: { provisioner: "ebs.csi.aws.com", allowVolumeExpansion: true },
    replace: { provisioner: "ebs.csi.aws.com", parameters: { type: "gp3" }, allowVolumeExpansion: false },
  },
  "core/v1:ResourceQuota": {
    object: { spec: { hard: { pods: "10" } } },
    change: { spec: { hard: { pods: "20" } } },
    replace: { spec: { hard: { pods: "10" }, scopes: ["BestEffort"] } },
  },
  "core/v1:LimitRange": {
    object: { spec: { limits: [{ type: "Container", default: { memory: "1Gi" } }] } },
    change: { spec: { limits: [{ type: "Container", default: { memory: "2Gi" } }] } },
  },
  "rbac.authorization.k8s.io/v1:Role": { object: { rules: RULES }, change: { rules: [] } },
  "rbac.authorization.k8s.io/v1:ClusterRole": { object: { rules: RULES }, change: { rules: [] } },
  "rbac.authorization.k8s.io/v1:RoleBinding": {
    object: { roleRef: ROLE_REF, subjects: [] },
    change: { roleRef: ROLE_REF, subjects: [{ kind: "ServiceAccount", name: "x" }] },
    replace: { roleRef: { ...ROLE_REF, name: "writer" }, subjects: [] },
  },
  "rbac.authorization.k8s.io/v1:ClusterRoleBinding": {
    object: { roleRef: { ...ROLE_REF, kind: "ClusterRole" } },
    change: { roleRef: { ...ROLE_REF, kind: "ClusterRole" }, subjects: [{ kind: "User", name: "x" }] },
    replace: { roleRef: { ...ROLE_REF, kind: "ClusterRole", name: "writer" } },
  },
  "scheduling.k8s.io/v1:PriorityClass": {
    object: { value: 10 },
    change: { value: 10, description: "first" },
    replace: { value: 20 },
  },
};

describe("kinds of the local cluster", () => {
  let cluster: TestCluster;
  beforeEach(() => (cluster = testCluster()));
  afterEach(() => cluster.controllers.close());

  for (const [kind, { object, change, replace }] of Object.entries(LIVES)) {
    const type = `kubernetes:${kind}`;

    it(`${kind} is made, changed, replaced where it must be, and removed`, async () => {
      const made = await cluster.create(type, "x", object);
      const replaces = (news: object) => {
        const { inputs } = cluster.check(type, { metadata: { name: "x" }, ...news }, { olds: made.inputs });
        const subject = { urn: "", name: "x", type, provider: {}, id: made.id, ignoreChanges: [] };
        const { changes } = cluster.provider.diff({
          ...subject,
          oldInputs: made.inputs,
          olds: made.properties,
          news: inputs,
        });
        return changes.map((one) => one.replace);
      };
      assert.deepEqual(replaces(object), [], "nothing changes where nothing is changed");
      if (replace) assert.ok(replaces(replace).includes(true), "replaced");
      if (change) {
        assert.ok(replaces(change).length > 0 && !replaces(change).includes(true), "changed in place");
        await cluster.update(made, change);
      }
      await cluster.delete(made);
      assert.equal(cluster.world.get(type, made.id), undefined);
    });
  }

  it("are all known by their tokens, and refuse a field that they do not have", () => {
    for (const token of knownTokens()) assert.ok(kindOf(token), token);
    assert.equal(kindOf(RELEASE), undefined);
    for (const [kind, { object }] of Object.entries(LIVES)) {
      const { failures } = cluster.check(`kubernetes:${kind}`, { ...object, nonsense: 1 });
      assert.match(JSON.stringify(failures), /unknown field \\"nonsense\\"/, kind);
    }
  });

  it("refuse a network policy of no known type", () => {
    const { failures } = cluster.check("kubernetes:networking.k8s.io/v1:NetworkPolicy", {
      spec: { podSelector: {}, policyTypes: ["Sideways"] },
    });
    assert.deepEqual(failures, [
      { property: "spec.policyTypes[0]", reason: 'found "Sideways", allowed are Ingress and Egress' },
    ]);
  });
});
