import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Network } from "./subnet";
import type { VpcArgs } from "./vpc-arguments";

type Spec = NonNullable<VpcArgs["vpcEndpointSpecs"]>[number];

/** Creates the VPC endpoints; under the strategy `Auto`, subnets, groups and route tables are filled in. */
export function createEndpoints(
  args: VpcArgs,
  network: Network,
  zones: readonly string[],
): aws.ec2.VpcEndpoint[] {
  const auto = args.vpcEndpointStrategy === "Auto";
  return (args.vpcEndpointSpecs ?? []).map((spec) => {
    const type = typeof spec.vpcEndpointType === "string" ? spec.vpcEndpointType.toLowerCase() : "gateway";
    const { vpc } = network;
    const filled = !auto
      ? {}
      : type === "interface"
        ? forInterface(spec, network, zones)
        : forGateway(spec, network);
    const tags = pulumi.all([network.tags, spec.tags]).apply(([shared, own]) => ({ ...shared, ...own }));
    return new aws.ec2.VpcEndpoint(
      spec.serviceName,
      { ...spec, ...filled, region: spec.region ?? args.region, tags, vpcId: vpc.id },
      { parent: vpc, dependsOn: [vpc] },
    );
  });
}

const forGateway = (spec: Spec, network: Network) => ({
  routeTableIds: spec.routeTableIds ?? network.routeTables.map((table) => table.id),
});

function forInterface(spec: Spec, network: Network, zones: readonly string[]) {
  const subnets = zones.flatMap((zone) => {
    const here = network.subnets.filter((one) => one.zone === zone);
    const best = ["Private", "Isolated", "Public"].map((type) => here.find((one) => one.type === type));
    const first = best.find((one) => one !== undefined);
    return first ? [first.subnet.id] : [];
  });
  return {
    privateDnsEnabled: spec.privateDnsEnabled ?? true,
    securityGroupIds: spec.securityGroupIds ?? [securityGroup(spec, network).id],
    ...(spec.subnetConfigurations === undefined && { subnetIds: spec.subnetIds ?? subnets }),
  };
}

/** HTTPS from inside the VPC. */
function securityGroup(spec: Spec, { vpc, tags }: Network): aws.ec2.SecurityGroup {
  const group = new aws.ec2.SecurityGroup(
    `${spec.serviceName}-sg`,
    { vpcId: vpc.id, tags },
    { parent: vpc, dependsOn: [vpc] },
  );
  new aws.ec2.SecurityGroupRule(
    `${spec.serviceName}-ingress`,
    {
      type: "ingress",
      securityGroupId: group.id,
      protocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrBlocks: [vpc.cidrBlock],
    },
    { parent: vpc, dependsOn: [group] },
  );
  return group;
}
