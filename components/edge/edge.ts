import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Environment } from "../../model/environments";
import { ORIGIN_LABEL } from "../../model/names";
import type { Key } from "../key";
import type { Network } from "../network/network";
import { AccessLogs } from "./accessLogs";
import { Certificates, type ShownCertificate } from "./certificates";
import { Distribution } from "./distribution";
import { aliasRecords } from "./dns";
import { LoadBalancer } from "./loadBalancer";
import { PreviewSecret } from "./previewSecret";
import { WebAcl, type WebAclArgs } from "./webAcl";
import { originRule, publicRules } from "./webAclRules";

export interface EdgeArgs {
  /** The load balancer's name, at most 32 characters; begins the names of the rest. */
  name: string;
  app: string;
  environment: Environment;
  /** The region of the stack. */
  region: string;
  network: Pick<Network, "vpcId" | "publicSubnetIds">;
  /** Encrypts the preview secret and the web ACL's log; CloudWatch Logs of the region must be among its services. */
  key: Pick<Key, "arn">;
  /** The domain of the hosts. Absent: users come by the load balancer's own name. */
  domain?: string;
  /** The Route 53 hosted zone that has `domain`; with it CloudFront, certificates and records are made. */
  zoneId?: string;
  /** The load balancer's certificate where there is no zone to prove one in. Absent too: HTTP alone. */
  certificateArn?: string;
  /** Full names of the public services, under `domain`. */
  hosts: readonly string[];
  /** The security group of the pods that the load balancer sends to. */
  podSecurityGroupId: pulumi.Input<string>;
  /** The ports that pods listen on, each once. */
  podPorts: number[];
}

/** A domain whose DNS is ours to write. */
interface Zone {
  readonly id: string;
  readonly domain: string;
}

/** No header needs more, and none may have a character that some hop would read as anything else. */
const ORIGIN_SECRET = { length: 40, special: false };

/**
 * All that stands between users and pods. With a domain and its zone that is CloudFront before the load
 * balancer, each with a web ACL; without, the load balancer alone, behind a web ACL outside dev.
 */
export class Edge extends pulumi.ComponentResource {
  readonly loadBalancer: LoadBalancer;
  /** The listener that the services' rules belong to. */
  readonly listenerArn: pulumi.Output<string>;
  /** Where users go who know none of the hosts: CloudFront's own name, or the load balancer's. */
  readonly dnsName: pulumi.Output<string>;
  /** Absent where there is no zone. */
  readonly distribution?: Distribution;
  /** None where there is HTTP alone. */
  readonly certificates: readonly ShownCertificate[];
  /**
   * Secret. Where it is there, a preview needs it in the header, as `<colour>-<secret>`: behind CloudFront no
   * request comes from its client's address. Absent: the client's address decides.
   */
  readonly previewSecret?: pulumi.Output<string>;
  readonly #args: EdgeArgs;
  readonly #logs: AccessLogs;

  constructor(name: string, args: EdgeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:edge:Edge", name, {}, opts);
    this.#args = args;
    const { app, environment, region, key } = args;
    this.#logs = new AccessLogs(
      `${name}-logs`,
      { name: `${args.name}-logs`, environment, region },
      { parent: this },
    );
    const zone = zoneOf(args);
    if (zone) {
      this.previewSecret = new PreviewSecret(
        `${name}-preview`,
        { app, environment, key },
        { parent: this },
      ).value;
      const { loadBalancer, distribution, certificates } = this.#behindCloudFront(name, zone);
      this.loadBalancer = loadBalancer;
      this.distribution = distribution;
      this.certificates = certificates;
    } else {
      this.loadBalancer = this.#alone(name);
      const { certificateArn: arn } = args;
      this.certificates = arn === undefined ? [] : [{ of: "the load balancer", arn, region }];
    }
    this.listenerArn = this.loadBalancer.listenerArn;
    this.dnsName = (this.distribution ?? this.loadBalancer).dnsName;
    this.registerOutputs({ listenerArn: this.listenerArn, dnsName: this.dnsName });
  }

  /** The load balancer is the edge. */
  #alone(name: string): LoadBalancer {
    const { certificateArn, environment } = this.#args;
    const loadBalancer = this.#loadBalancer(name, certificateArn, false);
    // Dev without a domain costs no more than it must, and serves nobody but those who build.
    if (environment !== "dev") {
      const rules = publicRules(environment);
      const acl = this.#webAcl(`${name}-regional`, { scope: "REGIONAL", otherwise: "allow", rules });
      this.#protect(name, loadBalancer, acl);
    }
    return loadBalancer;
  }

  /** CloudFront is the edge, and the load balancer lets in nobody else. */
  #behindCloudFront(
    name: string,
    zone: Zone,
  ): Pick<Edge, "loadBalancer" | "certificates"> & { distribution: Distribution } {
    const { environment, region, hosts } = this.#args;
    const certificates = new Certificates(
      `${name}-certificates`,
      { domain: zone.domain, zoneId: zone.id, region },
      { parent: this },
    );
    const loadBalancer = this.#loadBalancer(name, certificates.regionalArn, true);
    const secret = new random.RandomPassword(`${name}-origin`, ORIGIN_SECRET, { parent: this });
    const origin = `${ORIGIN_LABEL}.${zone.domain}`;
    aliasRecords(origin, { zoneId: zone.id, target: loadBalancer, types: ["A"] }, { parent: this });
    const global = this.#webAcl(`${name}-global`, {
      scope: "CLOUDFRONT",
      otherwise: "allow",
      rules: publicRules(environment),
    });
    const distribution = new Distribution(
      `${name}-distribution`,
      {
        name: this.#args.name,
        environment,
        hosts,
        origin,
        originSecret: secret.result,
        certificateArn: certificates.globalArn,
        webAclArn: global.arn,
        logsArn: this.#logs.arn,
      },
      { parent: this },
    );
    const records = hosts.flatMap((host) =>
      aliasRecords(host, { zoneId: zone.id, target: distribution, types: ["A", "AAAA"] }, { parent: this }),
    );
    // Every customer of CloudFront comes from the addresses that the security group lets in. It closes last:
    // where there was no CloudFront before, users come to the load balancer until their names say otherwise.
    const regional = this.#webAcl(
      `${name}-regional`,
      { scope: "REGIONAL", otherwise: "block", rules: [originRule(secret.result)] },
      [distribution, ...records],
    );
    this.#protect(name, loadBalancer, regional);
    return { loadBalancer, distribution, certificates: certificates.shown };
  }

  #loadBalancer(
    name: string,
    certificateArn: pulumi.Input<string> | undefined,
    behindCloudFront: boolean,
  ): LoadBalancer {
    const { environment, network, podSecurityGroupId, podPorts } = this.#args;
    return new LoadBalancer(
      `${name}-load-balancer`,
      {
        name: this.#args.name,
        environment,
        network,
        ...(certificateArn !== undefined && { certificateArn }),
        logs: this.#logs.bucket,
        behindCloudFront,
        podSecurityGroupId,
        podPorts,
      },
      { parent: this },
    );
  }

  #webAcl(
    name: string,
    args: Pick<WebAclArgs, "scope" | "otherwise" | "rules">,
    dependsOn: pulumi.Resource[] = [],
  ): WebAcl {
    const { environment, region, key } = this.#args;
    const suffix = args.scope === "CLOUDFRONT" ? "global" : "regional";
    return new WebAcl(
      name,
      { name: `${this.#args.name}-${suffix}`, environment, region, key, ...args },
      { parent: this, dependsOn },
    );
  }

  #protect(name: string, { arn }: LoadBalancer, acl: WebAcl): void {
    new aws.wafv2.WebAclAssociation(name, { resourceArn: arn, webAclArn: acl.arn }, { parent: this });
  }
}

const zoneOf = ({ domain, zoneId }: EdgeArgs): Zone | undefined =>
  domain === undefined || zoneId === undefined ? undefined : { domain, id: zoneId };
