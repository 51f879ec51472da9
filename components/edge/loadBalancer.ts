import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import type { Network } from "../network/network";

export interface LoadBalancerArgs {
  /** The load balancer's name, at most 32 characters. */
  name: string;
  environment: Environment;
  network: Network;
  /** The certificate of the HTTPS listener. Absent: the load balancer speaks HTTP alone. */
  certificateArn?: string;
  /** The security group of the pods that the load balancer sends to. */
  podSecurityGroupId: pulumi.Input<string>;
  /** The ports that pods listen on, each once. */
  podPorts: number[];
}

/** WebSockets are held open this long, in seconds; the application's own limit must be longer. */
const IDLE_TIMEOUT = 300;

/** TLS 1.3 and forward secrecy, no older than TLS 1.2. */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06";

/** The public ALB with the one listener that carries the services' rules; what no rule claims gets 404. */
export class LoadBalancer extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly dnsName: pulumi.Output<string>;
  /** The listener that rules belong to: HTTPS where there is a certificate, else HTTP. */
  readonly listenerArn: pulumi.Output<string>;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:edge:LoadBalancer", name, {}, opts);
    const secure = args.certificateArn !== undefined;
    const ports = secure ? [80, 443] : [80];
    const securityGroup = new aws.ec2.SecurityGroup(
      args.name,
      {
        description: "Public HTTP and HTTPS to the load balancer",
        vpcId: args.network.vpcId,
      },
      { parent: this },
    );
    for (const port of ports) {
      new aws.vpc.SecurityGroupIngressRule(
        `${args.name}-in-${port}`,
        {
          securityGroupId: securityGroup.id,
          description: `Public traffic on ${port}`,
          cidrIpv4: "0.0.0.0/0",
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
        },
        { parent: this },
      );
    }
    // The way to the pods is written here and not by the controller: it would be undone with a binding.
    for (const port of args.podPorts) {
      const between = { ipProtocol: "tcp", fromPort: port, toPort: port };
      new aws.vpc.SecurityGroupEgressRule(
        `${args.name}-out-${port}`,
        {
          ...between,
          securityGroupId: securityGroup.id,
          referencedSecurityGroupId: args.podSecurityGroupId,
          description: `To pods on ${port}`,
        },
        { parent: this },
      );
      new aws.vpc.SecurityGroupIngressRule(
        `${args.name}-pods-${port}`,
        {
          ...between,
          securityGroupId: args.podSecurityGroupId,
          referencedSecurityGroupId: securityGroup.id,
          description: `From the load balancer on ${port}`,
        },
        { parent: this },
      );
    }
    const loadBalancer = new aws.lb.LoadBalancer(
      args.name,
      {
        name: args.name,
        loadBalancerType: "application",
        internal: false,
        subnets: args.network.publicSubnetIds,
        securityGroups: [securityGroup.id],
        idleTimeout: IDLE_TIMEOUT,
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        enableDeletionProtection: args.environment === "prod",
      },
      { parent: this },
    );
    const notFound = {
      type: "fixed-response",
      fixedResponse: { contentType: "text/plain", messageBody: "Not found", statusCode: "404" },
    };
    const plain = new aws.lb.Listener(
      `${args.name}-http`,
      {
        loadBalancerArn: loadBalancer.arn,
        port: 80,
        protocol: "HTTP",
        defaultActions: [
          secure
            ? { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }
            : notFound,
        ],
      },
      { parent: this },
    );
    const listener = secure
      ? new aws.lb.Listener(
          `${args.name}-https`,
          {
            loadBalancerArn: loadBalancer.arn,
            port: 443,
            protocol: "HTTPS",
            sslPolicy: TLS_POLICY,
            certificateArn: args.certificateArn,
            defaultActions: [notFound],
          },
          { parent: this },
        )
      : plain;
    this.arn = loadBalancer.arn;
    this.dnsName = loadBalancer.dnsName;
    this.listenerArn = listener.arn;
    this.registerOutputs({ arn: this.arn, dnsName: this.dnsName, listenerArn: this.listenerArn });
  }
}
