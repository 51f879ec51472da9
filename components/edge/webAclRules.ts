import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import { ORIGIN_HEADER } from "./origin";

/** One rule of a web ACL, without its place among the others. */
export type Rule = Omit<aws.types.input.wafv2.WebAclRule, "priority" | "visibilityConfig"> & { name: string };

/** Requests that one address may make in {@link RATE_WINDOW}. Load tests of staging come from few addresses. */
const RATE_LIMIT: Readonly<Record<Environment, number>> = { dev: 5_000, staging: 20_000, prod: 5_000 };

/** In seconds; one of those that WAF offers. */
const RATE_WINDOW = 300;

/** A group of rules that AWS keeps, except that those of `counted` only count. */
const managed = (group: string, counted: readonly string[] = []): Rule => ({
  name: group,
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: "AWS",
      name: group,
      ...(counted.length > 0 && {
        ruleActionOverrides: counted.map((name) => ({ name, actionToUse: { count: {} } })),
      }),
    },
  },
});

/** What stands before everything that the world sends, in the order in which it is asked. */
export const publicRules = (environment: Environment): Rule[] => [
  managed("AWSManagedRulesAmazonIpReputationList"),
  {
    name: "rate",
    // Not 403, so that a client knows to wait.
    action: { block: { customResponse: { responseCode: 429 } } },
    statement: {
      rateBasedStatement: {
        aggregateKeyType: "IP",
        limit: RATE_LIMIT[environment],
        evaluationWindowSec: RATE_WINDOW,
      },
    },
  },
  managed("AWSManagedRulesKnownBadInputsRuleSet"),
  // A voice recording is larger than the 8 KiB that this one rule allows a body.
  managed("AWSManagedRulesCommonRuleSet", ["SizeRestrictions_BODY"]),
  managed("AWSManagedRulesSQLiRuleSet"),
];

/**
 * Lets those through who know the origin's secret: CloudFront, and of all its customers ours. It is for a web
 * ACL that blocks by default.
 */
export const originRule = (secret: pulumi.Input<string>): Rule => ({
  name: "origin",
  action: { allow: {} },
  statement: {
    byteMatchStatement: {
      fieldToMatch: { singleHeader: { name: ORIGIN_HEADER } },
      positionalConstraint: "EXACTLY",
      searchString: secret,
      textTransformations: [{ priority: 0, type: "NONE" }],
    },
  },
});
