import assert from "node:assert/strict";
import { Distribution } from "../../components/edge/distribution";
import type { Environment } from "../../model/environments";
import { recordEdge } from "./edgeFixture";
import { assertIncludes, settled } from "./mocks";

const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";

async function made(environment: Environment = "prod") {
  const mocks = recordEdge();
  new Distribution("distribution", {
    name: "app-prod",
    environment,
    hosts: ["api.app.example.com", "admin.app.example.com"],
    origin: "origin.app.example.com",
    originSecret: "s3cret",
    certificateArn: "arn:certificate",
    webAclArn: "arn:acl",
    logsArn: "arn:aws:s3:::logs",
  });
  await settled();
  return { mocks, distribution: mocks.find(DISTRIBUTION, "app-prod") };
}

describe("Distribution", () => {
  it("asks the load balancer by TLS alone, and shows that it may", async () => {
    const { distribution } = await made();
    assertIncludes(distribution, {
      origins: [
        {
          domainName: "origin.app.example.com",
          customOriginConfig: { originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"] },
          customHeaders: [{ name: "x-origin-verify", value: "s3cret" }],
        },
      ],
    });
  });

  it("serves the hosts by HTTPS with their certificate, to clients of today", async () => {
    const { distribution } = await made();
    assertIncludes(distribution, {
      enabled: true,
      aliases: ["api.app.example.com", "admin.app.example.com"],
      httpVersion: "http2and3",
      isIpv6Enabled: true,
      defaultCacheBehavior: { viewerProtocolPolicy: "redirect-to-https" },
      orderedCacheBehaviors: [{ viewerProtocolPolicy: "redirect-to-https" }],
      viewerCertificate: {
        acmCertificateArn: "arn:certificate",
        sslSupportMethod: "sni-only",
        minimumProtocolVersion: "TLSv1.2_2025",
      },
    });
  });

  it("passes everything through as it came, and keeps none of it", async () => {
    const { distribution } = await made();
    assertIncludes(distribution, {
      defaultCacheBehavior: {
        allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
        cachePolicyId: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        originRequestPolicyId: "216adef6-5c7f-47e4-b989-5493eafa07d3",
        responseHeadersPolicyId: "67f7725c-6f97-4210-82d7-5512b31e9d03",
      },
    });
  });

  it("keeps static content by host, colour and preview, and hands out nobody's cookie with it", async () => {
    const { mocks, distribution } = await made();
    assertIncludes(distribution, {
      orderedCacheBehaviors: [
        {
          pathPattern: "/static/*",
          allowedMethods: ["GET", "HEAD", "OPTIONS"],
          cachePolicyId: "app-prod-static-id",
          responseHeadersPolicyId: "app-prod-static-id",
          originRequestPolicyId: undefined,
        },
      ],
    });
    assertIncludes(mocks.find("aws:cloudfront/cachePolicy:CachePolicy", "app-prod-static"), {
      minTtl: 0,
      parametersInCacheKeyAndForwardedToOrigin: {
        cookiesConfig: { cookieBehavior: "whitelist", cookies: { items: ["AWSALBTG", "AWSALBTGCORS"] } },
        headersConfig: { headerBehavior: "whitelist", headers: { items: ["Host", "x-sluice-preview"] } },
        queryStringsConfig: { queryStringBehavior: "all" },
      },
    });
    assertIncludes(
      mocks.find("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", "app-prod-static"),
      {
        removeHeadersConfig: { items: [{ header: "Set-Cookie" }] },
        securityHeadersConfig: {
          contentTypeOptions: { override: true },
          strictTransportSecurity: { accessControlMaxAgeSec: 31_536_000 },
        },
      },
    );
  });

  it("keeps no error: what one colour fails at must not reach the other's clients", async () => {
    const { distribution } = await made();
    const errors = distribution["customErrorResponses"] as {
      errorCode: number;
      errorCachingMinTtl: number;
    }[];
    assert.deepEqual(
      errors.map(({ errorCode }) => errorCode),
      [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504],
    );
    assert.ok(errors.every(({ errorCachingMinTtl }) => errorCachingMinTtl === 0));
  });

  it("stands behind its web ACL", async () => {
    const { distribution } = await made();
    assert.equal(distribution["webAclId"], "arn:acl");
  });

  it("logs each request to the bucket, without cookies, query strings and referrers", async () => {
    const { mocks } = await made();
    const region = "us-east-1";
    assertIncludes(mocks.find("aws:cloudwatch/logDeliverySource:LogDeliverySource", "app-prod-requests"), {
      logType: "ACCESS_LOGS",
      resourceArn: "arn:app-prod",
      region,
    });
    assertIncludes(
      mocks.find("aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination", "app-prod-requests"),
      { deliveryDestinationConfiguration: { destinationResourceArn: "arn:aws:s3:::logs" }, region },
    );
    const delivery = mocks.find("aws:cloudwatch/logDelivery:LogDelivery", "app-prod-requests");
    assertIncludes(delivery, { deliveryDestinationArn: "arn:app-prod-requests", region });
    const fields = delivery["recordFields"] as string[];
    for (const wanted of ["c-ip", "x-host-header", "cs-uri-stem", "sc-status"])
      assert.ok(fields.includes(wanted));
    for (const withheld of ["cs(Cookie)", "cs-uri-query", "cs(Referer)"])
      assert.ok(!fields.includes(withheld));
  });

  it("is everywhere in prod and is waited for outside dev", async () => {
    const chosen = async (environment: Environment) => {
      const { distribution } = await made(environment);
      return [distribution["priceClass"], distribution["waitForDeployment"]];
    };
    assert.deepEqual(await chosen("dev"), ["PriceClass_100", false]);
    assert.deepEqual(await chosen("staging"), ["PriceClass_100", true]);
    assert.deepEqual(await chosen("prod"), ["PriceClass_All", true]);
  });
});
