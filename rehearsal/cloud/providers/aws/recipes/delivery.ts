import { nowIso } from "../../../../../cloud/clock";
import { capitals, hex, objects, type Making, type Recipe } from "../recipe";
import { globalArn, satellite, uuid } from "./common";

const etag = (): string => `E${capitals(13)}`;

/** What CloudFront keeps beside distributions: it has an id of CloudFront's choosing, and an entity tag. */
const cloudfront = (noun: string, kind: string, id: () => string, code: string): Recipe => ({
  service: "CloudFront",
  operations: [`Create${noun}`, `Update${noun}`, `Delete${noun}`],
  notFound: `NoSuch${noun}`,
  make: (m) => {
    const made = id();
    return { id: made, outputs: { arn: globalArn(m, "cloudfront", `${kind}/${made}`), etag: etag() } };
  },
  volatile: ["etag"],
  changed: () => ({ etag: etag() }),
  identity: {
    by: ["name"],
    code,
    message: (v) => `The ${noun} with the name ${String(v.name)} already exists.`,
  },
});

const distribution = (m: Making) => {
  const id = `E${capitals(13)}`;
  return {
    id,
    outputs: {
      arn: globalArn(m, "cloudfront", `distribution/${id}`),
      domainName: `d${hex(13)}.cloudfront.net`,
      etag: etag(),
      hostedZoneId: "Z2FDTNDATAQYW2",
      status: "Deployed",
      lastModifiedTime: nowIso(),
      trustedSigners: objects(m.inputs.trustedSigners),
    },
  };
};

/**
 * CloudFront. To disable a distribution before its deletion, and a caller reference that no other has, are the
 * provider's own work, so nothing asks for them.
 */
export const DELIVERY: Readonly<Record<string, Recipe>> = {
  "aws:cloudfront/distribution:Distribution": {
    service: "CloudFront",
    operations: ["CreateDistribution", "UpdateDistribution", "DeleteDistribution"],
    notFound: "NoSuchDistribution",
    make: distribution,
    volatile: ["etag", "lastModifiedTime"],
    changed: () => ({ etag: etag(), lastModifiedTime: nowIso() }),
  },
  "aws:cloudfront/cachePolicy:CachePolicy": cloudfront(
    "CachePolicy",
    "cache-policy",
    uuid,
    "CachePolicyAlreadyExists",
  ),
  "aws:cloudfront/originRequestPolicy:OriginRequestPolicy": cloudfront(
    "OriginRequestPolicy",
    "origin-request-policy",
    uuid,
    "OriginRequestPolicyAlreadyExists",
  ),
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": cloudfront(
    "ResponseHeadersPolicy",
    "response-headers-policy",
    uuid,
    "ResponseHeadersPolicyAlreadyExists",
  ),
  "aws:cloudfront/originAccessControl:OriginAccessControl": cloudfront(
    "OriginAccessControl",
    "origin-access-control",
    () => `E${capitals(13)}`,
    "OriginAccessControlAlreadyExists",
  ),
  "aws:cloudfront/function:Function": {
    ...cloudfront("Function", "function", uuid, "FunctionAlreadyExists"),
    make: (m) => ({
      id: m.text("name"),
      outputs: {
        arn: globalArn(m, "cloudfront", `function/${m.text("name")}`),
        etag: etag(),
        liveStageEtag: etag(),
        status: "UNASSOCIATED",
      },
    }),
  },
  "aws:cloudfront/monitoringSubscription:MonitoringSubscription": satellite(
    "CloudFront",
    ["CreateMonitoringSubscription", "CreateMonitoringSubscription", "DeleteMonitoringSubscription"],
    (m) => m.text("distributionId"),
    "NoSuchMonitoringSubscription",
  ),
};
