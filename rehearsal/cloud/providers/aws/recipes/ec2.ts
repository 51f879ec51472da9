import { CloudError } from "../../../faults";
import type { Held, World } from "../../../world";
import { findBy, hex, mustExist, textOf, type Making, type Recipe } from "../recipe";
import { zoneNamed } from "../zones";
import { ec2, VPC, vpcMustExist } from "./ec2-common";

const SUBNET = "aws:ec2/subnet:Subnet";

/** Refuses a VPC's or subnet's deletion while something is in it. */
const emptyBefore =
  (noun: string, property: string, types: readonly string[]) =>
  (held: Held, world: World): void => {
    const inside = types
      .flatMap((t) => world.all(t))
      .find(({ properties }) => {
        const value = properties[property];
        return value === held.id || (Array.isArray(value) && value.includes(held.id));
      });
    if (!inside) return;
    throw new CloudError(
      "DependencyViolation",
      `The ${noun} '${held.id}' has dependencies and cannot be deleted. (${inside.type} ${inside.id})`,
    );
  };

const subnetMustExist = (m: Making): void => {
  const id = m.text("subnetId");
  const found = m.world.get(SUBNET, id);
  if (id) mustExist(found, "InvalidSubnetID.NotFound", `The subnet ID '${id}' does not exist`);
};

const address = (): string => `52.${[0, 0, 0].map(() => parseInt(hex(2), 16)).join(".")}`;

export const EC2: Readonly<Record<string, Recipe>> = {
  [VPC]: {
    ...ec2("Vpc", "vpc", "vpc"),
    make: (m) => {
      const id = `vpc-0${hex(16)}`;
      const table = `rtb-0${hex(16)}`;
      return {
        id,
        outputs: {
          arn: m.arn("ec2", `vpc/${id}`),
          ownerId: m.scope.account,
          defaultNetworkAclId: `acl-0${hex(16)}`,
          defaultRouteTableId: table,
          mainRouteTableId: table,
          defaultSecurityGroupId: `sg-0${hex(16)}`,
          dhcpOptionsId: `dopt-0${hex(16)}`,
        },
      };
    },
    refuseDelete: emptyBefore("vpc", "vpcId", [
      SUBNET,
      "aws:ec2/securityGroup:SecurityGroup",
      "aws:ec2/internetGateway:InternetGateway",
      "aws:ec2/vpcEndpoint:VpcEndpoint",
    ]),
  },
  [SUBNET]: {
    ...ec2("Subnet", "subnet", "subnet"),
    operations: ["CreateSubnet", "ModifySubnetAttribute", "DeleteSubnet"],
    make: (m) => {
      const id = `subnet-0${hex(16)}`;
      const zone = zoneNamed(m.text("availabilityZone") || `${m.scope.region}a`);
      return {
        id,
        outputs: {
          availabilityZone: zone.name,
          availabilityZoneId: zone.id,
          arn: m.arn("ec2", `subnet/${id}`),
          ownerId: m.scope.account,
        },
      };
    },
    identity: {
      by: ["vpcId", "cidrBlock"],
      code: "InvalidSubnet.Conflict",
      message: (v) => `The CIDR '${textOf(v.cidrBlock)}' conflicts with another subnet`,
    },
    refuseWrite: vpcMustExist,
    refuseDelete: emptyBefore("subnet", "subnetId", ["aws:ec2/natGateway:NatGateway"]),
  },
  "aws:ec2/routeTable:RouteTable": { ...ec2("RouteTable", "rtb", "route-table"), refuseWrite: vpcMustExist },
  "aws:ec2/route:Route": {
    ...ec2("Route", "r", "route"),
    operations: ["CreateRoute", "ReplaceRoute", "DeleteRoute"],
    make: (m) => ({
      id: `r-${m.text("routeTableId")}${parseInt(hex(8), 16)}`,
      outputs: { origin: "CreateRoute", state: "active" },
    }),
    identity: {
      by: ["routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"],
      code: "RouteAlreadyExists",
      message: (v) => `The route identified by ${textOf(v.destinationCidrBlock)} already exists.`,
    },
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    ...ec2("RouteTableAssociation", "rtbassoc", "route-table-association"),
    operations: ["AssociateRouteTable", "ReplaceRouteTableAssociation", "DisassociateRouteTable"],
    identity: {
      by: ["subnetId", "gatewayId"],
      code: "Resource.AlreadyAssociated",
      message: (v) =>
        `the specified association for ${textOf(v.subnetId)} conflicts with an existing association`,
    },
  },
  "aws:ec2/internetGateway:InternetGateway": ec2("InternetGateway", "igw", "internet-gateway"),
  "aws:ec2/natGateway:NatGateway": {
    ...ec2("NatGateway", "nat", "natgateway"),
    make: (m) => {
      const eip = findBy(m.world, "aws:ec2/eip:Eip", "allocationId", m.text("allocationId"));
      return {
        id: `nat-0${hex(16)}`,
        outputs: {
          associationId: `eipassoc-0${hex(16)}`,
          networkInterfaceId: `eni-0${hex(16)}`,
          privateIp: `10.0.${parseInt(hex(2), 16)}.${parseInt(hex(2), 16)}`,
          publicIp: textOf(eip?.properties.publicIp as never),
        },
      };
    },
    refuseWrite: subnetMustExist,
  },
  "aws:ec2/eip:Eip": {
    ...ec2("Address", "eipalloc", "elastic-ip"),
    operations: ["AllocateAddress", "ModifyAddressAttribute", "ReleaseAddress"],
    make: (m) => {
      const id = `eipalloc-0${hex(16)}`;
      const ip = address();
      const dns = `ec2-${ip.replaceAll(".", "-")}.compute-1.amazonaws.com`;
      return {
        id,
        outputs: {
          allocationId: id,
          arn: m.arn("ec2", `elastic-ip/${id}`),
          publicIp: ip,
          publicDns: dns,
          domain: "vpc",
          networkBorderGroup: m.scope.region,
          publicIpv4Pool: "amazon",
        },
      };
    },
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    ...ec2("VpcEndpoint", "vpce", "vpc-endpoint"),
    make: (m) => {
      const id = `vpce-0${hex(16)}`;
      return {
        id,
        outputs: {
          arn: m.arn("ec2", `vpc-endpoint/${id}`),
          ownerId: m.scope.account,
          state: "available",
          prefixListId: `pl-${hex(8)}`,
          ipAddressType: "ipv4",
          policy:
            '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}',
        },
      };
    },
    refuseWrite: vpcMustExist,
  },
  "aws:ec2/flowLog:FlowLog": {
    ...ec2("FlowLogs", "fl", "vpc-flow-log"),
    make: (m) => {
      const id = `fl-0${hex(16)}`;
      return { id, outputs: { arn: m.arn("ec2", `vpc-flow-log/${id}`) } };
    },
  },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    ...ec2("LaunchTemplate", "lt", "launch-template"),
    make: (m) => {
      const id = `lt-0${hex(16)}`;
      return {
        id,
        outputs: { arn: m.arn("ec2", `launch-template/${id}`), latestVersion: 1, defaultVersion: 1 },
      };
    },
    volatile: ["latestVersion"],
    changed: (_, before) => ({ latestVersion: Number(before.latestVersion ?? 0) + 1 }),
    identity: {
      by: ["name"],
      code: "InvalidLaunchTemplateName.AlreadyExistsException",
      message: () => "Launch template name already in use.",
    },
  },
  "aws:ec2/managedPrefixList:ManagedPrefixList": {
    ...ec2("ManagedPrefixList", "pl", "prefix-list"),
    make: (m) => {
      const id = `pl-0${hex(16)}`;
      return {
        id,
        outputs: { arn: m.arn("ec2", `prefix-list/${id}`), ownerId: m.scope.account, version: 1 },
      };
    },
    volatile: ["version"],
    changed: (_, before) => ({ version: Number(before.version ?? 0) + 1 }),
  },
  "aws:ec2/tag:Tag": {
    ...ec2("Tags", "tag", "tag"),
    operations: ["CreateTags", "CreateTags", "DeleteTags"],
    make: (m) => ({ id: `${m.text("resourceId")},${m.text("key")}` }),
  },
};
