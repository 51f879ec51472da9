import assert from "node:assert/strict";
import { construct, refused } from "./constructs-fixture";

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
