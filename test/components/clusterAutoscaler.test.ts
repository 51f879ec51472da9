import assert from "node:assert/strict";
import { ClusterAutoscaler } from "../../components/cluster/clusterAutoscaler";
import { KUBERNETES_VERSION } from "../../components/cluster/versions";
import type { Environment } from "../../model/environments";
import { clusterHandle, statements, takenBy } from "./clusterFixture";
import { assertIncludes, record, settled } from "./mocks";

async function made(environment: Environment = "dev") {
  const mocks = record();
  new ClusterAutoscaler("autoscaler", { environment, cluster: clusterHandle(), region: "us-east-1" });
  await settled();
  const release = mocks.find("kubernetes:helm.sh/v3:Release", "autoscaler");
  return { mocks, release, values: release["values"] as Record<string, unknown> };
}

describe("ClusterAutoscaler", () => {
  it("resizes groups of this cluster alone, by the tags that EKS gives them", async () => {
    const { mocks } = await made();
    const granted = statements(mocks.find("aws:iam/rolePolicy:RolePolicy", "autoscaler")["policy"]);
    const reads = /:(Describe|Get)[A-Za-z]+$/;
    const changing = granted.filter(({ Action }) => ![Action].flat().every((action) => reads.test(action)));
    assert.deepEqual(
      changing.map(({ Action, Condition }) => ({ Action, Condition })),
      [
        {
          Action: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
          Condition: {
            StringEquals: {
              "aws:ResourceTag/k8s.io/cluster-autoscaler/enabled": "true",
              "aws:ResourceTag/k8s.io/cluster-autoscaler/cluster": "owned",
            },
          },
        },
      ],
    );
  });

  it("takes its role by its own service account alone", async () => {
    const { mocks } = await made();
    const { assumeRolePolicy } = mocks.find("aws:iam/role:Role", "autoscaler");
    assert.equal(takenBy(assumeRolePolicy), "kube-system:cluster-autoscaler");
  });

  it("is of the cluster's Kubernetes version, by a chart of a named one", async () => {
    const { release, values } = await made();
    assert.match(release["version"] as string, /^\d+\.\d+\.\d+$/);
    const { tag } = values["image"] as { tag: string };
    assert.ok(tag.startsWith(`v${KUBERNETES_VERSION}.`));
  });

  it("looks after this cluster's groups, in its region", async () => {
    assertIncludes((await made()).values, {
      autoDiscovery: { clusterName: "cluster" },
      awsRegion: "us-east-1",
      rbac: {
        serviceAccount: {
          name: "cluster-autoscaler",
          annotations: { "eks.amazonaws.com/role-arn": "arn:autoscaler" },
        },
      },
    });
  });

  it("has another that takes over where somebody would wait for nodes", async () => {
    assert.equal((await made("dev")).values["replicaCount"], 1);
    for (const environment of ["staging", "prod"] as const) {
      assertIncludes((await made(environment)).values, {
        replicaCount: 2,
        podDisruptionBudget: { maxUnavailable: 1 },
      });
    }
  });
});
