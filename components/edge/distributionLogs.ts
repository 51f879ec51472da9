import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { GLOBAL_REGION } from "./global";

/** Of each request. Without cookies, query strings and referrers: they carry what is nobody's to read. */
const FIELDS = [
  "date",
  "time",
  "x-edge-location",
  "c-ip",
  "cs-method",
  "x-host-header",
  "cs-uri-stem",
  "sc-status",
  "sc-bytes",
  "cs-bytes",
  "time-taken",
  "time-to-first-byte",
  "cs(User-Agent)",
  "x-edge-result-type",
  "x-edge-detailed-result-type",
  "x-edge-request-id",
  "cs-protocol",
  "cs-protocol-version",
  "ssl-protocol",
  "ssl-cipher",
];

/**
 * Delivers a distribution's access logs to a bucket by standard logging (v2). Its predecessor writes with an
 * ACL, so that its bucket would have to accept them, and always writes query strings.
 */
export function distributionLogs(
  name: string,
  args: { distributionArn: pulumi.Input<string>; bucketArn: pulumi.Input<string> },
  opts: { parent: pulumi.Resource },
): aws.cloudwatch.LogDelivery {
  const region = GLOBAL_REGION;
  const source = new aws.cloudwatch.LogDeliverySource(
    `${name}-requests`,
    { logType: "ACCESS_LOGS", resourceArn: args.distributionArn, region },
    opts,
  );
  const destination = new aws.cloudwatch.LogDeliveryDestination(
    `${name}-requests`,
    {
      outputFormat: "json",
      deliveryDestinationConfiguration: { destinationResourceArn: args.bucketArn },
      region,
    },
    opts,
  );
  return new aws.cloudwatch.LogDelivery(
    `${name}-requests`,
    {
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.arn,
      recordFields: FIELDS,
      s3DeliveryConfigurations: [
        { suffixPath: "{DistributionId}/{yyyy}/{MM}/{dd}", enableHiveCompatiblePath: false },
      ],
      region,
    },
    opts,
  );
}
