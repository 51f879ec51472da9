import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import { distributionLogs } from "./distributionLogs";
import { ORIGIN_HEADER } from "./origin";
import { staticCache } from "./staticCache";

export interface DistributionArgs {
  name: string;
  environment: Environment;
  /** Full names by which the world asks for it. */
  hosts: readonly string[];
  /** The name under which it finds the load balancer, which the load balancer's certificate has. */
  origin: string;
  /** Goes with every request to the load balancer. */
  originSecret: pulumi.Input<string>;
  /** Of the hosts, in CloudFront's region. */
  certificateArn: pulumi.Input<string>;
  webAclArn: pulumi.Input<string>;
  /** The bucket of its access logs. */
  logsArn: pulumi.Input<string>;
}

/** Policies that AWS keeps, the same in every account. */
const MANAGED = {
  cachingDisabled: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  allViewer: "216adef6-5c7f-47e4-b989-5493eafa07d3",
  securityHeaders: "67f7725c-6f97-4210-82d7-5512b31e9d03",
} as const;

/** Everywhere for users; North America and Europe for those who test. */
const PRICE_CLASS: Readonly<Record<Environment, string>> = {
  dev: "PriceClass_100",
  staging: "PriceClass_100",
  prod: "PriceClass_All",
};

/** Seconds that the load balancer may take for a first byte, and each next: the most without a higher quota. */
const READ_TIMEOUT = 60;

const STATIC_PATH = "/static/*";

/** Answers that CloudFront would otherwise keep for 10 s and give to others. */
const ERRORS = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

const LOOKING = ["GET", "HEAD", "OPTIONS"];

/** CloudFront before the load balancer: TLS near users, static content from caches, the rest passed through. */
export class Distribution extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly id: pulumi.Output<string>;
  readonly dnsName: pulumi.Output<string>;
  /** The hosted zone of `dnsName`, for alias records. */
  readonly zoneId: pulumi.Output<string>;

  constructor(name: string, args: DistributionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:edge:Distribution", name, {}, opts);
    const forAll = {
      targetOriginId: args.origin,
      viewerProtocolPolicy: "redirect-to-https",
      cachedMethods: ["GET", "HEAD"],
      compress: true,
    };
    const distribution = new aws.cloudfront.Distribution(
      args.name,
      {
        comment: args.name,
        enabled: true,
        aliases: [...args.hosts],
        httpVersion: "http2and3",
        isIpv6Enabled: true,
        priceClass: PRICE_CLASS[args.environment],
        webAclId: args.webAclArn,
        origins: [
          {
            originId: args.origin,
            domainName: args.origin,
            customOriginConfig: {
              httpPort: 80,
              httpsPort: 443,
              originProtocolPolicy: "https-only",
              originSslProtocols: ["TLSv1.2"],
              originReadTimeout: READ_TIMEOUT,
              originKeepaliveTimeout: READ_TIMEOUT,
            },
            customHeaders: [{ name: ORIGIN_HEADER, value: args.originSecret }],
          },
        ],
        defaultCacheBehavior: {
          ...forAll,
          allowedMethods: [...LOOKING, "PUT", "POST", "PATCH", "DELETE"],
          cachePolicyId: MANAGED.cachingDisabled,
          originRequestPolicyId: MANAGED.allViewer,
          responseHeadersPolicyId: MANAGED.securityHeaders,
        },
        orderedCacheBehaviors: [
          {
            ...forAll,
            pathPattern: STATIC_PATH,
            allowedMethods: LOOKING,
            // What the key consists of goes to the load balancer, and nothing else of the request does.
            ...staticCache(args.name, { parent: this }),
          },
        ],
        // One colour's error is not the other's, and is over when its cause is.
        customErrorResponses: ERRORS.map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 })),
        viewerCertificate: {
          acmCertificateArn: args.certificateArn,
          sslSupportMethod: "sni-only",
          minimumProtocolVersion: "TLSv1.2_2025",
        },
        restrictions: { geoRestriction: { restrictionType: "none" } },
        // Until it has reached every edge location, minutes later, requests may meet what was before.
        waitForDeployment: args.environment !== "dev",
      },
      { parent: this },
    );
    distributionLogs(
      args.name,
      { distributionArn: distribution.arn, bucketArn: args.logsArn },
      { parent: this },
    );
    this.arn = distribution.arn;
    this.id = distribution.id;
    this.dnsName = distribution.domainName;
    this.zoneId = distribution.hostedZoneId;
    this.registerOutputs({ arn: this.arn, id: this.id, dnsName: this.dnsName });
  }
}
