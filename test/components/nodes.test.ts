import assert from "node:assert/strict";
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { fewAtOnce } from "../../components/cluster/nodes";
import { nodeRole } from "../../components/cluster/nodeRole";
import { ENVIRONMENTS } from "../../model/environments";
import { NODES as SIZES, ZONES, nodesFor } from "../../model/nodes";
import { madeCluster, statements } from "./clusterFixture";
import { assertIncludes, known, record, settled } from "./mocks";

const NODES = "eks:index:ManagedNodeGroup";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const NAME = "app-dev-cluster";

const groupOf = async (...args: Parameters<typeof madeCluster>) => {
  const { mocks } = await madeCluster(...args);
  const [name] = mocks.names(NODES);
  return mocks.find(NODES, name!);
};

type Scaling = Record<"minSize" | "desiredSize" | "maxSize", number>;

const scaling = async (...args: Parameters<typeof madeCluster>) =>
  (await groupOf(...args))["scalingConfig"] as Scaling;

describe("managed nodes", () => {
  it("lie in private subnets, with the role that is made for them", async () => {
    const { mocks } = await madeCluster();
    assert.deepEqual(mocks.names(NODES), [`${NAME}-nodes`]);
    const group = mocks.find(NODES, `${NAME}-nodes`);
    assert.deepEqual(group["subnetIds"], ["subnet-3", "subnet-4"]);
    assert.equal(await known((group["nodeRole"] as aws.iam.Role).arn), `arn:${NAME}-node`);
  });

  it("run Amazon Linux 2023, of the same Kubernetes version as the control plane", async () => {
    const { mocks } = await madeCluster();
    assertIncludes(mocks.find(NODES, `${NAME}-nodes`), {
      amiType: "AL2023_x86_64_STANDARD",
      version: mocks.find("eks:index:Cluster", NAME)["version"],
    });
  });

  it("are at least one a zone, whatever little is asked for", async () => {
    for (const environment of ENVIRONMENTS) {
      const { minSize } = await scaling(environment, { processors: { least: 0.5, most: 1 } });
      assert.equal(minSize, ZONES[environment].zones);
    }
  });

  it("carry one colour at rest, and both with all their pods and one node more at most", async () => {
    const processors = { least: 40, most: 120 };
    const { minSize, desiredSize, maxSize } = await scaling("dev", { processors });
    assert.equal(minSize, nodesFor("dev", 40));
    assert.equal(desiredSize, minSize);
    assert.equal(maxSize, nodesFor("dev", 120) + 1);
  });

  it("leave their number to the autoscaler once they are made", async () => {
    assertIncludes(await groupOf(), { ignoreScalingChanges: true });
  });

  it("are drained a third at a time in an upgrade", async () => {
    const { seen } = await madeCluster();
    assert.deepEqual(seen.find(({ type }) => type === NODES)?.opts.transforms, [fewAtOnce]);
    const group = { type: "aws:eks/nodeGroup:NodeGroup", props: { version: "1" } };
    const changed = await fewAtOnce(group as unknown as pulumi.ResourceTransformArgs);
    assert.deepEqual(changed?.props, { version: "1", updateConfig: { maxUnavailablePercentage: 33 } });
    const other = { type: "aws:ec2/launchTemplate:LaunchTemplate", props: {} };
    assert.equal(await fewAtOnce(other as unknown as pulumi.ResourceTransformArgs), undefined);
  });

  it("keep their own credentials from pods: by a token, and one hop away at most", async () => {
    assertIncludes((await madeCluster()).mocks.find(TEMPLATE, `${NAME}-nodes`), {
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
    });
  });

  it("have encrypted disks of their environment's size, gone with the node", async () => {
    for (const environment of ENVIRONMENTS) {
      const { mocks } = await madeCluster(environment);
      const template = mocks.find(TEMPLATE, `app-${environment}-cluster-nodes`);
      const disks = template["blockDeviceMappings"] as { ebs: Record<string, unknown> }[];
      assert.equal(disks.length, 1);
      assertIncludes(disks[0]!.ebs, {
        encrypted: "true",
        deleteOnTermination: "true",
        volumeType: "gp3",
        volumeSize: SIZES[environment].diskGb,
      });
    }
  });

  it("tag instances, disks and interfaces, which the provider's default tags do not reach", async () => {
    const template = (await madeCluster("staging")).mocks.find(TEMPLATE, "app-staging-cluster-nodes");
    const specifications = template["tagSpecifications"] as { resourceType: string; tags: unknown }[];
    assert.deepEqual(
      specifications.map(({ resourceType }) => resourceType),
      ["instance", "volume", "network-interface"],
    );
    for (const { tags } of specifications) {
      assertIncludes(tags, { "sluice:app": "app", "sluice:environment": "staging" });
    }
  });

  it("wait for the network add-ons, without which none becomes ready", async () => {
    const { seen } = await madeCluster();
    const { dependsOn } = seen.find(({ type }) => type === NODES)!.opts;
    const ids = await Promise.all(([dependsOn].flat() as pulumi.CustomResource[]).map(({ id }) => known(id)));
    for (const addon of ["vpc-cni", "kube-proxy"]) assert.ok(ids.includes(`${NAME}-${addon}-id`), addon);
  });
});

describe("nodeRole", () => {
  async function role() {
    const mocks = record();
    nodeRole("node", {});
    await settled();
    return mocks;
  }

  it("may be taken on by EC2 alone", async () => {
    assert.deepEqual(statements((await role()).find(ROLE, "node")["assumeRolePolicy"]), [
      { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
  });

  it("may join and pull images, and nothing else", async () => {
    const mocks = await role();
    const attached = mocks.registered.filter(({ type }) => type === ATTACHMENT);
    assert.deepEqual(
      attached.map(({ inputs }) => inputs["policyArn"]),
      [
        "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
        "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
      ],
    );
    for (const { inputs } of attached) assert.equal(inputs["role"], "node");
    assert.deepEqual(mocks.names(ROLE_POLICY), []);
  });
});
