import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { ADDON_VERSIONS, CLUSTER_AUTOSCALER, KUBERNETES_VERSION } from "../../components/cluster/versions";
import { madeCluster, statements, takenBy } from "./clusterFixture";
import { assertIncludes, known } from "./mocks";

const ADDON = "aws:eks/addon:Addon";
const NAME = "app-dev-cluster";

const addon = async (addonName: string) => (await madeCluster()).mocks.find(ADDON, `${NAME}-${addonName}`);

describe("versions", () => {
  it("of kube-proxy and of the autoscaler follow Kubernetes' own", () => {
    assert.ok(ADDON_VERSIONS["kube-proxy"].startsWith(`v${KUBERNETES_VERSION}.`));
    assert.ok(CLUSTER_AUTOSCALER.image.startsWith(`v${KUBERNETES_VERSION}.`));
  });
});

describe("add-ons", () => {
  it("are all there, each with a version that is written out", async () => {
    const { mocks } = await madeCluster();
    const made = mocks.registered.filter(({ type }) => type === ADDON).map(({ inputs }) => inputs);
    assert.deepEqual(
      Object.fromEntries(made.map(({ addonName, addonVersion }) => [addonName, addonVersion])),
      ADDON_VERSIONS,
    );
    for (const { addonVersion } of made)
      assert.match(addonVersion as string, /^v\d+\.\d+\.\d+-eksbuild\.\d+$/);
  });

  it("enforce network policies, which are only written down otherwise", async () => {
    const { configurationValues } = await addon("vpc-cni");
    assert.equal(
      (JSON.parse(configurationValues as string) as Record<string, unknown>)["enableNetworkPolicy"],
      "true",
    );
  });

  it("give addresses and volumes by roles of their own accounts", async () => {
    const { mocks } = await madeCluster();
    for (const [name, account] of [
      ["vpc-cni", "aws-node"],
      ["ebs-csi", "ebs-csi-controller-sa"],
    ]) {
      const { assumeRolePolicy } = mocks.find("aws:iam/role:Role", `${NAME}-${name}`);
      assert.equal(takenBy(assumeRolePolicy), `kube-system:${account}`);
    }
    const cni = mocks.find(ADDON, `${NAME}-vpc-cni`);
    assert.equal(cni["serviceAccountRoleArn"], `arn:${NAME}-vpc-cni`);
    const csi = mocks.find(ADDON, `${NAME}-aws-ebs-csi-driver`);
    assert.equal(csi["serviceAccountRoleArn"], `arn:${NAME}-ebs-csi`);
  });

  it("have no role where they call nothing of AWS", async () => {
    for (const name of ["kube-proxy", "coredns", "metrics-server"]) {
      assert.equal((await addon(name))["serviceAccountRoleArn"], undefined, name);
    }
  });

  it("use no key but the stack's, and grant it for volumes alone", async () => {
    const { mocks } = await madeCluster();
    const { policy } = mocks.find("aws:iam/rolePolicy:RolePolicy", `${NAME}-ebs-csi`);
    const granted = statements(policy);
    for (const { Resource } of granted) assert.equal(Resource, "arn:key");
    const grant = granted.find(({ Action }) => Action === "kms:CreateGrant");
    assert.deepEqual(grant?.Condition, { Bool: { "kms:GrantIsForAWSResource": "true" } });
    assert.ok(granted.flatMap(({ Action }) => Action).every((action) => action !== "kms:*"));
  });

  it("tag the volumes that they make, which the provider's default tags do not reach", async () => {
    const { configurationValues } = await addon("aws-ebs-csi-driver");
    assert.deepEqual(JSON.parse(configurationValues as string), {
      controller: {
        extraVolumeTags: {
          "sluice:app": "app",
          "sluice:environment": "dev",
          "sluice:managed-by": "pulumi",
        },
      },
    });
  });

  it("are what the program says, whatever was changed by hand", async () => {
    assertIncludes(await addon("coredns"), {
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
    });
  });

  it("that run on nodes wait for them, and those that nodes need do not", async () => {
    const { seen, cluster } = await madeCluster();
    const nodes = await known(cluster.ready[0]!.urn);
    assert.match(nodes, /ManagedNodeGroup::/);
    const waits = async (name: string) => {
      const { dependsOn } = seen.find((one) => one.type === ADDON && one.name === `${NAME}-${name}`)!.opts;
      const awaited = [dependsOn].flat().filter(Boolean) as pulumi.Resource[];
      return (await Promise.all(awaited.map(({ urn }) => known(urn)))).includes(nodes);
    };
    for (const name of ["coredns", "aws-ebs-csi-driver", "metrics-server"])
      assert.ok(await waits(name), name);
    for (const name of ["vpc-cni", "kube-proxy"]) assert.ok(!(await waits(name)), name);
  });
});
