import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ENVIRONMENTS, type Environment } from "../../model/environments";
import { madeCluster, type Optioned } from "./clusterFixture";
import { type RecordingMocks, assertIncludes, assertSecret, known } from "./mocks";

const CLUSTER = "eks:index:Cluster";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const STORAGE_CLASS = "kubernetes:storage.k8s.io/v1:StorageClass";
const PROVIDER = "pulumi:providers:kubernetes";
const NAME = "app-dev-cluster";

/** What is so in dev, staging and prod; one after the other, for mocks are global. */
async function inEach<T>(
  look: (made: { mocks: RecordingMocks; seen: Optioned[] }, environment: Environment) => T,
): Promise<T[]> {
  const found: T[] = [];
  for (const environment of ENVIRONMENTS) found.push(look(await madeCluster(environment), environment));
  return found;
}

const clusterOf = (mocks: RecordingMocks) =>
  mocks.registered.find(({ type }) => type === CLUSTER)?.inputs ?? {};

describe("Cluster", () => {
  it("gives access by API entries alone, which the program sees", async () => {
    assertIncludes(clusterOf((await madeCluster()).mocks), { authenticationMode: "API" });
  });

  it("has no nodes, roles and groups but those that are made for it here", async () => {
    assertIncludes(clusterOf((await madeCluster()).mocks), {
      skipDefaultNodeGroup: true,
      createInstanceRole: false,
      skipDefaultSecurityGroups: true,
    });
  });

  it("leaves every add-on to the program, which pins its version", async () => {
    assertIncludes(clusterOf((await madeCluster()).mocks), {
      bootstrapSelfManagedAddons: false,
      useDefaultVpcCni: true,
      kubeProxyAddonOptions: { enabled: false },
      corednsAddonOptions: { enabled: false },
    });
  });

  it("lies in the network's subnets and gives nodes no public addresses", async () => {
    assertIncludes(clusterOf((await madeCluster()).mocks), {
      nodeAssociatePublicIpAddress: false,
      vpcId: "vpc-1",
      publicSubnetIds: ["subnet-1", "subnet-2"],
      privateSubnetIds: ["subnet-3", "subnet-4"],
    });
  });

  it("is reached from inside, and from outside only by the addresses that are named", async () => {
    const closed = clusterOf((await madeCluster()).mocks);
    assertIncludes(closed, { endpointPublicAccess: false, endpointPrivateAccess: true });
    assert.equal(closed["publicAccessCidrs"], undefined);
    const apiSources = ["203.0.113.0/24"];
    const named = clusterOf((await madeCluster("prod", { apiSources })).mocks);
    assertIncludes(named, { endpointPublicAccess: true, endpointPrivateAccess: true });
    assert.deepEqual(named["publicAccessCidrs"], apiSources);
  });

  it("encrypts Kubernetes Secrets with the stack's key", async () => {
    assertIncludes(clusterOf((await madeCluster()).mocks), { encryptionConfigKeyArn: "arn:key" });
  });

  it("is never left on a version that has lost its standard support", async () => {
    const cluster = clusterOf((await madeCluster()).mocks);
    assertIncludes(cluster, { upgradePolicy: { supportType: "STANDARD" } });
    assert.match(cluster["version"] as string, /^1\.\d+$/);
  });

  it("can't be deleted by mistake in prod, neither through AWS nor through the program", async () => {
    const protections = await inEach(({ mocks, seen }) => [
      clusterOf(mocks)["deletionProtection"],
      seen.find(({ type }) => type === CLUSTER)?.opts.protect,
    ]);
    assert.deepEqual(protections, [
      [false, false],
      [false, false],
      [true, true],
    ]);
  });

  it("logs all that the control plane does, into an encrypted group that is there before it", async () => {
    const { mocks, seen } = await madeCluster("prod");
    assert.deepEqual((clusterOf(mocks)["enabledClusterLogTypes"] as string[]).toSorted(), [
      "api",
      "audit",
      "authenticator",
      "controllerManager",
      "scheduler",
    ]);
    assertIncludes(mocks.find(LOG_GROUP, "app-prod-cluster-logs"), {
      name: "/aws/eks/app-prod-cluster/cluster",
      kmsKeyId: "arn:key",
    });
    const { dependsOn } = seen.find(({ type }) => type === CLUSTER)!.opts;
    const awaited = [dependsOn].flat() as pulumi.Resource[];
    assert.equal(awaited.length, 1);
    assert.equal(await known((awaited[0] as pulumi.CustomResource).id), "app-prod-cluster-logs-id");
  });

  it("keeps those logs for a year in prod, and for an end everywhere", async () => {
    const days = await inEach(({ mocks }, environment) =>
      Number(mocks.find(LOG_GROUP, `app-${environment}-cluster-logs`)["retentionInDays"]),
    );
    assert.ok(days.every((of) => of > 0));
    assert.ok(days[2]! >= 365);
  });

  it("hides its creator's rights only where somebody else is named, or nobody could get in", async () => {
    const admins = ["arn:aws:iam::123456789012:role/team"];
    const transforms = async (args: Parameters<typeof madeCluster>[1]) =>
      (await madeCluster("dev", args)).seen.find(({ type }) => type === CLUSTER)?.opts.transforms?.length ??
      0;
    assert.equal(await transforms({ access: { admins, deployers: [] } }), 1);
    assert.equal(await transforms({ access: { admins: [], deployers: admins } }), 0);
  });

  it("lets nothing go through its API before those who may are entered", async () => {
    const admins = ["arn:aws:iam::123456789012:role/team"];
    const { seen } = await madeCluster("dev", { access: { admins, deployers: [] } });
    const { dependsOn } = seen.find(({ type }) => type === PROVIDER)!.opts;
    assert.equal([dependsOn].flat().length, 2, "an entry and its association");
  });

  it("keeps its kubeconfig secret, in what it gives to others and in its provider", async () => {
    const { cluster, mocks } = await madeCluster();
    assert.equal(await pulumi.isSecret(cluster.kubeconfig), true);
    assertSecret(mocks.find(PROVIDER, NAME)["kubeconfig"], "{}");
    assert.equal(
      await pulumi.isSecret(cluster.name),
      false,
      "else everything is secret, and this says nothing",
    );
  });

  it("identifies its provider by the cluster's name, so that no edit of the kubeconfig replaces it", async () => {
    assertIncludes((await madeCluster()).mocks.find(PROVIDER, NAME), {
      clusterIdentifier: NAME,
      enableServerSideApply: "true",
    });
  });

  it("gives the security group of nodes, where the load balancer must get in", async () => {
    assert.equal(await known((await madeCluster()).cluster.securityGroupId), "sg-cluster");
  });

  it("has classes of volumes that are encrypted, can grow, and are made where their pod is", async () => {
    const { mocks, cluster } = await madeCluster();
    const { data, scratch } = cluster.storageClasses;
    assert.deepEqual(mocks.names(STORAGE_CLASS), [await known(data), await known(scratch)]);
    for (const name of mocks.names(STORAGE_CLASS)) {
      assertIncludes(mocks.find(STORAGE_CLASS, name), {
        metadata: { name },
        provisioner: "ebs.csi.aws.com",
        parameters: { type: "gp3", encrypted: "true", kmsKeyId: "arn:key" },
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
      });
    }
  });

  it("keeps a volume of data whose claim is deleted, in prod alone, and one of scratch nowhere", async () => {
    const policies = await inEach(({ mocks }) =>
      ["gp3-encrypted", "gp3-encrypted-scratch"].map(
        (name) => mocks.find(STORAGE_CLASS, name)["reclaimPolicy"],
      ),
    );
    assert.deepEqual(policies, [
      ["Delete", "Delete"],
      ["Delete", "Delete"],
      ["Retain", "Delete"],
    ]);
  });

  it("is ready when pods have nodes, names and volumes", async () => {
    const { cluster } = await madeCluster();
    const urns = await Promise.all(cluster.ready.map(({ urn }) => known(urn)));
    assert.deepEqual(
      urns.map((urn) => urn.split("::").at(-1)),
      ["nodes", "coredns", "aws-ebs-csi-driver", "metrics-server"].map((one) => `${NAME}-${one}`),
    );
  });
});
