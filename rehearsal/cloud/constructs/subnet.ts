import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { VpcArgs } from "./vpc-arguments";
import type { Subnet } from "./vpc-layout";

/** What has been created of a VPC so far. */
export interface Network {
  readonly name: string;
  readonly vpc: aws.ec2.Vpc;
  readonly internetGateway: aws.ec2.InternetGateway;
  readonly tags: pulumi.Output<Record<string, string>>;
  readonly subnets: {
    readonly type: Subnet["type"];
    readonly zone: string;
    readonly subnet: aws.ec2.Subnet;
  }[];
  readonly routeTables: aws.ec2.RouteTable[];
  readonly routeTableAssociations: aws.ec2.RouteTableAssociation[];
  readonly routes: aws.ec2.Route[];
  readonly eips: aws.ec2.Eip[];
  readonly natGateways: aws.ec2.NatGateway[];
}

/** Creates a subnet with its route table and its way out; `zone` is the zone's index. */
export function createSubnet(spec: Subnet, zone: number, args: VpcArgs, network: Network): void {
  const { vpc } = network;
  const { region } = args;
  const tagged = (own: Readonly<Record<string, pulumi.Input<string>>> | undefined) =>
    pulumi.all([network.tags, own]).apply(([shared, more]) => ({
      ...shared,
      ...more,
      Name: spec.nameTag,
      SubnetType: spec.type,
    }));
  const subnet = new aws.ec2.Subnet(
    spec.name,
    {
      region,
      vpcId: vpc.id,
      availabilityZone: spec.zone,
      mapPublicIpOnLaunch: spec.type === "Public",
      cidrBlock: spec.cidrBlock,
      assignIpv6AddressOnCreation: false,
      tags: pulumi.output(spec.tags).apply((own) => tagged(own)),
    },
    { parent: vpc, dependsOn: [vpc] },
  );
  network.subnets.push({ type: spec.type, zone: spec.zone, subnet });

  const routeTable = new aws.ec2.RouteTable(
    spec.name,
    { region, vpcId: vpc.id, tags: tagged(undefined) },
    { parent: subnet, dependsOn: [subnet] },
  );
  network.routeTables.push(routeTable);
  const under = { parent: routeTable, dependsOn: [routeTable] };
  network.routeTableAssociations.push(
    new aws.ec2.RouteTableAssociation(
      spec.name,
      { region, routeTableId: routeTable.id, subnetId: subnet.id },
      under,
    ),
  );
  if (spec.type === "Public") createGateway(subnet, zone, args, network);

  const target = wayOut(spec, zone, args, network);
  if (!target) return;
  network.routes.push(
    new aws.ec2.Route(
      spec.name,
      { region, routeTableId: routeTable.id, destinationCidrBlock: "0.0.0.0/0", ...target },
      under,
    ),
  );
}

/** A NAT gateway in this public subnet, where the strategy wants one and the zone has none yet. */
function createGateway(subnet: aws.ec2.Subnet, zone: number, args: VpcArgs, network: Network): void {
  const { strategy = "OnePerAz", elasticIpAllocationIds = [] } = args.natGateways ?? {};
  const wanted = { None: 0, Single: 1, OnePerAz: zone + 1 }[strategy];
  if (network.natGateways.length >= wanted) return;
  const name = `${network.name}-${zone + 1}`;
  const { region } = args;
  const tags = pulumi.output(args.tags).apply((given) => ({ ...given, Name: name }));
  const under = { parent: subnet, dependsOn: [subnet] };
  let allocationId = elasticIpAllocationIds[zone];
  if (allocationId === undefined) {
    const eip = new aws.ec2.Eip(name, { region, tags }, under);
    network.eips.push(eip);
    allocationId = eip.allocationId;
  }
  network.natGateways.push(
    new aws.ec2.NatGateway(name, { region, subnetId: subnet.id, allocationId, tags }, under),
  );
}

function wayOut(
  spec: Subnet,
  zone: number,
  args: VpcArgs,
  network: Network,
): { gatewayId: pulumi.Input<string> } | { natGatewayId: pulumi.Input<string> } | undefined {
  if (spec.type === "Public") return { gatewayId: network.internetGateway.id };
  const { strategy = "OnePerAz" } = args.natGateways ?? {};
  if (spec.type !== "Private" || strategy === "None") return undefined;
  return { natGatewayId: network.natGateways[strategy === "Single" ? 0 : zone]!.id };
}
