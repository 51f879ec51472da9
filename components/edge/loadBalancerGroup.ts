import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface LoadBalancerGroupArgs {
  name: string;
  vpcId: pulumi.Input<string>;
  /** Ports that are open to the world. None: only CloudFront reaches 443. */
  openPorts: readonly number[];
  /** The security group of the pods that the load balancer sends to. */
  podSecurityGroupId: pulumi.Input<string>;
  /** The ports that pods listen on, each once. */
  podPorts: readonly number[];
}

/** The addresses from which CloudFront's caches ask origins, kept by AWS. */
const CLOUDFRONT = "com.amazonaws.global.cloudfront.origin-facing";

/**
 * The load balancer's security group: in from the world or from CloudFront, out to the pods' ports. The way to
 * the pods is written here and not by the controller: it would be undone with a binding.
 */
export function loadBalancerGroup(
  args: LoadBalancerGroupArgs,
  opts: { parent: pulumi.Resource },
): aws.ec2.SecurityGroup {
  const group = new aws.ec2.SecurityGroup(
    args.name,
    // The text cannot change without a new group, so it does not tell who is let in.
    { description: "Public HTTP and HTTPS to the load balancer", vpcId: args.vpcId },
    opts,
  );
  for (const port of args.openPorts) {
    new aws.vpc.SecurityGroupIngressRule(
      `${args.name}-in-${port}`,
      {
        securityGroupId: group.id,
        description: `Public traffic on ${port}`,
        cidrIpv4: "0.0.0.0/0",
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
      },
      opts,
    );
  }
  if (args.openPorts.length === 0) {
    // One port: the list counts as 55 rules, and a group may have 60.
    new aws.vpc.SecurityGroupIngressRule(
      `${args.name}-in-cloudfront`,
      {
        securityGroupId: group.id,
        description: "CloudFront on 443",
        prefixListId: aws.ec2.getManagedPrefixListOutput({ name: CLOUDFRONT }, opts).id,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
      },
      opts,
    );
  }
  for (const port of args.podPorts) {
    const between = { ipProtocol: "tcp", fromPort: port, toPort: port };
    new aws.vpc.SecurityGroupEgressRule(
      `${args.name}-out-${port}`,
      {
        ...between,
        securityGroupId: group.id,
        referencedSecurityGroupId: args.podSecurityGroupId,
        description: `To pods on ${port}`,
      },
      opts,
    );
    new aws.vpc.SecurityGroupIngressRule(
      `${args.name}-pods-${port}`,
      {
        ...between,
        securityGroupId: args.podSecurityGroupId,
        referencedSecurityGroupId: group.id,
        description: `From the load balancer on ${port}`,
      },
      opts,
    );
  }
  return group;
}
