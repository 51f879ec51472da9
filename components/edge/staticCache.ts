import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { PREVIEW_HEADER } from "../../model/names";

/** By which the load balancer keeps a client on its colour; the second is for requests from other sites. */
const STICKINESS_COOKIES = ["AWSALBTG", "AWSALBTGCORS"];

const YEAR = 31_536_000;

/** Seconds that content is kept whose origin does not say how long: a rollback must not wait for a cache. */
const UNSAID_TTL = 60;

/** What CloudFront keeps for static content, and how it hands it out. */
export interface StaticCache {
  readonly cachePolicyId: pulumi.Output<string>;
  readonly responseHeadersPolicyId: pulumi.Output<string>;
}

/**
 * AWS's own policy CachingOptimized does not serve here: its key has neither the host, so that all services
 * would share one `/static/app.js`, nor the colour, so that one colour's content would reach clients of the
 * other, and what was previewed would reach everybody. While both colours have shares each client has a
 * stickiness cookie, and so its own copies; otherwise nobody has one, and all share them.
 */
export function staticCache(name: string, opts: { parent: pulumi.Resource }): StaticCache {
  const cachePolicy = new aws.cloudfront.CachePolicy(
    `${name}-static`,
    {
      comment: `Static content of ${name}, by host and colour`,
      minTtl: 0,
      defaultTtl: UNSAID_TTL,
      maxTtl: YEAR,
      parametersInCacheKeyAndForwardedToOrigin: {
        cookiesConfig: { cookieBehavior: "whitelist", cookies: { items: STICKINESS_COOKIES } },
        headersConfig: { headerBehavior: "whitelist", headers: { items: ["Host", PREVIEW_HEADER] } },
        queryStringsConfig: { queryStringBehavior: "all" },
        enableAcceptEncodingBrotli: true,
        enableAcceptEncodingGzip: true,
      },
    },
    opts,
  );
  const headersPolicy = new aws.cloudfront.ResponseHeadersPolicy(
    `${name}-static`,
    {
      comment: `Static content of ${name}`,
      // A cookie that is kept with the content would put everybody who gets it on one client's colour.
      removeHeadersConfig: { items: [{ header: "Set-Cookie" }] },
      securityHeadersConfig: {
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: "SAMEORIGIN", override: false },
        referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: false },
        strictTransportSecurity: { accessControlMaxAgeSec: YEAR, override: false },
      },
    },
    opts,
  );
  return { cachePolicyId: cachePolicy.id, responseHeadersPolicyId: headersPolicy.id };
}
