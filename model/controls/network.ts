import {
  type Control,
  GUARDED,
  type Inapplicable,
  type Judged,
  type Properties,
  type Unmet,
  at,
  controlsOf,
  isNotTrue,
  isTrue,
  listAt,
  put,
  refersTo,
  without,
} from "./control";
import { absent, unmet } from "./others";

const VPC = ["awsx:ec2:Vpc", "aws:ec2/vpc:Vpc"];
const TEMPLATE = ["aws:ec2/launchTemplate:LaunchTemplate"];
const INGRESS = ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"];
const { property, each, together } = controlsOf("FSBP", "S4");

/** Ports that the world may reach. */
const AUTHORISED: readonly unknown[] = [80, 443];

/** Ports of protocols that are attacked wherever they are found open. */
const HIGH_RISK = [
  20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333, 5000, 5432, 5500, 5601, 8080,
  8088, 8888, 9200, 9300,
];

const isOpen = (inputs: Properties): boolean =>
  inputs["cidrIpv4"] === "0.0.0.0/0" || inputs["cidrIpv6"] === "::/0";

const openTo = (port: number) => (inputs: Properties) => ({
  ...put(inputs, "referencedSecurityGroupId", undefined),
  cidrIpv4: "0.0.0.0/0",
  ipProtocol: "tcp",
  fromPort: port,
  toPort: port,
});

/** A VPC has an interface endpoint for a service. */
const endpoint = (id: string, service: string, title: string): Control =>
  together({
    id,
    title,
    severity: "medium",
    types: VPC,
    environments: GUARDED,
    fault: (vpc, all) =>
      endpoints(vpc, all, service).length > 0
        ? undefined
        : `found no interface endpoint of ${service}; allowed: an aws.ec2.VpcEndpoint of the VPC`,
    flip: (vpc, all) => {
      const gone = endpoints(vpc, all, service);
      return without(all, (one) => gone.includes(one));
    },
  });

const endpoints = (vpc: Judged, all: readonly Judged[], service: string): readonly Judged[] =>
  all.filter(
    ({ type, inputs }) =>
      type === "aws:ec2/vpcEndpoint:VpcEndpoint" &&
      inputs["vpcEndpointType"] === "Interface" &&
      refersTo(inputs["vpcId"], vpc) &&
      String(inputs["serviceName"]).endsWith(`.${service}`),
  );

const flowLogs = (vpc: Judged, all: readonly Judged[]): readonly Judged[] =>
  all.filter(({ type, inputs }) => type === "aws:ec2/flowLog:FlowLog" && refersTo(inputs["vpcId"], vpc));

/** EC2, in the order of their numbers. */
export const NETWORK: readonly (Control | Inapplicable | Unmet)[] = [
  each({
    id: "EC2.2",
    title: "VPC default security groups should not allow inbound or outbound traffic",
    severity: "high",
    types: ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
    fault: (inputs) =>
      listAt(inputs, "ingress").length + listAt(inputs, "egress").length === 0
        ? undefined
        : "found rules in the default security group; allowed: none",
    flip: (inputs) => put(inputs, "ingress", [{ protocol: "-1", self: true, fromPort: 0, toPort: 0 }]),
  }),
  property({
    id: "EC2.3",
    title: "Attached Amazon EBS volumes should be encrypted at rest",
    severity: "medium",
    types: ["kubernetes:storage.k8s.io/v1:StorageClass"],
    at: "parameters.encrypted",
    allowed: '"true"',
    ok: isTrue,
    broken: "false",
  }),
  together({
    id: "EC2.6",
    title: "VPC flow logging should be enabled in all VPCs",
    severity: "medium",
    types: VPC,
    fault: (vpc, all) =>
      flowLogs(vpc, all).length > 0 ? undefined : "found no flow log; allowed: an aws.ec2.FlowLog of the VPC",
    flip: (vpc, all) => {
      const gone = flowLogs(vpc, all);
      return without(all, (one) => gone.includes(one));
    },
  }),
  property({
    id: "EC2.8",
    title: "EC2 instances should use Instance Metadata Service Version 2 (IMDSv2)",
    severity: "high",
    types: TEMPLATE,
    breaks: ["EC2.170"],
    at: "metadataOptions.httpTokens",
    allowed: "required",
    ok: (value) => value === "required",
    broken: "optional",
  }),
  property({
    id: "EC2.9",
    title: "Amazon EC2 instances should not have a public IPv4 address",
    severity: "high",
    types: ["eks:index:Cluster"],
    breaks: ["CIS 5.4.3"],
    at: "nodeAssociatePublicIpAddress",
    allowed: "false",
    ok: (value) => value === false,
    broken: true,
  }),
  endpoint("EC2.10", "ec2", "Amazon EC2 should be configured to use VPC endpoints for the EC2 service"),
  each({
    id: "EC2.18",
    title: "Security groups should only allow unrestricted incoming traffic for authorized ports",
    severity: "high",
    types: INGRESS,
    fault: (inputs) =>
      isOpen(inputs) && !(inputs["fromPort"] === inputs["toPort"] && AUTHORISED.includes(inputs["fromPort"]))
        ? `found ports ${String(inputs["fromPort"])} to ${String(inputs["toPort"])} open to the world; allowed: ${AUTHORISED.join(", ")}`
        : undefined,
    flip: openTo(8443),
  }),
  each({
    id: "EC2.19",
    title: "Security groups should not allow unrestricted access to ports with high risk",
    severity: "critical",
    types: INGRESS,
    breaks: ["EC2.18"],
    fault: (inputs) => {
      const from = Number(inputs["fromPort"] ?? 0);
      const to = Number(inputs["toPort"] ?? 65_535);
      const open = isOpen(inputs) ? HIGH_RISK.filter((port) => from <= port && port <= to) : [];
      return open.length === 0
        ? undefined
        : `found ports ${open.join(", ")} open to the world; allowed: named sources only`;
    },
    flip: openTo(22),
  }),
  each({
    id: "EC2.25",
    title: "Amazon EC2 launch templates should not assign public IPs to network interfaces",
    severity: "high",
    types: TEMPLATE,
    fault: (inputs) =>
      listAt(inputs, "networkInterfaces").every((one) => isNotTrue(at(one, "associatePublicIpAddress")))
        ? undefined
        : "found associatePublicIpAddress = true; allowed: false",
    flip: (inputs) => put(inputs, "networkInterfaces", [{ associatePublicIpAddress: "true" }]),
  }),
  endpoint("EC2.55", "ecr.api", "VPCs should be configured with an interface endpoint for ECR API"),
  endpoint("EC2.56", "ecr.dkr", "VPCs should be configured with an interface endpoint for Docker Registry"),
  endpoint("EC2.57", "ssm", "VPCs should be configured with an interface endpoint for Systems Manager"),
  property({
    id: "EC2.170",
    title: "EC2 launch templates should use Instance Metadata Service Version 2 (IMDSv2)",
    severity: "low",
    types: TEMPLATE,
    breaks: ["EC2.8"],
    at: "metadataOptions.httpTokens",
    allowed: "required",
    ok: (value) => value === "required",
    broken: "optional",
  }),
  each({
    id: "EC2.181",
    title: "EC2 launch templates should enable encryption for attached EBS volumes",
    severity: "medium",
    types: TEMPLATE,
    fault: (inputs) => {
      const volumes = listAt(inputs, "blockDeviceMappings");
      return volumes.length > 0 && volumes.every((one) => isTrue(at(one, "ebs.encrypted")))
        ? undefined
        : "found a volume that is not encrypted; allowed: ebs.encrypted true in each blockDeviceMapping";
    },
    flip: (inputs) => put(inputs, "blockDeviceMappings.0.ebs.encrypted", "false"),
  }),
  ...absent("FSBP", ["aws:ebs/snapshot:Snapshot"], "the stack makes no EBS snapshots", [
    ["EC2.1", "critical", "Amazon EBS snapshots should not be publicly restorable"],
    ["EC2.182", "high", "Block public access settings should be enabled for Amazon EBS snapshots"],
  ]),
  ...absent("FSBP", ["aws:ec2/instance:Instance"], "instances are the node group's, which replaces them", [
    ["EC2.4", "medium", "Stopped EC2 instances should be removed after a specified time period"],
  ]),
  ...absent(
    "FSBP",
    ["aws:ebs/encryptionByDefault:EncryptionByDefault"],
    "a setting of the account and region",
    [["EC2.7", "medium", "EBS default encryption should be enabled"]],
  ),
  ...absent("FSBP", ["aws:ec2/networkAcl:NetworkAcl"], "the stack makes no network ACLs", [
    ["EC2.16", "low", "Unused network access control lists should be removed"],
  ]),
  ...unmet(
    "FSBP",
    "the VPC's default network ACL is open: without state it would drop answers to ports that NAT gateways use",
    [["EC2.21", "medium", "Network ACLs should not allow ingress from 0.0.0.0/0 to port 22 or port 3389"]],
  ),
  ...absent("FSBP", ["aws:ec2/vpnConnection:VpnConnection"], "there is no VPN", [
    ["EC2.20", "medium", "Both VPN tunnels for an AWS Site-to-Site VPN connection should be up"],
    ["EC2.171", "medium", "EC2 VPN connections should have logging enabled"],
  ]),
  ...absent("FSBP", ["aws:ec2transitgateway/transitGateway:TransitGateway"], "there is no transit gateway", [
    ["EC2.23", "high", "EC2 Transit Gateways should not automatically accept VPC attachment requests"],
  ]),
  ...absent("FSBP", [], "managed node groups take no paravirtual instance types", [
    ["EC2.24", "medium", "Amazon EC2 paravirtual instance types should not be used"],
  ]),
  ...absent("FSBP", ["aws:ec2clientvpn/endpoint:Endpoint"], "there is no client VPN", [
    ["EC2.51", "low", "EC2 Client VPN endpoints should have client connection logging enabled"],
  ]),
  ...absent("FSBP", [], "Incident Manager is not used from the VPC", [
    ["EC2.58", "medium", "VPCs should have an interface endpoint for Incident Manager Contacts"],
    ["EC2.60", "medium", "VPCs should have an interface endpoint for Incident Manager"],
  ]),
  ...absent("FSBP", ["aws:ec2/spotFleetRequest:SpotFleetRequest"], "there is no spot fleet", [
    ["EC2.173", "medium", "EC2 Spot Fleet requests should enable encryption for attached EBS volumes"],
  ]),
  ...absent("FSBP", ["aws:ec2/networkInterface:NetworkInterface"], "interfaces are AWS's, which sets it", [
    ["EC2.180", "medium", "EC2 network interfaces should have source/destination checking enabled"],
  ]),
  ...unmet(
    "FSBP",
    "not judged here: a transform turns it off in the subnets that awsx makes, which only the engine sees (test/components/network.test.ts)",
    [["EC2.15", "medium", "Amazon EC2 subnets should not automatically assign public IP addresses"]],
  ),
  ...unmet("FSBP", "the VPC CNI gives pods their addresses from several interfaces of a node", [
    ["EC2.17", "low", "Amazon EC2 instances should not use multiple ENIs"],
  ]),
  ...unmet("FSBP", "the load balancer is reached through the internet gateway", [
    ["EC2.172", "medium", "EC2 VPC Block Public Access settings should block internet gateway traffic"],
  ]),
];
