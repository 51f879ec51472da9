import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { LoadBalancerController } from "../../components/cluster/loadBalancerController";
import type { Environment } from "../../model/environments";
import { clusterHandle, recordingOptions, statements, takenBy } from "./clusterFixture";
import { assertIncludes, known, record, settled } from "./mocks";

const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const RELEASE = "kubernetes:helm.sh/v3:Release";

async function controller(environment: Environment = "dev") {
  const mocks = record();
  const args = { app: "app", environment, cluster: clusterHandle(), region: "us-east-1", vpcId: "vpc-1" };
  new LoadBalancerController("controller", args);
  await settled();
  return mocks;
}

const valuesOf = async (environment: Environment) =>
  (await controller(environment)).find(RELEASE, "controller")["values"] as Record<string, unknown>;

describe("LoadBalancerController", () => {
  const actions = (of: ReturnType<typeof statements>) => of.flatMap(({ Action }) => Action);
  const looks = (action: string) => /^(ec2|elasticloadbalancing):Describe[A-Za-z]+$/.test(action);

  it("may look, and register and deregister targets, and nothing else", async () => {
    const granted = statements((await controller()).find(ROLE_POLICY, "controller")["policy"]);
    assert.ok(granted.every(({ Effect }) => Effect === "Allow"));
    assert.deepEqual(
      actions(granted)
        .filter((action) => !looks(action))
        .sort(),
      ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
    );
  });

  it("sees all that a binding needs: its target group, the health of its targets and where pods are", async () => {
    const granted = actions(statements((await controller()).find(ROLE_POLICY, "controller")["policy"]));
    for (const needed of [
      "elasticloadbalancing:DescribeTargetGroups",
      "elasticloadbalancing:DescribeTargetHealth",
      "ec2:DescribeVpcs",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSecurityGroups",
    ]) {
      assert.ok(granted.includes(needed), needed);
    }
  });

  it("changes this stack's target groups alone, whatever a binding names", async () => {
    const granted = statements((await controller("prod")).find(ROLE_POLICY, "controller")["policy"]);
    const changing = granted.filter((statement) => !actions([statement]).every(looks));
    assert.deepEqual(
      changing.map(({ Resource, Condition }) => ({ Resource, Condition })),
      [
        {
          Resource: "arn:aws:elasticloadbalancing:*:*:targetgroup/*/*",
          Condition: {
            StringEquals: {
              "aws:ResourceTag/sluice:app": "app",
              "aws:ResourceTag/sluice:environment": "prod",
            },
          },
        },
      ],
    );
  });

  it("takes its role by its own service account alone", async () => {
    const { assumeRolePolicy } = (await controller()).find("aws:iam/role:Role", "controller");
    assert.equal(takenBy(assumeRolePolicy), "kube-system:aws-load-balancer-controller");
  });

  it("runs a chart of a named version under that account, for this cluster", async () => {
    const release = (await controller()).find(RELEASE, "controller");
    assertIncludes(release, {
      namespace: "kube-system",
      values: {
        clusterName: "cluster",
        region: "us-east-1",
        vpcId: "vpc-1",
        serviceAccount: {
          name: "aws-load-balancer-controller",
          annotations: { "eks.amazonaws.com/role-arn": "arn:controller" },
        },
      },
    });
    assert.match(release["version"] as string, /^\d+\.\d+\.\d+$/);
  });

  it("answers for pods of the namespace by two of its own outside dev, of which one always stays", async () => {
    assert.equal((await valuesOf("dev"))["replicaCount"], 1);
    for (const environment of ["staging", "prod"] as const) {
      assertIncludes(await valuesOf(environment), {
        replicaCount: 2,
        podDisruptionBudget: { maxUnavailable: 1 },
      });
    }
  });

  it("is gone before what it needs to undo the bindings: nodes, names and its rights", async () => {
    record();
    const { seen, opts } = recordingOptions();
    const cluster = clusterHandle();
    const args = { app: "app", environment: "dev", cluster, region: "us-east-1", vpcId: "vpc-1" } as const;
    new LoadBalancerController("controller", args, opts);
    await settled();
    const { dependsOn } = seen.find(({ type }) => type === RELEASE)!.opts;
    const outlived = [dependsOn].flat() as pulumi.Resource[];
    for (const one of cluster.ready) assert.ok(outlived.includes(one));
    const urns = await Promise.all(outlived.map(({ urn }) => known(urn)));
    assert.ok(urns.some((urn) => urn.includes(ROLE_POLICY)));
  });

  it("asks for what it needs, and is stopped before it takes a node's memory", async () => {
    const { resources } = await valuesOf("prod");
    assert.deepEqual(resources, {
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { memory: "256Mi" },
    });
  });
});
