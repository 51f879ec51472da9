import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Component, type Construct } from "./component";
import { createSubnet, type Network } from "./subnet";
import { checkVpc, type VpcArgs } from "./vpc-arguments";
import { createEndpoints } from "./vpc-endpoints";
import { layout, type Subnet } from "./vpc-layout";

const ORDER = ["Public", "Private", "Isolated"];

/** Constructs `awsx:ec2:Vpc`: the children, names, parents and outputs of the published component. */
export async function constructVpc(construct: Construct): Promise<pulumi.provider.ConstructResult> {
  const { name, args } = construct;
  checkVpc(args);
  const component = new Component("awsx:ec2:Vpc", construct);
  const zones = args.availabilityZoneNames ?? (await firstZones(args, component));
  const subnets = layout({
    name,
    zones,
    cidrBlock: args.cidrBlock ?? "10.0.0.0/16",
    strategy: args.subnetStrategy,
    specs: args.subnetSpecs,
    zoneMask: args.availabilityZoneCidrMask,
    nameTags: args.subnetNameTagStrategy,
  });
  checkGateways(args, zones, subnets);
  const network = createNetwork(name, args, zones, subnets, component);
  const ids = (type: Subnet["type"]) =>
    network.subnets.filter((one) => one.type === type).map((one) => one.subnet.id);
  const resources = (type: Subnet["type"]) =>
    network.subnets.filter((one) => one.type === type).map((one) => one.subnet);
  return component.finish({
    eips: network.eips,
    internetGateway: network.internetGateway,
    isolatedSubnetIds: ids("Isolated"),
    isolatedSubnets: resources("Isolated"),
    natGateways: network.natGateways,
    privateSubnetIds: ids("Private"),
    privateSubnets: resources("Private"),
    publicSubnetIds: ids("Public"),
    publicSubnets: resources("Public"),
    routeTableAssociations: network.routeTableAssociations,
    routeTables: network.routeTables,
    routes: network.routes,
    subnetLayout: resolved(args, subnets, zones),
    subnets: network.subnets.map((one) => one.subnet),
    vpc: network.vpc,
    vpcEndpoints: createEndpoints(args, network, zones),
    vpcId: network.vpc.id,
  });
}

async function firstZones(args: VpcArgs, parent: pulumi.Resource): Promise<string[]> {
  if (args.region !== undefined && typeof args.region !== "string") {
    throw new Error(
      "Vpc.region must be a plain string when availabilityZoneNames is not set. If region is dynamic, specify availabilityZoneNames explicitly.",
    );
  }
  const wanted = args.numberOfAvailabilityZones ?? 3;
  const { names } = await aws.getAvailabilityZones({ region: args.region }, { parent });
  if (names.length < wanted) {
    throw new Error(
      `The configured region for this provider does not have at least ${wanted} Availability Zones.`,
    );
  }
  return names.slice(0, wanted);
}

function checkGateways(args: VpcArgs, zones: readonly string[], subnets: readonly Subnet[]): void {
  const strategy = args.natGateways?.strategy ?? "OnePerAz";
  const addresses = args.natGateways?.elasticIpAllocationIds?.length ?? 0;
  const allowed = { None: 0, Single: 1, OnePerAz: zones.length }[strategy];
  if (addresses > 0 && addresses !== allowed) {
    throw new Error(
      `The number of Elastic IPs, if specified, must be ${allowed} when NAT Gateway strategy is '${strategy}', found ${addresses}.`,
    );
  }
  const has = (...types: string[]) => subnets.some((subnet) => types.includes(subnet.type));
  if (strategy !== "None" && !(has("Public") && has("Private", "Isolated"))) {
    throw new Error(
      "If NAT Gateway strategy is 'OnePerAz' or 'Single', public subnets must be declared to host the NAT Gateway resource, along with private or isolated subnets to route through it.",
    );
  }
}

function createNetwork(
  name: string,
  args: VpcArgs,
  zones: readonly string[],
  subnets: readonly Subnet[],
  parent: pulumi.Resource,
): Network {
  const tags = pulumi.output(args.tags).apply((given): Record<string, string> => ({ Name: name, ...given }));
  const { region, cidrBlock = "10.0.0.0/16" } = args;
  const vpc = new aws.ec2.Vpc(
    name,
    {
      region,
      cidrBlock,
      enableDnsHostnames: args.enableDnsHostnames,
      enableDnsSupport: args.enableDnsSupport,
      enableNetworkAddressUsageMetrics: args.enableNetworkAddressUsageMetrics,
      instanceTenancy: args.instanceTenancy,
      tags,
    },
    { parent },
  );
  const internetGateway = new aws.ec2.InternetGateway(
    name,
    { region, vpcId: vpc.id, tags },
    { parent: vpc, dependsOn: [vpc] },
  );
  const network: Network = {
    name,
    vpc,
    internetGateway,
    tags,
    subnets: [],
    routeTables: [],
    routeTableAssociations: [],
    routes: [],
    eips: [],
    natGateways: [],
  };
  // Public subnets come first, since their gateways serve the private ones.
  for (const [index, zone] of zones.entries()) {
    const ofZone = subnets.filter((subnet) => subnet.zone === zone);
    for (const type of ORDER) {
      for (const subnet of ofZone.filter((one) => one.type === type))
        createSubnet(subnet, index, args, network);
    }
  }
  return network;
}

function resolved(args: VpcArgs, subnets: readonly Subnet[], zones: readonly string[]): pulumi.Inputs[] {
  const perZone = subnets.slice(0, subnets.length / zones.length);
  if (args.subnetSpecs && args.subnetStrategy && args.subnetStrategy !== "Legacy") {
    return args.subnetSpecs.map(({ name, type, cidrBlocks, cidrMask, size }) => ({
      name,
      type,
      cidrBlocks,
      cidrMask,
      size,
    }));
  }
  return perZone.map(({ type, cidrBlock }) => ({ type, cidrMask: Number(cidrBlock.split("/")[1]) }));
}
