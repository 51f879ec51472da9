import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { provider } from "../../rehearsal/cloud/constructs/provider";

// The SDK waits with this before it answers a construct call; it is exported, but not declared.
const { waitForRPCs, getMonitor } = require("@pulumi/pulumi/runtime/settings") as {
  waitForRPCs(): Promise<void>;
  getMonitor(): { getRegisteredResources(): Map<string, unknown> };
};

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

/** Records what the components register. */
class Recording implements pulumi.runtime.Mocks {
  readonly registered: Registered[] = [];

  newResource({ type, name, inputs }: pulumi.runtime.MockResourceArgs) {
    this.registered.push({ type, name, inputs: inputs as Record<string, unknown> });
    return { id: `${name}-id`, state: { ...inputs, ...STATE[type] } as Record<string, unknown> };
  }

  call({ token, inputs }: pulumi.runtime.MockCallArgs) {
    if (token.endsWith("getAvailabilityZones")) return { names: ["us-east-1a", "us-east-1b", "us-east-1c"] };
    return { ...(inputs as Record<string, unknown>), partition: "aws" };
  }

  names(type: string): string[] {
    return this.registered
      .filter((one) => one.type === type)
      .map(({ name }) => name)
      .sort();
  }

  /** The type of the resource's parent. */
  parentOf(type: string, name: string): string {
    const urns = [...getMonitor().getRegisteredResources().keys()];
    return urns
      .find((one) => one.endsWith(`${type}::${name}`))!
      .split("::")[2]!
      .split("$")[0]!;
  }

  one(type: string, name: string): Registered {
    const found = this.registered.filter(
      (registered) => registered.type === type && registered.name === name,
    );
    assert.equal(found.length, 1, `${found.length} resources are ${type} ${name}`);
    return found[0]!;
  }
}

const STATE: Readonly<Record<string, object>> = {
  "aws:eks/cluster:Cluster": {
    arn: "arn:aws:eks:eu-west-1:123456789012:cluster/app",
    endpoint: "https://cluster.test",
    certificateAuthority: { data: "Q0E=" },
    identities: [{ oidcs: [{ issuer: "https://oidc.test/id/1" }] }],
    vpcConfig: { clusterSecurityGroupId: "sg-own" },
    version: "1.33",
  },
};

async function construct(type: string, name: string, args: pulumi.Inputs) {
  const recording = new Recording();
  await pulumi.runtime.setMocks(recording, "sluice", "dev", false);
  const { state } = await provider.construct!(name, type, args, {});
  await waitForRPCs();
  const outputs = await new Promise<Record<string, unknown>>((resolve) =>
    pulumi.output(state).apply(resolve),
  );
  return { recording, outputs };
}

/** The paths and reasons of what was refused. */
async function refused(type: string, args: pulumi.Inputs): Promise<[path: string, reason: string][]> {
  try {
    await construct(type, "x", args);
  } catch (error) {
    assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
    return (error.errors ?? []).map(({ propertyPath, reason }) => [propertyPath, reason]);
  }
  return [];
}

describe("the awsx VPC of the local cloud", function () {
  this.timeout(60_000);
  const VPC = "awsx:ec2:Vpc";
  const two = {
    numberOfAvailabilityZones: 2,
    availabilityZoneCidrMask: 18,
    subnetStrategy: "Auto",
    subnetSpecs: [
      { type: "Private", cidrMask: 19, tags: { role: "internal" } },
      { type: "Public", cidrMask: 22 },
    ],
    natGateways: { strategy: "Single" },
    tags: { team: "voice" },
  };

  it("has the published component's children, names and parents", async () => {
    const { recording } = await construct(VPC, "net", two);
    assert.deepEqual(recording.names("aws:ec2/subnet:Subnet"), [
      "net-private-1",
      "net-private-2",
      "net-public-1",
      "net-public-2",
    ]);
    const [vpc, subnet, table] = [
      "aws:ec2/vpc:Vpc",
      "aws:ec2/subnet:Subnet",
      "aws:ec2/routeTable:RouteTable",
    ];
    assert.equal(recording.parentOf(vpc, "net"), VPC);
    assert.equal(recording.parentOf("aws:ec2/internetGateway:InternetGateway", "net"), vpc);
    assert.equal(recording.parentOf(subnet, "net-public-1"), vpc);
    assert.equal(recording.parentOf(table, "net-public-1"), subnet);
    assert.equal(recording.parentOf("aws:ec2/route:Route", "net-private-2"), table);
    assert.equal(recording.parentOf("aws:ec2/eip:Eip", "net-1"), subnet);
  });

  it("sends private subnets through the one gateway, and public ones to the internet", async () => {
    const { recording } = await construct(VPC, "net", two);
    assert.deepEqual(recording.names("aws:ec2/natGateway:NatGateway"), ["net-1"]);
    assert.equal(recording.one("aws:ec2/route:Route", "net-private-2").inputs.natGatewayId, "net-1-id");
    assert.equal(recording.one("aws:ec2/route:Route", "net-public-2").inputs.gatewayId, "net-id");
  });

  it("makes a gateway in every zone by default, and none where none is wanted", async () => {
    const { recording } = await construct(VPC, "net", {});
    assert.deepEqual(recording.names("aws:ec2/natGateway:NatGateway"), ["net-1", "net-2", "net-3"]);
    assert.equal(recording.one("aws:ec2/route:Route", "net-private-3").inputs.natGatewayId, "net-3-id");
    const without = await construct(VPC, "net", { ...two, natGateways: { strategy: "None" } });
    assert.deepEqual(without.recording.names("aws:ec2/natGateway:NatGateway"), []);
    assert.deepEqual(without.recording.names("aws:ec2/route:Route"), ["net-public-1", "net-public-2"]);
  });

  it("tags subnets with the VPC's tags, their own, their name and type", async () => {
    const { recording } = await construct(VPC, "net", two);
    assert.deepEqual(recording.one("aws:ec2/subnet:Subnet", "net-private-1").inputs.tags, {
      team: "voice",
      role: "internal",
      Name: "net-private-1",
      SubnetType: "Private",
    });
  });

  it("gives the ids by type", async () => {
    const { outputs } = await construct(VPC, "net", two);
    assert.equal(outputs.vpcId, "net-id");
    assert.deepEqual(outputs.publicSubnetIds, ["net-public-1-id", "net-public-2-id"]);
    assert.deepEqual(outputs.privateSubnetIds, ["net-private-1-id", "net-private-2-id"]);
    assert.deepEqual(outputs.isolatedSubnetIds, []);
  });

  it("fills in subnets and a security group of interface endpoints under Auto", async () => {
    const vpcEndpointSpecs = [{ serviceName: "com.amazonaws.us-east-1.ssm", vpcEndpointType: "Interface" }];
    const { recording } = await construct(VPC, "net", {
      ...two,
      vpcEndpointStrategy: "Auto",
      vpcEndpointSpecs,
    });
    const { inputs } = recording.one("aws:ec2/vpcEndpoint:VpcEndpoint", "com.amazonaws.us-east-1.ssm");
    assert.deepEqual(inputs.subnetIds, ["net-private-1-id", "net-private-2-id"]);
    assert.deepEqual(inputs.securityGroupIds, ["com.amazonaws.us-east-1.ssm-sg-id"]);
  });

  it("refuses unknown and missing arguments, all at once", async () => {
    const found = await refused(VPC, {
      cidr: "10.0.0.0/16",
      subnetSpecs: [{ cidrMsk: 20 }],
      natGateways: { strategy: "Two" },
      ipv4IpamPoolId: "p",
    });
    assert.deepEqual(
      found.map(([path]) => path),
      ["cidr", "subnetSpecs[0].cidrMsk", "subnetSpecs[0].type", "natGateways.strategy", "ipv4IpamPoolId"],
    );
    assert.match(found[0]![1], /unknown argument "cidr".*cidrBlock/);
  });

  it("refuses gateways without public subnets, and too few zones", async () => {
    const specs = { subnetSpecs: [{ type: "Private" }], subnetStrategy: "Auto" };
    await assert.rejects(
      construct(VPC, "net", specs),
      /public subnets must be declared to host the NAT Gateway/,
    );
    await assert.rejects(
      construct(VPC, "net", { numberOfAvailabilityZones: 4 }),
      /at least 4 Availability Zones/,
    );
  });
});

describe("the EKS cluster of the local cloud", function () {
  this.timeout(60_000);
  const CLUSTER = "eks:index:Cluster";
  const args = {
    name: "app",
    version: "1.33",
    vpcId: "vpc-1",
    publicSubnetIds: ["subnet-1"],
    privateSubnetIds: ["subnet-2"],
    authenticationMode: "API",
    skipDefaultNodeGroup: true,
    createOidcProvider: true,
    endpointPrivateAccess: true,
    endpointPublicAccess: false,
    enabledClusterLogTypes: ["api"],
    encryptionConfigKeyArn: "arn:aws:kms:key",
    deletionProtection: true,
  };

  it("has the published component's children, names and parents", async () => {
    const { recording } = await construct(CLUSTER, "c", args);
    assert.equal(recording.parentOf("aws:eks/cluster:Cluster", "c-eksCluster"), CLUSTER);
    assert.equal(recording.parentOf("aws:iam/role:Role", "c-eksRole-role"), "eks:index:ServiceRole");
    assert.deepEqual(recording.names("aws:iam/rolePolicyAttachment:RolePolicyAttachment"), [
      "c-eksRole-4b490823",
    ]);
    assert.deepEqual(recording.names("aws:ec2/securityGroup:SecurityGroup"), [
      "c-eksClusterSecurityGroup",
      "c-nodeSecurityGroup",
    ]);
    assert.deepEqual(recording.names("aws:ec2/securityGroupRule:SecurityGroupRule"), [
      "c-eksClusterIngressRule",
      "c-eksClusterInternetEgressRule",
      "c-eksExtApiServerClusterIngressRule",
      "c-eksNodeClusterIngressRule",
      "c-eksNodeIngressRule",
      "c-eksNodeInternetEgressRule",
    ]);
    assert.deepEqual(recording.names("aws:eks/addon:Addon"), ["c-kube-proxy", "c-vpc-cni"]);
    assert.deepEqual(recording.names("pulumi:providers:kubernetes"), ["c-eks-k8s"]);
    assert.deepEqual(recording.names("aws:iam/openIdConnectProvider:OpenIdConnectProvider"), [
      "c-oidcProvider",
    ]);
  });

  it("passes its arguments on to the control plane", async () => {
    const { recording } = await construct(CLUSTER, "c", args);
    const { inputs } = recording.one("aws:eks/cluster:Cluster", "c-eksCluster");
    assert.deepEqual(inputs.vpcConfig, {
      securityGroupIds: ["c-eksClusterSecurityGroup-id"],
      subnetIds: ["subnet-1", "subnet-2"],
      endpointPrivateAccess: true,
      endpointPublicAccess: false,
    });
    assert.deepEqual(inputs.accessConfig, {
      authenticationMode: "API",
      bootstrapClusterCreatorAdminPermissions: true,
    });
    assert.deepEqual(inputs.encryptionConfig, {
      provider: { keyArn: "arn:aws:kms:key" },
      resources: ["secrets"],
    });
    assert.equal(inputs.deletionProtection, true);
    assert.equal(inputs.version, "1.33");
  });

  it("gives a kubeconfig that asks the AWS command line for a token", async () => {
    const { outputs } = await construct(CLUSTER, "c", args);
    const config = outputs.kubeconfig as {
      users: { user: { exec: { args: string[] } } }[];
      clusters: { cluster: object }[];
    };
    assert.deepEqual(config.users[0]!.user.exec.args, [
      "--region",
      "eu-west-1",
      "eks",
      "get-token",
      "--cluster-name",
      "app",
      "--output",
      "json",
    ]);
    assert.deepEqual(config.clusters[0]!.cluster, {
      server: "https://cluster.test",
      "certificate-authority-data": "Q0E=",
    });
    assert.deepEqual(JSON.parse(outputs.kubeconfigJson as string), config);
  });

  it("gives the issuer with and without its protocol, and the groups' ids", async () => {
    const { outputs } = await construct(CLUSTER, "c", args);
    assert.equal(outputs.oidcProviderUrl, "https://oidc.test/id/1");
    assert.equal(outputs.oidcIssuer, "oidc.test/id/1");
    assert.equal(outputs.nodeSecurityGroupId, "c-nodeSecurityGroup-id");
    const bare = await construct(CLUSTER, "c", { ...args, skipDefaultSecurityGroups: true });
    assert.equal(bare.outputs.nodeSecurityGroupId, "sg-own");
  });

  it("makes access entries with their policies under API, and aws-auth under CONFIG_MAP", async () => {
    const admin = {
      principalArn: "arn:aws:iam::1:role/admin",
      accessPolicies: { all: { policyArn: "arn:p", accessScope: { type: "cluster" } } },
    };
    const { recording } = await construct(CLUSTER, "c", { ...args, accessEntries: { admin } });
    assert.deepEqual(recording.names("aws:eks/accessEntry:AccessEntry"), ["c-admin"]);
    const association = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation";
    assert.equal(recording.parentOf(association, "c-admin-all"), "aws:eks/accessEntry:AccessEntry");
    const { authenticationMode: _, ...unset } = args;
    const old = await construct(CLUSTER, "c", {
      ...unset,
      roleMappings: [{ roleArn: "arn:r", username: "u", groups: ["g"] }],
    });
    const data = old.recording.one("kubernetes:core/v1:ConfigMap", "c-nodeAccess").inputs.data as {
      mapRoles: string;
    };
    assert.match(data.mapRoles, /rolearn: arn:r/);
  });

  it("refuses what the published component refuses, all at once", async () => {
    const role = { arn: "arn:r" };
    const found = await refused(CLUSTER, {
      ...args,
      subnetIds: ["s"],
      instanceRoles: [role],
      instanceRole: role,
      endpointPublic: true,
      authenticationMode: "API",
    });
    assert.deepEqual(
      found.map(([path]) => path),
      ["endpointPublic", "instanceRoles", "instanceRoles", "subnetIds"],
    );
    assert.match(found[1]![1], /does not support non-empty values when 'authenticationMode' is set to 'API'/);
    const { authenticationMode: _, ...unset } = args;
    assert.match(
      (await refused(CLUSTER, { ...unset, accessEntries: {} }))[0]![1],
      /not supported when 'authenticationMode' is not set/,
    );
  });

  it("refuses what the local cloud does not serve, and says so", async () => {
    const { skipDefaultNodeGroup: _, vpcId: _v, ...rest } = args;
    const found = await refused(CLUSTER, { ...rest, fargate: true });
    assert.deepEqual(
      found.map(([path]) => path),
      ["vpcId", "skipDefaultNodeGroup", "fargate"],
    );
  });
});

describe("the managed node group of the local cloud", function () {
  this.timeout(60_000);
  const NODES = "eks:index:ManagedNodeGroup";
  const core = (mode: string, roles: object[] = []) => ({
    cluster: { name: "app", version: "1.33", accessConfig: { authenticationMode: mode } },
    instanceRoles: roles,
    subnetIds: ["subnet-1"],
  });
  const args = {
    cluster: core("API"),
    nodeRoleArn: "arn:r",
    scalingConfig: { desiredSize: 3, minSize: 3, maxSize: 9 },
  };

  it("takes cluster, version and subnets from the cluster", async () => {
    const { recording } = await construct(NODES, "nodes", args);
    const { inputs } = recording.one("aws:eks/nodeGroup:NodeGroup", "nodes");
    assert.equal(recording.parentOf("aws:eks/nodeGroup:NodeGroup", "nodes"), NODES);
    assert.equal(inputs.clusterName, "app");
    assert.equal(inputs.version, "1.33");
    assert.deepEqual(inputs.subnetIds, ["subnet-1"]);
    assert.deepEqual(inputs.scalingConfig, { desiredSize: 3, minSize: 3, maxSize: 9 });
  });

  it("puts the metadata options into a launch template", async () => {
    const { recording } = await construct(NODES, "nodes", { ...args, enableIMDSv2: true, diskSize: 50 });
    const { inputs } = recording.one("aws:ec2/launchTemplate:LaunchTemplate", "nodes-launchTemplate");
    assert.equal((inputs.metadataOptions as { httpTokens: string }).httpTokens, "required");
    assert.equal(recording.one("aws:eks/nodeGroup:NodeGroup", "nodes").inputs.diskSize, undefined);
  });

  it("refuses a missing or doubled role and unknown arguments", async () => {
    const { nodeRoleArn: _, ...without } = args;
    assert.deepEqual(
      (await refused(NODES, without)).map(([path]) => path),
      ["nodeRole"],
    );
    const both = { ...args, nodeRole: { arn: "arn:r" }, instanceType: "m6i.large" };
    assert.deepEqual(
      (await refused(NODES, both)).map(([path]) => path),
      ["instanceType", "nodeRole"],
    );
  });
});

describe("what the local cloud constructs", () => {
  it("is named where a program asks for something else", async () => {
    await assert.rejects(
      construct("awsx:lb:ApplicationLoadBalancer", "lb", {}),
      /serves no component awsx:lb:ApplicationLoadBalancer; it has awsx:ec2:Vpc, eks:index:Cluster/,
    );
  });
});
