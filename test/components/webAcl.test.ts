import assert from "node:assert/strict";
import { WebAcl, type WebAclArgs } from "../../components/edge/webAcl";
import { originRule, publicRules } from "../../components/edge/webAclRules";
import { key, recordEdge } from "./edgeFixture";
import { assertIncludes, settled } from "./mocks";

const ACL = "aws:wafv2/webAcl:WebAcl";
const GROUP = "aws:cloudwatch/logGroup:LogGroup";
const LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration";

async function made(args: Partial<WebAclArgs> = {}) {
  const mocks = recordEdge();
  new WebAcl("acl", {
    name: "app-prod",
    environment: "prod",
    scope: "REGIONAL",
    region: "eu-west-1",
    otherwise: "allow",
    rules: publicRules("prod"),
    key,
    ...args,
  });
  await settled();
  return mocks;
}

/** The rules as they are registered, by name. */
async function rules(args: Partial<WebAclArgs> = {}) {
  const inputs = (await made(args)).find(ACL, "app-prod");
  return inputs["rules"] as { name: string; priority: number; visibilityConfig: unknown }[];
}

const named = async (name: string, args?: Partial<WebAclArgs>) =>
  (await rules(args)).find((rule) => rule.name === name);

describe("WebAcl", () => {
  it("asks its rules in their order", async () => {
    assert.deepEqual(
      (await rules()).map(({ name, priority }) => [priority, name]),
      [
        [0, "AWSManagedRulesAmazonIpReputationList"],
        [1, "rate"],
        [2, "AWSManagedRulesKnownBadInputsRuleSet"],
        [3, "AWSManagedRulesCommonRuleSet"],
        [4, "AWSManagedRulesSQLiRuleSet"],
      ],
    );
  });

  it("takes AWS's rules as they are, but lets large bodies through and counts them", async () => {
    assertIncludes(await named("AWSManagedRulesCommonRuleSet"), {
      overrideAction: { none: {} },
      statement: {
        managedRuleGroupStatement: {
          vendorName: "AWS",
          name: "AWSManagedRulesCommonRuleSet",
          ruleActionOverrides: [{ name: "SizeRestrictions_BODY", actionToUse: { count: {} } }],
        },
      },
    });
    for (const group of [
      "AWSManagedRulesAmazonIpReputationList",
      "AWSManagedRulesKnownBadInputsRuleSet",
      "AWSManagedRulesSQLiRuleSet",
    ])
      assert.deepEqual(
        ((await named(group)) as unknown as { overrideAction: unknown; statement: unknown }).statement,
        { managedRuleGroupStatement: { vendorName: "AWS", name: group } },
      );
  });

  it("answers 429 to an address that asks too often", async () => {
    assertIncludes(await named("rate"), {
      action: { block: { customResponse: { responseCode: 429 } } },
      statement: {
        rateBasedStatement: { aggregateKeyType: "IP", limit: 5_000, evaluationWindowSec: 300 },
      },
    });
    assertIncludes(await named("rate", { rules: publicRules("staging") }), {
      statement: { rateBasedStatement: { limit: 20_000 } },
    });
  });

  it("for an origin blocks all but those who know its secret, whole and exact", async () => {
    const mocks = await made({ otherwise: "block", rules: [originRule("s3cret")] });
    assertIncludes(mocks.find(ACL, "app-prod"), {
      defaultAction: { block: {} },
      rules: [
        {
          action: { allow: {} },
          statement: {
            byteMatchStatement: {
              fieldToMatch: { singleHeader: { name: "x-origin-verify" } },
              positionalConstraint: "EXACTLY",
              searchString: "s3cret",
              textTransformations: [{ type: "NONE" }],
            },
          },
        },
      ],
    });
  });

  it("measures and samples each rule and the whole", async () => {
    const seen = { cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
    assertIncludes((await made()).find(ACL, "app-prod"), { visibilityConfig: seen });
    for (const rule of await rules()) assertIncludes(rule.visibilityConfig, seen, rule.name);
  });

  it("logs what it decides to a group of the name that WAF asks for, for as long as access logs", async () => {
    const mocks = await made();
    assertIncludes(mocks.find(GROUP, "app-prod"), {
      name: "aws-waf-logs-app-prod",
      retentionInDays: 365,
      region: "eu-west-1",
      kmsKeyId: "arn:key",
    });
    assertIncludes(mocks.find(LOGGING, "app-prod"), {
      resourceArn: "arn:app-prod",
      logDestinationConfigs: ["arn:app-prod"],
    });
  });

  it("shows no header that lets a reader act as somebody else, in logs or samples", async () => {
    const mocks = await made();
    const secret = ["authorization", "cookie", "x-origin-verify", "x-sluice-preview"];
    assert.deepEqual(
      mocks.find(LOGGING, "app-prod")["redactedFields"],
      secret.map((name) => ({ singleHeader: { name } })),
    );
    assertIncludes(mocks.find(ACL, "app-prod"), {
      dataProtectionConfig: {
        dataProtections: [
          { action: "SUBSTITUTION", field: { fieldType: "SINGLE_HEADER", fieldKeys: secret } },
        ],
      },
    });
  });

  it("for CloudFront is in CloudFront's region with its log, which the stack's key does not reach", async () => {
    const mocks = await made({ scope: "CLOUDFRONT" });
    assertIncludes(mocks.find(ACL, "app-prod"), { scope: "CLOUDFRONT", region: "us-east-1" });
    assertIncludes(mocks.find(GROUP, "app-prod"), { region: "us-east-1", kmsKeyId: undefined });
    assertIncludes(mocks.find(LOGGING, "app-prod"), { region: "us-east-1" });
  });
});
