import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";

export interface EndpointsArgs {
  /** Leads their names. */
  name: string;
  environment: Environment;
  region: string;
  vpcId: pulumi.Input<string>;
  /** The VPC's own address range. */
  cidrBlock: string;
  privateSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
}

/** What nodes, pods and runners call all the time, and could not start or scale without. */
export const INTERFACES = [
  "autoscaling",
  "ec2",
  "ecr.api",
  "ecr.dkr",
  "elasticloadbalancing",
  "logs",
  "secretsmanager",
  "ssm",
  "sts",
] as const;

/** The name of an AWS service's endpoint in a region. */
export const serviceName = (region: string, service: string): string => `com.amazonaws.${region}.${service}`;

/**
 * Ways to AWS that do not leave its network, beside the one to S3, which is free and part of every VPC. They
 * are paid by zone and hour, so dev goes through its NAT gateway instead.
 */
export function endpoints(args: EndpointsArgs, opts: pulumi.CustomResourceOptions): void {
  const { name, vpcId } = args;
  if (args.environment === "dev") return;
  const group = new aws.ec2.SecurityGroup(
    `${name}-endpoints`,
    { description: "HTTPS from the VPC to AWS's endpoints in it", vpcId },
    opts,
  );
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-endpoints-in`,
    {
      securityGroupId: group.id,
      description: "HTTPS from the VPC",
      cidrIpv4: args.cidrBlock,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    },
    opts,
  );
  for (const service of INTERFACES) {
    new aws.ec2.VpcEndpoint(
      `${name}-${service}`,
      {
        vpcId,
        vpcEndpointType: "Interface",
        serviceName: serviceName(args.region, service),
        subnetIds: args.privateSubnetIds,
        securityGroupIds: [group.id],
        // The usual names then lead here, and nothing that calls AWS needs to know.
        privateDnsEnabled: true,
        tags: { Name: `${name}-${service}` },
      },
      opts,
    );
  }
}
