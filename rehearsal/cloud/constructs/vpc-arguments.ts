import type * as awsx from "@pulumi/awsx";
import type * as pulumi from "@pulumi/pulumi";
import { Faults, namesOf } from "./arguments";

type SubnetSpecArgs = awsx.types.input.ec2.SubnetSpecArgs;
type EndpointArgs = awsx.types.input.ec2.VpcEndpointSpecArgs;
export type VpcArgs = awsx.ec2.VpcArgs;

const VPC = namesOf<VpcArgs>({
  assignGeneratedIpv6CidrBlock: true,
  availabilityZoneCidrMask: true,
  availabilityZoneNames: true,
  cidrBlock: true,
  enableDnsHostnames: true,
  enableDnsSupport: true,
  enableNetworkAddressUsageMetrics: true,
  instanceTenancy: true,
  ipv4IpamPoolId: true,
  ipv4NetmaskLength: true,
  ipv6CidrBlock: true,
  ipv6CidrBlockNetworkBorderGroup: true,
  ipv6IpamPoolId: true,
  ipv6NetmaskLength: true,
  natGateways: true,
  numberOfAvailabilityZones: true,
  region: true,
  subnetNameTagStrategy: true,
  subnetSpecs: true,
  subnetStrategy: true,
  tags: true,
  vpcEndpointSpecs: true,
  vpcEndpointStrategy: true,
});

const SUBNET = namesOf<SubnetSpecArgs>({
  assignIpv6AddressOnCreation: true,
  cidrBlocks: true,
  cidrMask: true,
  name: true,
  size: true,
  tags: true,
  type: true,
});

const ENDPOINT = namesOf<EndpointArgs>({
  autoAccept: true,
  dnsOptions: true,
  ipAddressType: true,
  policy: true,
  privateDnsEnabled: true,
  region: true,
  resourceConfigurationArn: true,
  routeTableIds: true,
  securityGroupIds: true,
  serviceName: true,
  serviceNetworkArn: true,
  serviceRegion: true,
  subnetConfigurations: true,
  subnetIds: true,
  tags: true,
  vpcEndpointType: true,
});

const NAT = ["elasticIpAllocationIds", "strategy"];
const NO_IPV6 = "it lays out IPv4 addresses only";
const NO_IPAM = "it has no address manager; give cidrBlock";

/** @throws InputPropertiesError with every argument that awsx, or the local cloud, refuses */
export function checkVpc(args: pulumi.Inputs): asserts args is VpcArgs {
  const faults = new Faults("awsx.ec2.Vpc");
  faults.names(args, VPC);
  const { subnetSpecs, natGateways, vpcEndpointSpecs } = args as VpcArgs;
  faults.oneOf(args.subnetStrategy, ["Auto", "AutoMerge", "Exact", "Legacy"], "subnetStrategy");
  faults.oneOf(args.subnetNameTagStrategy, ["AvailabilityZone", "Legacy"], "subnetNameTagStrategy");
  faults.oneOf(args.vpcEndpointStrategy, ["Auto", "Legacy"], "vpcEndpointStrategy");
  if (args.availabilityZoneNames && args.numberOfAvailabilityZones) {
    faults.add(
      "numberOfAvailabilityZones",
      "only one of [availabilityZoneNames] and [numberOfAvailabilityZones] can be specified",
    );
  }
  for (const [index, spec] of (subnetSpecs ?? []).entries()) {
    faults.names(spec, SUBNET, `subnetSpecs[${index}]`);
    faults.required(spec, ["type"], `subnetSpecs[${index}]`);
    faults.oneOf(spec.type, ["Isolated", "Private", "Public", "Unused"], `subnetSpecs[${index}].type`);
  }
  if (natGateways) {
    faults.names(natGateways, NAT, "natGateways");
    faults.required(natGateways, ["strategy"], "natGateways");
    faults.oneOf(natGateways.strategy, ["None", "OnePerAz", "Single"], "natGateways.strategy");
  }
  for (const [index, spec] of (vpcEndpointSpecs ?? []).entries()) {
    faults.names(spec, ENDPOINT, `vpcEndpointSpecs[${index}]`);
    faults.required(spec, ["serviceName"], `vpcEndpointSpecs[${index}]`);
  }
  faults.unserved(args, {
    assignGeneratedIpv6CidrBlock: NO_IPV6,
    ipv4IpamPoolId: NO_IPAM,
    ipv4NetmaskLength: NO_IPAM,
    ipv6CidrBlock: NO_IPV6,
    ipv6IpamPoolId: NO_IPV6,
    ipv6NetmaskLength: NO_IPV6,
  });
  faults.raise();
}
