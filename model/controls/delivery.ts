import {
  type Control,
  GUARDED,
  type Inapplicable,
  type Judged,
  type Properties,
  type Unmet,
  at,
  controlsOf,
  isGiven,
  isOneOf,
  isTrue,
  listAt,
  put,
  refersTo,
  without,
} from "./control";
import { absent, unmet } from "./others";

const DISTRIBUTION = ["aws:cloudfront/distribution:Distribution"];
const WEB_ACL = ["aws:wafv2/webAcl:WebAcl"];
const { property, each, together } = controlsOf("FSBP", "S5");

/** Policies of CloudFront that AWS recommends towards viewers. */
const VIEWER_POLICIES = ["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"];

/** What CloudFront speaks to an origin and nobody should any more. */
const DEPRECATED: readonly unknown[] = ["SSLv3", "TLSv1", "TLSv1.1"];

const behaviours = (inputs: Properties): readonly unknown[] => [
  inputs["defaultCacheBehavior"],
  ...listAt(inputs, "orderedCacheBehaviors"),
];

/** Origins that are not S3's. */
const customOrigins = (inputs: Properties): readonly unknown[] =>
  listAt(inputs, "origins").filter((origin) => at(origin, "s3OriginConfig") === undefined);

/** The first origin with another value at a path. */
const firstOrigin = (inputs: Properties, path: string, value: unknown): Properties =>
  put(inputs, `origins.0.customOriginConfig.${path}`, value);

/** CloudFront and WAF, each in the order of its numbers. */
export const DELIVERY: readonly (Control | Inapplicable | Unmet)[] = [
  each({
    id: "CloudFront.3",
    title: "CloudFront distributions should require encryption in transit",
    severity: "medium",
    types: DISTRIBUTION,
    fault: (inputs) => {
      const open = behaviours(inputs).filter(
        (one) => !isOneOf(["https-only", "redirect-to-https"])(at(one, "viewerProtocolPolicy")),
      );
      return open.length === 0
        ? undefined
        : `found viewerProtocolPolicy ${open.map((one) => String(at(one, "viewerProtocolPolicy"))).join(", ")}; allowed: https-only or redirect-to-https`;
    },
    flip: (inputs) => put(inputs, "defaultCacheBehavior.viewerProtocolPolicy", "allow-all"),
  }),
  together({
    id: "CloudFront.5",
    title: "CloudFront distributions should have logging enabled",
    severity: "medium",
    types: DISTRIBUTION,
    fault: (distribution, all) =>
      isGiven(at(distribution.inputs, "loggingConfig.bucket")) || deliveries(distribution, all).length > 0
        ? undefined
        : "found neither loggingConfig nor a delivery of its logs; allowed: one of them",
    flip: (distribution, all) => {
      const gone = deliveries(distribution, all);
      return without(all, (one) => gone.includes(one)).map((one) =>
        one === distribution ? { ...one, inputs: put(one.inputs, "loggingConfig", undefined) } : one,
      );
    },
  }),
  property({
    id: "CloudFront.6",
    title: "CloudFront distributions should have WAF enabled",
    severity: "medium",
    types: DISTRIBUTION,
    at: "webAclId",
    allowed: "the ARN of a web ACL",
    ok: isGiven,
    broken: undefined,
  }),
  property({
    id: "CloudFront.7",
    title: "CloudFront distributions should use custom SSL/TLS certificates",
    severity: "medium",
    types: DISTRIBUTION,
    at: "viewerCertificate.acmCertificateArn",
    allowed: "the ARN of a certificate of ours",
    ok: isGiven,
    broken: undefined,
  }),
  property({
    id: "CloudFront.8",
    title: "CloudFront distributions should use SNI to serve HTTPS requests",
    severity: "low",
    types: DISTRIBUTION,
    at: "viewerCertificate.sslSupportMethod",
    allowed: "sni-only",
    ok: isOneOf(["sni-only"]),
    broken: "vip",
  }),
  each({
    id: "CloudFront.9",
    title: "CloudFront distributions should encrypt traffic to custom origins",
    severity: "medium",
    types: DISTRIBUTION,
    fault: (inputs) =>
      customOrigins(inputs).every(
        (one) => at(one, "customOriginConfig.originProtocolPolicy") === "https-only",
      )
        ? undefined
        : "found an origin whose originProtocolPolicy is not https-only; allowed: https-only",
    flip: (inputs) => firstOrigin(inputs, "originProtocolPolicy", "http-only"),
  }),
  each({
    id: "CloudFront.10",
    title: "CloudFront distributions should not use deprecated SSL protocols between edge and custom origins",
    severity: "medium",
    types: DISTRIBUTION,
    fault: (inputs) => {
      const found = customOrigins(inputs)
        .flatMap((one) => listAt(one, "customOriginConfig.originSslProtocols"))
        .filter((protocol) => DEPRECATED.includes(protocol));
      return found.length === 0
        ? undefined
        : `found originSslProtocols ${found.join(", ")}; allowed: TLSv1.2`;
    },
    flip: (inputs) => firstOrigin(inputs, "originSslProtocols", ["SSLv3", "TLSv1.2"]),
  }),
  property({
    id: "CloudFront.15",
    title: "CloudFront distributions should use the recommended TLS security policy",
    severity: "medium",
    types: DISTRIBUTION,
    at: "viewerCertificate.minimumProtocolVersion",
    allowed: VIEWER_POLICIES.join(", "),
    ok: isOneOf(VIEWER_POLICIES),
    broken: "TLSv1",
  }),
  ...unmet("FSBP", "the root of every host is the application's own page, which a root object would hide", [
    ["CloudFront.1", "high", "CloudFront distributions should have a default root object configured"],
  ]),
  ...unmet(
    "FSBP",
    "both colours stand behind one load balancer of several zones; there is no second origin",
    [["CloudFront.4", "low", "CloudFront distributions should have origin failover configured"]],
  ),
  {
    id: "CloudFront.12",
    standard: "FSBP",
    title: "CloudFront distributions should not point to non-existent S3 origins",
    severity: "high",
    notApplicable: "the one origin is the load balancer",
  },
  {
    id: "CloudFront.13",
    standard: "FSBP",
    title: "CloudFront distributions should use origin access control",
    severity: "medium",
    notApplicable: "it is for S3 origins; the load balancer lets in who knows the origin's secret header",
  },
  ...absent("FSBP", ["aws:lambda/functionUrl:FunctionUrl"], "no origin is a Lambda function URL", [
    [
      "CloudFront.16",
      "medium",
      "CloudFront should use origin access control for Lambda function URL origins",
    ],
  ]),
  ...absent("FSBP", ["aws:cloudfront/publicKey:PublicKey"], "the application signs no URLs or cookies", [
    ["CloudFront.17", "medium", "CloudFront should use trusted key groups for signed URLs and cookies"],
  ]),
  each({
    id: "WAF.10",
    title: "AWS WAF web ACLs should have at least one rule or rule group",
    severity: "medium",
    types: WEB_ACL,
    // Without rules there are no metrics of rules to miss.
    fault: (inputs) =>
      listAt(inputs, "rules").length > 0 ? undefined : "found no rules; allowed: one at least",
    flip: (inputs) => put(inputs, "rules", []),
  }),
  together({
    id: "WAF.11",
    title: "AWS WAF web ACL logging should be enabled",
    severity: "low",
    types: WEB_ACL,
    environments: GUARDED,
    fault: (acl, all) =>
      all.some((one) => logs(one, acl))
        ? undefined
        : "found no logging; allowed: an aws.wafv2.WebAclLoggingConfiguration of its ARN",
    flip: (acl, all) => without(all, (one) => logs(one, acl)),
  }),
  each({
    id: "WAF.12",
    title: "AWS WAF rules should have CloudWatch metrics enabled",
    severity: "medium",
    types: WEB_ACL,
    fault: (inputs) =>
      listAt(inputs, "rules").every((rule) => isTrue(at(rule, "visibilityConfig.cloudwatchMetricsEnabled")))
        ? undefined
        : "found a rule without metrics; allowed: cloudwatchMetricsEnabled true in each",
    flip: (inputs) => put(inputs, "rules.0.visibilityConfig.cloudwatchMetricsEnabled", false),
  }),
  ...absent("FSBP", ["aws:waf/webAcl:WebAcl", "aws:wafregional/webAcl:WebAcl"], "there is no WAF Classic", [
    ["WAF.1", "medium", "AWS WAF Classic Global Web ACL logging should be enabled"],
    ["WAF.2", "medium", "AWS WAF Classic Regional rules should have at least one condition"],
    ["WAF.3", "medium", "AWS WAF Classic Regional rule groups should have at least one rule"],
    ["WAF.4", "medium", "AWS WAF Classic Regional web ACLs should have at least one rule or rule group"],
    ["WAF.6", "medium", "AWS WAF Classic global rules should have at least one condition"],
    ["WAF.7", "medium", "AWS WAF Classic global rule groups should have at least one rule"],
    ["WAF.8", "medium", "AWS WAF Classic global web ACLs should have at least one rule or rule group"],
  ]),
];

const logs = (one: Judged, acl: Judged): boolean =>
  one.type === "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration" &&
  refersTo(one.inputs["resourceArn"], acl);

/** Standard logging (v2) is a delivery from a source that names the distribution. */
const deliveries = (distribution: Judged, all: readonly Judged[]): readonly Judged[] => {
  const sources = all.filter(
    ({ type, inputs }) =>
      type === "aws:cloudwatch/logDeliverySource:LogDeliverySource" &&
      refersTo(inputs["resourceArn"], distribution),
  );
  return all.filter(
    ({ type, inputs }) =>
      type === "aws:cloudwatch/logDelivery:LogDelivery" &&
      sources.some((source) => refersTo(inputs["deliverySourceName"], source)),
  );
};
