import assert from "node:assert/strict";
import { Network, VPC_CIDR } from "../../components/network/network";
import { ENVIRONMENTS, type Environment } from "../../model/environments";
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
  const network = new Network("network", { name: `app-${environment}`, environment });
  await settled();
  const vpc = mocks.find("awsx:ec2:Vpc", `app-${environment}`);
  return { network, inputs: vpc, vpc: vpc as unknown as VpcInputs };
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
});
