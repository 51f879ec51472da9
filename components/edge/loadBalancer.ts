import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import type { Network } from "../network/network";
import { LOAD_BALANCER_PREFIX } from "./accessLogs";
import { loadBalancerGroup } from "./loadBalancerGroup";

export interface LoadBalancerArgs {
  /** The load balancer's name, at most 32 characters. */
  name: string;
  environment: Environment;
  network: Pick<Network, "vpcId" | "publicSubnetIds">;
  /** The certificate of the HTTPS listener. Absent: the load balancer speaks HTTP alone. */
  certificateArn?: pulumi.Input<string>;
  /** The bucket for a line each request and each connection. Absent: none are kept. */
  logs?: pulumi.Input<string>;
  /** Whether CloudFront stands before it, and nobody else is let in; needs a certificate. Default: false. */
  behindCloudFront?: boolean;
  /** The security group of the pods that the load balancer sends to. */
  podSecurityGroupId: pulumi.Input<string>;
  /** The ports that pods listen on, each once. */
  podPorts: number[];
}

/** WebSockets are held open this long, in seconds; the application's own limit must be longer. */
const IDLE_TIMEOUT = 300;

/** TLS 1.3, or 1.2 with forward secrecy and authenticated encryption; post-quantum keys where clients can. */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

/** Browsers that came once by HTTPS do not try HTTP again for a year. */
const STRICT_TRANSPORT_SECURITY = "max-age=31536000";

const NOT_FOUND = {
  type: "fixed-response",
  fixedResponse: { contentType: "text/plain", messageBody: "Not found", statusCode: "404" },
};

const TO_HTTPS = { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } };

/** The public ALB with the one listener that carries the services' rules; what no rule claims gets 404. */
export class LoadBalancer extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly dnsName: pulumi.Output<string>;
  /** The listener that rules belong to: HTTPS where there is a certificate, else HTTP. */
  readonly listenerArn: pulumi.Output<string>;
  /** The hosted zone of `dnsName`, for alias records. */
  readonly zoneId: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  /** What CloudWatch calls it in its dimension `LoadBalancer`: `app/<name>/<id>`. */
  readonly arnSuffix: pulumi.Output<string>;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:edge:LoadBalancer", name, {}, opts);
    const { certificateArn, logs, behindCloudFront = false } = args;
    const group = loadBalancerGroup(
      {
        name: args.name,
        vpcId: args.network.vpcId,
        openPorts: behindCloudFront ? [] : certificateArn === undefined ? [80] : [80, 443],
        podSecurityGroupId: args.podSecurityGroupId,
        podPorts: args.podPorts,
      },
      { parent: this },
    );
    const kept = logs !== undefined && { bucket: logs, prefix: LOAD_BALANCER_PREFIX, enabled: true };
    const loadBalancer = new aws.lb.LoadBalancer(
      args.name,
      {
        name: args.name,
        loadBalancerType: "application",
        internal: false,
        subnets: args.network.publicSubnetIds,
        securityGroups: [group.id],
        idleTimeout: IDLE_TIMEOUT,
        dropInvalidHeaderFields: true,
        // CloudFront writes requests anew, so that what is malformed behind it is an attack. Clients that come
        // here themselves are let through where their mistakes are harmless. It is the same in every
        // environment: a client that fails should fail in dev.
        desyncMitigationMode: behindCloudFront ? "strictest" : "defensive",
        enableDeletionProtection: args.environment === "prod",
        ...(kept && { accessLogs: kept, connectionLogs: kept }),
      },
      { parent: this },
    );
    const listen = (suffix: string, listener: Omit<aws.lb.ListenerArgs, "loadBalancerArn">) =>
      new aws.lb.Listener(
        `${args.name}-${suffix}`,
        { loadBalancerArn: loadBalancer.arn, ...listener },
        { parent: this },
      );
    const listener =
      certificateArn === undefined
        ? listen("http", { port: 80, protocol: "HTTP", defaultActions: [NOT_FOUND] })
        : listen("https", {
            port: 443,
            protocol: "HTTPS",
            sslPolicy: TLS_POLICY,
            certificateArn,
            routingHttpResponseServerEnabled: false,
            routingHttpResponseStrictTransportSecurityHeaderValue: STRICT_TRANSPORT_SECURITY,
            defaultActions: [NOT_FOUND],
          });
    // CloudFront redirects by itself, and comes by HTTPS alone.
    if (certificateArn !== undefined && !behindCloudFront)
      listen("http", { port: 80, protocol: "HTTP", defaultActions: [TO_HTTPS] });
    this.arn = loadBalancer.arn;
    this.dnsName = loadBalancer.dnsName;
    this.listenerArn = listener.arn;
    this.zoneId = loadBalancer.zoneId;
    this.securityGroupId = group.id;
    this.arnSuffix = loadBalancer.arnSuffix;
    this.registerOutputs({ arn: this.arn, dnsName: this.dnsName, listenerArn: this.listenerArn });
  }
}
