import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import { ZONES } from "../../model/nodes";
import type { Key } from "../key";
import { endpoints, serviceName } from "./endpoints";
import { flowLogs } from "./flowLogs";

export interface NetworkArgs {
  /** Names the VPC, for example `voiceassist-dev`. */
  name: string;
  environment: Environment;
  region: string;
  /** Encrypts the flow logs; CloudWatch Logs may use it. */
  key: Pick<Key, "arn">;
}

/** The stack's address range; preview requests that come from inside it are trusted by default. */
export const VPC_CIDR = "10.0.0.0/16";

/** A VPC with public subnets for the load balancer and private ones for nodes and data. */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly publicSubnetIds: pulumi.Output<string[]>;
  readonly privateSubnetIds: pulumi.Output<string[]>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:network:Network", name, {}, opts);
    const { environment, key } = args;
    const { zones, natGateways } = ZONES[environment];
    const inside = { parent: this };
    const vpc = new awsx.ec2.Vpc(
      args.name,
      {
        cidrBlock: VPC_CIDR,
        // Room for a fourth zone: without it a zone added later renumbers, and so replaces, every subnet.
        availabilityZoneCidrMask: 18,
        numberOfAvailabilityZones: zones,
        subnetStrategy: "Auto",
        // A pod has an address of the private subnet, so that one is the large one: 8,187 against 1,019.
        subnetSpecs: [
          { type: "Private", cidrMask: 19, tags: { "kubernetes.io/role/internal-elb": "1" } },
          { type: "Public", cidrMask: 22, tags: { "kubernetes.io/role/elb": "1" } },
        ],
        natGateways: { strategy: natGateways < zones ? "Single" : "OnePerAz" },
        // Image layers come from S3, through every route table: the strategy finds them.
        vpcEndpointSpecs: [{ serviceName: serviceName(args.region, "s3"), vpcEndpointType: "Gateway" }],
        vpcEndpointStrategy: "Auto",
        enableDnsHostnames: true,
        enableDnsSupport: true,
      },
      { ...inside, transforms: [withoutPublicAddresses] },
    );
    this.vpcId = vpc.vpcId;
    this.publicSubnetIds = vpc.publicSubnetIds;
    this.privateSubnetIds = vpc.privateSubnetIds;
    // Every VPC has this group, and whatever names none is in it: so it lets nothing in or out.
    new aws.ec2.DefaultSecurityGroup(args.name, { vpcId: this.vpcId, ingress: [], egress: [] }, inside);
    flowLogs({ name: args.name, environment, vpcId: this.vpcId, key }, inside);
    endpoints(
      {
        name: args.name,
        environment,
        region: args.region,
        vpcId: this.vpcId,
        cidrBlock: VPC_CIDR,
        privateSubnetIds: this.privateSubnetIds,
      },
      inside,
    );
    this.registerOutputs({
      vpcId: this.vpcId,
      publicSubnetIds: this.publicSubnetIds,
      privateSubnetIds: this.privateSubnetIds,
    });
  }
}

/**
 * Keeps public subnets from giving a public address to whatever is put into them; awsx has no argument for
 * it. Load balancers and NAT gateways bring addresses of their own.
 */
export const withoutPublicAddresses: pulumi.ResourceTransform = ({ type, props, opts }) =>
  type === "aws:ec2/subnet:Subnet" ? { props: { ...props, mapPublicIpOnLaunch: false }, opts } : undefined;
