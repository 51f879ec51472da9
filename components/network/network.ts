import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";

export interface NetworkArgs {
  /** Names the VPC, for example `voiceassist-dev`. */
  name: string;
  environment: Environment;
}

/** Addresses, zones and ways out, by environment. */
interface NetworkSize {
  /** EKS needs two; a production quorum survives the loss of one of three. */
  zones: number;
  /** One NAT gateway is a single point of failure, and a third of the price of three. */
  natGateways: "Single" | "OnePerAz";
}

const SIZES: Record<Environment, NetworkSize> = {
  dev: { zones: 2, natGateways: "Single" },
  staging: { zones: 3, natGateways: "Single" },
  prod: { zones: 3, natGateways: "OnePerAz" },
};

/** The stack's address range; preview requests that come from inside it are trusted by default. */
export const VPC_CIDR = "10.0.0.0/16";

/** A VPC with public subnets for the load balancer and private ones for nodes and data. */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly publicSubnetIds: pulumi.Output<string[]>;
  readonly privateSubnetIds: pulumi.Output<string[]>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:network:Network", name, {}, opts);
    const size = SIZES[args.environment];
    const vpc = new awsx.ec2.Vpc(
      args.name,
      {
        cidrBlock: VPC_CIDR,
        // Room for a fourth zone: without it a zone added later renumbers, and so replaces, every subnet.
        availabilityZoneCidrMask: 18,
        numberOfAvailabilityZones: size.zones,
        subnetStrategy: "Auto",
        // A pod has an address of the private subnet, so that one is the large one: 8,187 against 1,019.
        subnetSpecs: [
          { type: "Private", cidrMask: 19, tags: { "kubernetes.io/role/internal-elb": "1" } },
          { type: "Public", cidrMask: 22, tags: { "kubernetes.io/role/elb": "1" } },
        ],
        natGateways: { strategy: size.natGateways },
        enableDnsHostnames: true,
        enableDnsSupport: true,
      },
      { parent: this },
    );
    this.vpcId = vpc.vpcId;
    this.publicSubnetIds = vpc.publicSubnetIds;
    this.privateSubnetIds = vpc.privateSubnetIds;
    this.registerOutputs({
      vpcId: this.vpcId,
      publicSubnetIds: this.publicSubnetIds,
      privateSubnetIds: this.privateSubnetIds,
    });
  }
}
