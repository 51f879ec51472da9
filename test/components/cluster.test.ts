import assert from "node:assert/strict";
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../components/cluster/cluster";
import { LoadBalancerController } from "../../components/cluster/loadBalancerController";
import { namespace } from "../../components/cluster/namespace";
import { nodeRole } from "../../components/cluster/nodeRole";
import type { Network } from "../../components/network/network";
import { ENVIRONMENTS, type Environment } from "../../model/environments";
import { type RecordingMocks, assertIncludes, assertSecret, known, record, settled } from "./mocks";

const CLUSTER = "eks:index:Cluster";
const NODES = "eks:index:ManagedNodeGroup";
const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const RELEASE = "kubernetes:helm.sh/v3:Release";
const NAME = "app-dev-cluster";

const network = {
  vpcId: pulumi.output("vpc-1"),
  publicSubnetIds: pulumi.output(["subnet-1", "subnet-2"]),
  privateSubnetIds: pulumi.output(["subnet-3", "subnet-4"]),
} as Network;

async function made(environment: Environment = "dev") {
  const mocks = record();
  const cluster = new Cluster("cluster", { name: NAME, environment, network, processors: 6 });
  await settled();
  return { mocks, cluster };
}

/** What is so in dev, staging and prod; one after the other, for mocks are global. */
async function inEach<T>(look: (mocks: RecordingMocks) => T): Promise<T[]> {
  const found: T[] = [];
  for (const environment of ENVIRONMENTS) found.push(look((await made(environment)).mocks));
  return found;
}

/** A Statement of an IAM policy document. */
interface Statement {
  Effect: string;
  Principal?: Record<string, string>;
  Action: string | string[];
  Resource?: string;
  Condition?: Record<string, Record<string, string>>;
}

const statements = (document: unknown) =>
  (JSON.parse(document as string) as { Statement: Statement[] }).Statement;

describe("Cluster", () => {
  it("gives access by API entries alone, which the program sees", async () => {
    assertIncludes((await made()).mocks.find(CLUSTER, NAME), { authenticationMode: "API" });
  });

  it("has no nodes but its managed ones, with the role that is made for them", async () => {
    const { mocks } = await made();
    assertIncludes(mocks.find(CLUSTER, NAME), { skipDefaultNodeGroup: true, createInstanceRole: false });
    assert.deepEqual(mocks.names(NODES), [`${NAME}-nodes`]);
    const { nodeRole } = mocks.find(NODES, `${NAME}-nodes`) as { nodeRole: aws.iam.Role };
    assert.equal(await known(nodeRole.arn), `arn:${NAME}-node`);
    assert.deepEqual(mocks.names(ROLE), [`${NAME}-node`]);
  });

  it("puts nodes into private subnets, without public addresses", async () => {
    const { mocks } = await made();
    assert.deepEqual(mocks.find(NODES, `${NAME}-nodes`)["subnetIds"], ["subnet-3", "subnet-4"]);
    assertIncludes(mocks.find(CLUSTER, NAME), {
      nodeAssociatePublicIpAddress: false,
      vpcId: "vpc-1",
      publicSubnetIds: ["subnet-1", "subnet-2"],
      privateSubnetIds: ["subnet-3", "subnet-4"],
    });
  });

  it("has as many nodes as both colours need, at least one a zone, and room for one more in an update", async () => {
    const sizes = await inEach((mocks) => {
      const group = mocks.find(NODES, `${NAME}-nodes`);
      return group["scalingConfig"] as Record<"minSize" | "desiredSize" | "maxSize", number>;
    });
    for (const { minSize, desiredSize, maxSize } of sizes) {
      assert.ok(minSize >= 2, "one node is a single point of failure");
      assert.equal(desiredSize, minSize);
      assert.equal(maxSize, minSize + 1);
    }
    const mocks = record();
    new Cluster("cluster", { name: NAME, environment: "dev", network, processors: 34 });
    await settled();
    assertIncludes(mocks.find(NODES, `${NAME}-nodes`), { scalingConfig: { desiredSize: 10 } });
  });

  it("is reached from inside, and from outside only by the addresses that are named", async () => {
    assertIncludes((await made()).mocks.find(CLUSTER, NAME), {
      endpointPublicAccess: false,
      endpointPrivateAccess: true,
    });
    const mocks = record();
    const apiSources = ["203.0.113.0/24"];
    new Cluster("cluster", { name: NAME, environment: "prod", network, processors: 68, apiSources });
    await settled();
    assertIncludes(mocks.find(CLUSTER, NAME), { endpointPublicAccess: true, publicAccessCidrs: apiSources });
  });

  it("cannot be deleted by mistake in prod", async () => {
    const protection = await inEach((mocks) => mocks.find(CLUSTER, NAME)["deletionProtection"]);
    assert.deepEqual(protection, [false, false, true]);
  });

  it("names the version that it runs, and logs what the control plane does", async () => {
    const { version, enabledClusterLogTypes } = (await made()).mocks.find(CLUSTER, NAME);
    assert.match(version as string, /^1\.\d+$/);
    for (const type of ["api", "audit", "authenticator"]) {
      assert.ok((enabledClusterLogTypes as string[]).includes(type), type);
    }
  });

  it("keeps its kubeconfig secret, in what it gives to others and in its provider", async () => {
    const { cluster, mocks } = await made();
    assert.equal(await pulumi.isSecret(cluster.kubeconfig), true);
    assertSecret(mocks.find("pulumi:providers:kubernetes", NAME)["kubeconfig"], "{}");
    assert.equal(
      await pulumi.isSecret(cluster.name),
      false,
      "else everything is secret, and this says nothing",
    );
  });

  it("identifies its provider by the cluster's name, so that no edit of the kubeconfig replaces it", async () => {
    assertIncludes((await made()).mocks.find("pulumi:providers:kubernetes", NAME), {
      clusterIdentifier: NAME,
      enableServerSideApply: "true",
    });
  });

  it("gives the security group of nodes, where the load balancer must get in", async () => {
    assert.equal(await known((await made()).cluster.securityGroupId), "sg-cluster");
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

  it("may join, give pods addresses and pull images, and nothing else", async () => {
    const mocks = await role();
    const attached = mocks.registered.filter(({ type }) => type === ATTACHMENT);
    assert.deepEqual(
      attached.map(({ inputs }) => inputs["policyArn"]),
      [
        "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
        "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
        "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
      ],
    );
    for (const { inputs } of attached) assert.equal(inputs["role"], "node");
    assert.deepEqual(mocks.names(ROLE_POLICY), []);
  });
});

describe("LoadBalancerController", () => {
  async function controller() {
    const mocks = record();
    const cluster = new Cluster("cluster", { name: NAME, environment: "dev", network, processors: 6 });
    new LoadBalancerController("controller", { cluster, region: "us-east-1", vpcId: "vpc-1" });
    await settled();
    return mocks;
  }

  it("may look, and register and deregister targets, and nothing else", async () => {
    const granted = statements((await controller()).find(ROLE_POLICY, "controller")["policy"]);
    assert.deepEqual(
      granted.filter(({ Effect }) => Effect !== "Allow"),
      [],
    );
    const actions = (of: Statement[]) => of.flatMap(({ Action }) => Action);
    const looks = (action: string) => /^(ec2|elasticloadbalancing):Describe[A-Za-z]+$/.test(action);
    assert.ok(actions(granted).some(looks));
    assert.deepEqual(
      actions(granted)
        .filter((action) => !looks(action))
        .sort(),
      ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
    );
    const changing = granted.filter((statement) => !actions([statement]).every(looks));
    assert.deepEqual(
      changing.map(({ Resource }) => Resource),
      ["arn:aws:elasticloadbalancing:*:*:targetgroup/*/*"],
      "what changes something is bound to target groups",
    );
  });

  it("takes its role by its own service account alone", async () => {
    const [trust, ...others] = statements((await controller()).find(ROLE, "controller")["assumeRolePolicy"]);
    assert.deepEqual(others, []);
    assert.deepEqual(trust, {
      Effect: "Allow",
      Principal: { Federated: "arn:aws:iam::123456789012:oidc-provider/issuer" },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          "issuer:aud": "sts.amazonaws.com",
          "issuer:sub": "system:serviceaccount:kube-system:aws-load-balancer-controller",
        },
      },
    });
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
});

describe("namespace", () => {
  it("gates pods on the load balancer, and refuses those that are not hardened", async () => {
    const mocks = record();
    namespace("app", {});
    await settled();
    assertIncludes(mocks.find("kubernetes:core/v1:Namespace", "app"), {
      metadata: {
        name: "app",
        labels: {
          "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled",
          "pod-security.kubernetes.io/enforce": "restricted",
        },
      },
    });
  });
});
