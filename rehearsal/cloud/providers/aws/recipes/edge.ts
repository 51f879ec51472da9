import { nowIso } from "../../../../../cloud/clock";
import type { Values } from "../../behaviour";
import { capitals, decimals, hex, textOf, texts, type Making, type Recipe } from "../recipe";
import { uuid } from "./common";

/** The records by which DNS proves who owns a certificate's names. */
function validationOptions(m: Making): Values[] {
  const names = [m.text("domainName"), ...texts(m.inputs.subjectAlternativeNames)];
  return [...new Set(names)].filter(Boolean).map((domainName) => ({
    domainName,
    resourceRecordName: `_${hex(32)}.${domainName.replace(/^\*\./, "")}.`,
    resourceRecordType: "CNAME",
    resourceRecordValue: `_${hex(32)}.acm-validations.aws.`,
  }));
}

function certificate(m: Making): { id: string; outputs: Values } {
  const id = m.arn("acm", `certificate/${uuid()}`);
  return {
    id,
    outputs: {
      arn: id,
      status: "PENDING_VALIDATION",
      type: "AMAZON_ISSUED",
      keyAlgorithm: "RSA_2048",
      renewalEligibility: "INELIGIBLE",
      domainName: "",
      validationMethod: "NONE",
      domainValidationOptions: validationOptions(m),
      subjectAlternativeNames: [m.text("domainName")],
    },
  };
}

const waf = (m: Making, kind: string): { id: string; outputs: Values } => {
  const id = uuid();
  const scope = m.text("scope") === "CLOUDFRONT" ? "global" : "regional";
  return {
    id,
    outputs: {
      arn: m.arn("wafv2", `${scope}/${kind}/${m.text("name")}/${id}`),
      capacity: 1,
      lockToken: uuid(),
    },
  };
};

const record = (m: Making): { id: string; outputs: Values } => {
  const zone = m.world.get("aws:route53/zone:Zone", m.text("zoneId"));
  const domain = textOf(zone?.properties.name as string);
  const name = m.text("name");
  const fqdn = domain && !name.endsWith(domain) ? [name, domain].filter(Boolean).join(".") : name;
  return {
    id: [m.text("zoneId"), name, m.text("type"), m.text("setIdentifier")].filter(Boolean).join("_"),
    outputs: { fqdn },
  };
};

export const EDGE: Readonly<Record<string, Recipe>> = {
  "aws:acm/certificate:Certificate": {
    service: "ACM",
    operations: ["RequestCertificate", "UpdateCertificateOptions", "DeleteCertificate"],
    notFound: "ResourceNotFoundException",
    make: certificate,
  },
  "aws:acm/certificateValidation:CertificateValidation": {
    service: "ACM",
    operations: ["DescribeCertificate", "DescribeCertificate", "DescribeCertificate"],
    make: () => ({ id: nowIso() }),
  },
  "aws:route53/zone:Zone": {
    service: "Route 53",
    operations: ["CreateHostedZone", "UpdateHostedZoneComment", "DeleteHostedZone"],
    notFound: "NoSuchHostedZone",
    make: (m) => {
      const id = `Z${decimals(7)}${capitals(13)}`;
      const nameServers = ["com", "net", "org", "co.uk"].map(
        (tld) => `ns-${decimals(3)}.awsdns-${decimals(2)}.${tld}`,
      );
      return {
        id,
        outputs: {
          zoneId: id,
          arn: `arn:${m.scope.partition}:route53:::hostedzone/${id}`,
          nameServers,
          primaryNameServer: nameServers[0]!,
        },
      };
    },
  },
  "aws:route53/record:Record": {
    service: "Route 53",
    operations: ["ChangeResourceRecordSets", "ChangeResourceRecordSets", "ChangeResourceRecordSets"],
    make: record,
    identity: {
      by: ["zoneId", "name", "type", "setIdentifier"],
      code: "InvalidChangeBatch",
      message: (v) =>
        `[Tried to create resource record set [name='${textOf(v.name)}.', type='${textOf(v.type)}'] but it already exists]`,
    },
  },
  "aws:wafv2/webAcl:WebAcl": {
    service: "WAFV2",
    operations: ["CreateWebACL", "UpdateWebACL", "DeleteWebACL"],
    notFound: "WAFNonexistentItemException",
    make: (m) => waf(m, "webacl"),
    volatile: ["lockToken"],
    changed: () => ({ lockToken: uuid() }),
    identity: {
      by: ["name", "scope"],
      code: "WAFDuplicateItemException",
      message: () =>
        "AWS WAF couldn’t perform the operation because some resource in your request is a duplicate of an existing one.",
    },
  },
  "aws:wafv2/webAclAssociation:WebAclAssociation": {
    service: "WAFV2",
    operations: ["AssociateWebACL", "AssociateWebACL", "DisassociateWebACL"],
    make: (m) => ({ id: `${m.text("webAclArn")},${m.text("resourceArn")}` }),
  },
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": {
    service: "WAFV2",
    operations: ["PutLoggingConfiguration", "PutLoggingConfiguration", "DeleteLoggingConfiguration"],
    make: (m) => ({ id: m.text("resourceArn") }),
  },
  "aws:wafv2/ipSet:IpSet": {
    service: "WAFV2",
    operations: ["CreateIPSet", "UpdateIPSet", "DeleteIPSet"],
    notFound: "WAFNonexistentItemException",
    make: (m) => waf(m, "ipset"),
    volatile: ["lockToken"],
    changed: () => ({ lockToken: uuid() }),
    identity: {
      by: ["name", "scope"],
      code: "WAFDuplicateItemException",
      message: () =>
        "AWS WAF couldn’t perform the operation because some resource in your request is a duplicate of an existing one.",
    },
  },
};
