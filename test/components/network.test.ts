import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { INTERFACES } from "../../components/network/endpoints";
import { Network, VPC_CIDR, withoutPublicAddresses } from "../../components/network/network";
import { ENVIRONMENTS, type Environment } from "../../model/environments";
import { key, recordingOptions, statements } from "./clusterFixture";
import { assertIncludes, known, record, settled } from "./mocks";

interface VpcInputs {
  cidrBlock: string;
  availabilityZoneCidrMask: number;
  numberOfAvailabilityZones: number;
  natGateways: { strategy: string };
  subnetSpecs: { type: string; cidrMask: number; tags: Record<string, string> }[];
}

async function made(environment: Environment) {
  const mocks = record();
  const { seen, opts } = recordingOptions();
  const args = { name: `app-${environment}`, environment, region: "us-east-1", key };
  const network = new Network("network", args, opts);
  await settled();
  const vpc = mocks.find("awsx:ec2:Vpc", `app-${environment}`);
  return { network, mocks, seen, inputs: vpc, vpc: vpc as unknown as VpcInputs };
}

/** What is so in dev, staging and prod; one after the other, for mocks are global. */
async function inEach<T>(look: (vpc: VpcInputs) => T): Promise<T[]> {
  const found: T[] = [];
  for (const environment of ENVIRONMENTS) found.push(look((await made(environment)).vpc));
  return found;
}

/** Addresses of a range with a mask of so many bits. */
const addresses = (mask: number) => 2 ** (32 - mask);

describe("Network", () => {
  it("has two zones in dev, for EKS takes no fewer, and three elsewhere", async () => {
    const zones = await inEach(({ numberOfAvailabilityZones }) => numberOfAvailabilityZones);
    assert.deepEqual(zones, [2, 3, 3]);
  });

  it("loses no zone's way out with another zone in prod, and pays for one way out elsewhere", async () => {
    const ways = await inEach(({ natGateways }) => natGateways.strategy);
    assert.deepEqual(ways, ["Single", "Single", "OnePerAz"]);
  });

  it("has room for a fourth zone, so that a later one moves no subnet", async () => {
    const { vpc } = await made("prod");
    assert.equal(vpc.cidrBlock, VPC_CIDR);
    const whole = addresses(Number(VPC_CIDR.split("/")[1]));
    assert.ok(addresses(vpc.availabilityZoneCidrMask) * 4 <= whole);
  });

  it("fits both subnets into a zone's range, the larger for pods", async () => {
    const { vpc } = await made("prod");
    const sizes = new Map(vpc.subnetSpecs.map(({ type, cidrMask }) => [type, addresses(cidrMask)]));
    assert.deepEqual([...sizes.keys()].sort(), ["Private", "Public"]);
    assert.ok(sizes.get("Private")! > sizes.get("Public")!);
    assert.ok(sizes.get("Private")! + sizes.get("Public")! <= addresses(vpc.availabilityZoneCidrMask));
  });

  it("marks subnets for public and for internal load balancers", async () => {
    const { vpc } = await made("dev");
    const tags = Object.fromEntries(vpc.subnetSpecs.map(({ type, tags }) => [type, tags]));
    assert.deepEqual(tags, {
      Private: { "kubernetes.io/role/internal-elb": "1" },
      Public: { "kubernetes.io/role/elb": "1" },
    });
  });

  it("resolves names inside, without which EKS's private endpoint is not found", async () => {
    assertIncludes((await made("dev")).inputs, { enableDnsHostnames: true, enableDnsSupport: true });
  });

  it("keeps public and private subnets apart in what it gives to others", async () => {
    const { network } = await made("dev");
    assert.equal(await known(network.vpcId), "vpc-1");
    assert.deepEqual(await known(network.publicSubnetIds), ["subnet-1", "subnet-2"]);
    assert.deepEqual(await known(network.privateSubnetIds), ["subnet-3", "subnet-4"]);
  });

  it("gives nothing a public address that did not ask for one", async () => {
    const { seen } = await made("dev");
    const vpc = seen.find(({ type }) => type === "awsx:ec2:Vpc");
    assert.deepEqual(vpc?.opts.transforms, [withoutPublicAddresses]);
    const apply = async (type: string) =>
      (
        await withoutPublicAddresses({
          type,
          props: { cidrBlock: "10.0.0.0/22", mapPublicIpOnLaunch: true },
        } as unknown as pulumi.ResourceTransformArgs)
      )?.props;
    const subnet = { cidrBlock: "10.0.0.0/22", mapPublicIpOnLaunch: false };
    assert.deepEqual(await apply("aws:ec2/subnet:Subnet"), subnet);
    assert.equal(await apply("aws:ec2/vpc:Vpc"), undefined);
  });

  it("closes the group that everything is in which names none", async () => {
    const { mocks } = await made("dev");
    assert.deepEqual(mocks.find("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "app-dev"), {
      vpcId: "vpc-1",
      ingress: [],
      egress: [],
    });
  });

  it("records all traffic, what was let and what was not, encrypted and for an end", async () => {
    for (const environment of ENVIRONMENTS) {
      const { mocks } = await made(environment);
      const name = `app-${environment}-flow-logs`;
      const logs = mocks.find("aws:cloudwatch/logGroup:LogGroup", name);
      assertIncludes(logs, { name: `/aws/vpc/app-${environment}/flow-logs`, kmsKeyId: "arn:key" });
      assert.ok(Number(logs["retentionInDays"]) > 0);
      assertIncludes(mocks.find("aws:ec2/flowLog:FlowLog", name), {
        vpcId: "vpc-1",
        trafficType: "ALL",
        logDestination: `arn:${name}`,
        iamRoleArn: `arn:${name}`,
      });
    }
  });

  it("lets flow logs write into their own group and no other", async () => {
    const { mocks } = await made("prod");
    const granted = statements(mocks.find("aws:iam/rolePolicy:RolePolicy", "app-prod-flow-logs")["policy"]);
    const writing = granted.filter(({ Action }) => [Action].flat().includes("logs:PutLogEvents"));
    assert.deepEqual(
      writing.map(({ Resource }) => Resource),
      [["arn:app-prod-flow-logs", "arn:app-prod-flow-logs:*"]],
    );
  });

  it("reaches S3 without leaving AWS everywhere, through every route table", async () => {
    for (const environment of ENVIRONMENTS) {
      const { inputs } = await made(environment);
      assertIncludes(inputs, {
        vpcEndpointStrategy: "Auto",
        vpcEndpointSpecs: [{ serviceName: "com.amazonaws.us-east-1.s3", vpcEndpointType: "Gateway" }],
      });
    }
  });

  it("reaches the services it depends on without leaving AWS outside dev, from the VPC alone", async () => {
    const names = async (environment: Environment) =>
      (await made(environment)).mocks.names("aws:ec2/vpcEndpoint:VpcEndpoint");
    assert.deepEqual(await names("dev"), []);
    for (const environment of ["staging", "prod"] as const) {
      const { mocks } = await made(environment);
      for (const service of INTERFACES) {
        assertIncludes(mocks.find("aws:ec2/vpcEndpoint:VpcEndpoint", `app-${environment}-${service}`), {
          vpcEndpointType: "Interface",
          serviceName: `com.amazonaws.us-east-1.${service}`,
          privateDnsEnabled: true,
          subnetIds: ["subnet-3", "subnet-4"],
          securityGroupIds: [`app-${environment}-endpoints-id`],
        });
      }
      const rules = mocks.registered.filter(
        ({ type }) => type === "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      );
      assert.equal(rules.length, 1);
      assertIncludes(rules[0]?.inputs, { cidrIpv4: VPC_CIDR, fromPort: 443, toPort: 443, ipProtocol: "tcp" });
    }
  });
});
