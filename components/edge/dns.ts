import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** What a name stands for: something of AWS with a DNS name and a hosted zone of its own. */
export interface AliasTarget {
  readonly dnsName: pulumi.Input<string>;
  readonly zoneId: pulumi.Input<string>;
}

/**
 * Records in `zoneId` by which `host` stands for `target`, one of each of `types`.
 *
 * @param host the full name
 */
export const aliasRecords = (
  host: string,
  args: { zoneId: string; target: AliasTarget; types: readonly ("A" | "AAAA")[] },
  opts: { parent: pulumi.Resource },
): aws.route53.Record[] =>
  args.types.map(
    (type) =>
      new aws.route53.Record(
        `${host}-${type}`,
        {
          zoneId: args.zoneId,
          name: host,
          type,
          aliases: [{ name: args.target.dnsName, zoneId: args.target.zoneId, evaluateTargetHealth: false }],
        },
        opts,
      ),
  );
