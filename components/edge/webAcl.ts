import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import { PREVIEW_HEADER } from "../../model/names";
import type { Key } from "../key";
import { logGroup } from "../logs";
import { GLOBAL_REGION } from "./global";
import { ORIGIN_HEADER } from "./origin";
import type { Rule } from "./webAclRules";

export interface WebAclArgs {
  /** Names metrics and, after `aws-waf-logs-`, the log group; unique in its account and region. */
  name: string;
  environment: Environment;
  /** What it protects: CloudFront's are in one region for all. */
  scope: "CLOUDFRONT" | "REGIONAL";
  /** The region of the stack. */
  region: string;
  /** What becomes of a request that no rule decides on. */
  otherwise: "allow" | "block";
  /** In the order in which they are asked. */
  rules: readonly Rule[];
  /** Encrypts the log where it is in the key's region. */
  key: Pick<Key, "arn">;
}

/** Headers that let whoever reads them act as somebody else. */
const SECRET_HEADERS = ["authorization", "cookie", ORIGIN_HEADER, PREVIEW_HEADER];

/** A web ACL with metrics and a log of what it decided; what stands behind it names its ARN. */
export class WebAcl extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: WebAclArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:edge:WebAcl", name, {}, opts);
    const region = args.scope === "CLOUDFRONT" ? GLOBAL_REGION : args.region;
    const seen = (metric: string) => ({
      cloudwatchMetricsEnabled: true,
      sampledRequestsEnabled: true,
      metricName: `${args.name}-${metric}`,
    });
    const acl = new aws.wafv2.WebAcl(
      args.name,
      {
        scope: args.scope,
        region,
        defaultAction: { [args.otherwise]: {} },
        rules: args.rules.map((rule, priority) => ({
          ...rule,
          priority,
          visibilityConfig: seen(rule.name),
        })),
        // Of samples too, which the log's redaction does not reach.
        dataProtectionConfig: {
          dataProtections: [
            { action: "SUBSTITUTION", field: { fieldType: "SINGLE_HEADER", fieldKeys: SECRET_HEADERS } },
          ],
        },
        visibilityConfig: seen("all"),
      },
      { parent: this },
    );
    const log = logGroup(
      args.name,
      {
        // WAF writes to no group whose name begins otherwise.
        path: `aws-waf-logs-${args.name}`,
        environment: args.environment,
        region,
        ...(region === args.region && { key: args.key }),
      },
      { parent: this },
    );
    new aws.wafv2.WebAclLoggingConfiguration(
      args.name,
      {
        resourceArn: acl.arn,
        logDestinationConfigs: [log.arn],
        redactedFields: SECRET_HEADERS.map((header) => ({ singleHeader: { name: header } })),
        region,
      },
      { parent: this },
    );
    this.arn = acl.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
