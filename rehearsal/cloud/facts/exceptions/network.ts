import { each, replaces, changes, NO_SCHEMA, OTHER_NAME, NO_UPDATE, type Exception } from "./exception";

/** Networks and security groups. */
export const NETWORK: readonly Exception[] = [
  ...replaces("aws:ec2/securityGroup:SecurityGroup", "name description", OTHER_NAME),
  ...each(
    "aws:ec2/securityGroup:SecurityGroup",
    "description",
    { default: "Managed by Pulumi", computed: undefined, maxLength: 255 },
    "the provider's documentation; EC2 refuses a group without description",
  ),
  ...replaces(
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "cidrBlocks ipv6CidrBlocks prefixListIds protocol securityGroupId self type",
    OTHER_NAME,
  ),
  ...each(
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "type",
    { enum: ["egress", "ingress"], replace: true },
    "the provider's documentation: it chooses between two APIs",
  ),
  ...["Ingress", "Egress"].flatMap((way): Exception[] => {
    const type = `aws:vpc/securityGroup${way}Rule:SecurityGroup${way}Rule`;
    return [
      ...changes(type, "cidrIpv6 fromPort ipProtocol toPort", "ModifySecurityGroupRules changes it in place"),
      ...replaces(type, "securityGroupId", OTHER_NAME),
    ];
  }),
  ...changes(
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "routeTableId",
    "ReplaceRouteTableAssociation",
  ),
  ...replaces("aws:ec2/routeTableAssociation:RouteTableAssociation", "gatewayId", NO_UPDATE),
  ...changes("aws:ec2/subnet:Subnet", "ipv6IpamPoolId", "the provider associates another block in place"),
  ...each("aws:ec2/subnet:Subnet", "cidrBlock", { replace: true }, OTHER_NAME),
  ...changes("aws:ec2/vpcEndpoint:VpcEndpoint", "privateDnsEnabled", "ModifyVpcEndpoint changes it in place"),
  ...replaces(
    "aws:ec2/flowLog:FlowLog",
    "vpcId subnetId eniId iamRoleArn",
    "CloudFormation calls it ResourceId, createOnly",
  ),
  ...replaces("aws:ec2/tag:Tag", "key resourceId", NO_SCHEMA),
  ...replaces("aws:ec2/launchTemplate:LaunchTemplate", "name", NO_SCHEMA),
  ...replaces("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "vpcId", NO_SCHEMA),
];
