import assert from "node:assert/strict";
import { construct, refused } from "./constructs-fixture";

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
