import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { GLOBAL_REGION } from "./global";

export interface CertificatesArgs {
  /** The domain; the certificates are for it and for every name one label below it. */
  domain: string;
  /** The Route 53 hosted zone in which the domain is. */
  zoneId: string;
  /** The region of the stack, and so of the load balancer. */
  region: string;
}

/** A certificate that users are shown. */
export interface ShownCertificate {
  /** Who shows it. */
  readonly of: "the load balancer" | "CloudFront";
  readonly arn: pulumi.Input<string>;
  /** Where ACM has it. */
  readonly region: string;
}

/** Certificates that ACM issues and renews, because a record in the zone proves whose the domain is. */
export class Certificates extends pulumi.ComponentResource {
  /** For the load balancer; known once it is issued. */
  readonly regionalArn: pulumi.Output<string>;
  /** For CloudFront; the same one where the stack is in CloudFront's region. */
  readonly globalArn: pulumi.Output<string>;
  /** Each of them once. */
  readonly shown: readonly ShownCertificate[];

  constructor(name: string, args: CertificatesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:edge:Certificates", name, {}, opts);
    const certificate = (suffix: string, region: string) =>
      new aws.acm.Certificate(
        `${args.domain}${suffix}`,
        {
          domainName: args.domain,
          subjectAlternativeNames: [`*.${args.domain}`],
          validationMethod: "DNS",
          region,
        },
        { parent: this },
      );
    const regional = certificate("", args.region);
    // One record proves them all: a wildcard's is its domain's, and it is the same in every region of an account.
    const proof = regional.domainValidationOptions.apply(([first]) => {
      if (first) return first;
      throw new Error(
        `ACM named no record by which ${args.domain} is validated; request the certificate again`,
      );
    });
    const record = new aws.route53.Record(
      args.domain,
      {
        zoneId: args.zoneId,
        name: proof.resourceRecordName,
        type: proof.resourceRecordType,
        records: [proof.resourceRecordValue],
        ttl: 300,
        // Another certificate of this account for the same domain has the very same record.
        allowOverwrite: true,
      },
      { parent: this },
    );
    const issued = (suffix: string, region: string, { arn }: aws.acm.Certificate) =>
      new aws.acm.CertificateValidation(
        `${args.domain}${suffix}`,
        { certificateArn: arn, validationRecordFqdns: [record.fqdn], region },
        { parent: this },
      ).certificateArn;
    this.regionalArn = issued("", args.region, regional);
    this.globalArn =
      args.region === GLOBAL_REGION
        ? this.regionalArn
        : issued("-global", GLOBAL_REGION, certificate("-global", GLOBAL_REGION));
    const { region } = args;
    this.shown = [
      { of: "the load balancer", arn: this.regionalArn, region },
      ...(region === GLOBAL_REGION
        ? []
        : [{ of: "CloudFront", arn: this.globalArn, region: GLOBAL_REGION } as const]),
    ];
    this.registerOutputs({ regionalArn: this.regionalArn, globalArn: this.globalArn });
  }
}
