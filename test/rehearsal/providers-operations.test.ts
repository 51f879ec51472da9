import assert from "node:assert/strict";
import type { Values } from "../../rehearsal/cloud/providers/behaviour";
import { Cloud, text } from "./providers-fixture";

const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const GROUP = "aws:cloudwatch/logGroup:LogGroup";
const FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter";
const PLAN = "aws:backup/plan:Plan";
const SELECTION = "aws:backup/selection:Selection";

describe("operations of the local cloud", () => {
  let cloud: Cloud;
  beforeEach(() => (cloud = new Cloud()));

  it("have ids and ARNs in AWS's formats", async () => {
    const found = async (type: string, news: Values) => {
      const { id, properties } = await cloud.create(type, news);
      return `${id} ${typeof properties.arn === "string" ? properties.arn : ""}`;
    };
    const budget = { name: "monthly", budgetType: "COST", limitAmount: "100", timeUnit: "MONTHLY" };
    assert.equal(
      await found("aws:budgets/budget:Budget", budget),
      "123456789012:monthly arn:aws:budgets::123456789012:budget/monthly",
    );
    const set = { name: "office", scope: "REGIONAL", ipAddressVersion: "IPV4", addresses: ["192.0.2.0/24"] };
    assert.match(
      await found("aws:wafv2/ipSet:IpSet", set),
      / arn:aws:wafv2:us-east-1:\d+:regional\/ipset\/office\/[\da-f-]{36}$/,
    );
    const access = {
      name: "logs",
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    };
    assert.match(
      await found("aws:cloudfront/originAccessControl:OriginAccessControl", access),
      /^(E[A-Z2-7]{13}) arn:aws:cloudfront::\d+:origin-access-control\/\1$/,
    );
    const project = {
      name: "runner",
      serviceRole: "arn:aws:iam::123456789012:role/build",
      artifacts: { type: "NO_ARTIFACTS" },
      environment: {
        computeType: "BUILD_GENERAL1_SMALL",
        image: "aws/codebuild/standard:7.0",
        type: "LINUX_CONTAINER",
      },
      source: { type: "GITHUB", location: "https://github.com/example/app.git" },
    };
    assert.match(
      await found("aws:codebuild/project:Project", project),
      /^(arn:aws:codebuild:\S+:project\/runner) \1$/,
    );
  });

  it("refuse what needs something else first, and what something else needs still", async () => {
    const filter = {
      name: "errors",
      logGroupName: "app",
      pattern: "ERROR",
      metricTransformation: { name: "e", namespace: "n", value: "1" },
    };
    await assert.rejects(cloud.create(FILTER, filter), /log group does not exist/);
    await cloud.create(GROUP, { name: "app" });
    await cloud.create(FILTER, filter);

    const target = { rule: "nightly", arn: "arn:aws:sns:us-east-1:123456789012:alarms" };
    await assert.rejects(cloud.create(TARGET, target), /Rule nightly does not exist/);
    await cloud.create(RULE, { name: "nightly", scheduleExpression: "rate(1 day)" });
    const made = await cloud.create(TARGET, target);
    await assert.rejects(cloud.delete(RULE, "nightly"), /since it has targets/);
    await cloud.delete(TARGET, made.id);
    await cloud.delete(RULE, "nightly");

    const plan = await cloud.create(PLAN, {
      name: "daily",
      rules: [{ ruleName: "daily", targetVaultName: "vault" }],
    });
    const role = "arn:aws:iam::123456789012:role/backup";
    const selection = await cloud.create(SELECTION, { name: "all", iamRoleArn: role, planId: plan.id });
    await assert.rejects(cloud.delete(PLAN, plan.id), /selections must be deleted/);
    await cloud.delete(SELECTION, selection.id);
    await cloud.delete(PLAN, plan.id);
  });

  it("refuse what their APIs refuse, by the value", () => {
    assert.match(
      cloud.faultsOf(RULE, { name: "never" }).join(),
      /at least one of scheduleExpression, eventPattern/,
    );
    const scanning = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration";
    assert.match(cloud.faultsOf(scanning, { scanType: "DEEP" }).join(), /allowed: "BASIC", "ENHANCED"/);
    const rotation = "aws:secretsmanager/secretRotation:SecretRotation";
    assert.match(
      cloud.faultsOf(rotation, { secretId: "x" }).join(),
      /missing required property "rotationRules"/,
    );
  });

  it("are replaced for what AWS cannot change", () => {
    const replaced = (type: string, name: string, before: string, after: string): boolean =>
      cloud.diff(type, { [name]: before }, { [name]: after }).changes.some(({ replace }) => replace);
    for (const [type, name] of [
      ["aws:secretsmanager/secretPolicy:SecretPolicy", "secretArn"],
      ["aws:kms/keyPolicy:KeyPolicy", "keyId"],
      [TARGET, "rule"],
      [SELECTION, "iamRoleArn"],
      ["aws:serverlessrepository/cloudFormationStack:CloudFormationStack", "applicationId"],
    ] as const)
      assert.ok(replaced(type, name, "a", "b"), type);
    assert.ok(!replaced("aws:kms/keyPolicy:KeyPolicy", "policy", "a", "b"));
    assert.ok(
      !replaced(
        "aws:serverlessrepository/cloudFormationStack:CloudFormationStack",
        "semanticVersion",
        "1",
        "2",
      ),
    );
  });
});

describe("look-ups of the local cloud", () => {
  const cloud = new Cloud();

  it("find CloudFront's own policies by name or id, and those of the world", async () => {
    const token = "aws:cloudfront/getCachePolicy:getCachePolicy";
    const id = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
    assert.equal((await cloud.invoke(token, { name: "Managed-CachingDisabled" })).id, id);
    assert.equal((await cloud.invoke(token, { id })).name, "Managed-CachingDisabled");
    const headers = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy";
    const made = await cloud.create(headers, { name: "strict" });
    const getter = "aws:cloudfront/getResponseHeadersPolicy:getResponseHeadersPolicy";
    assert.equal((await cloud.invoke(getter, { name: "strict" })).id, made.id);
    await assert.rejects(
      cloud.invoke(token, { name: "none" }),
      /no matching CloudFront CachePolicy \(none\)/,
    );
  });

  it("find zones, secrets and their current value, add-ons and principals", async () => {
    const zone = await cloud.create("aws:route53/zone:Zone", { name: "example.com" });
    const getZone = "aws:route53/getZone:getZone";
    assert.equal((await cloud.invoke(getZone, { name: "example.com." })).zoneId, zone.id);
    assert.equal((await cloud.invoke(getZone, { zoneId: zone.id })).name, "example.com");
    await assert.rejects(cloud.invoke(getZone, { name: "example.org" }), /no matching Route 53 Hosted Zone/);

    const secret = await cloud.create("aws:secretsmanager/secret:Secret", { name: "key" });
    const value = "aws:secretsmanager/getSecretVersion:getSecretVersion";
    await assert.rejects(cloud.invoke(value, { secretId: "key" }), /staging label: AWSCURRENT/);
    const versions = "aws:secretsmanager/getSecretVersions:getSecretVersions";
    assert.deepEqual((await cloud.invoke(versions, { secretId: "key" })).versions, []);
    await assert.rejects(cloud.invoke(versions, { secretId: "none" }), /ResourceNotFoundException/);
    await cloud.create("aws:secretsmanager/secretVersion:SecretVersion", {
      secretId: secret.id,
      secretString: "s",
    });
    assert.equal((await cloud.invoke(value, { secretId: secret.id })).secretString, "s");
    const [held] = (await cloud.invoke(versions, { secretId: "key" })).versions as {
      versionStages: string[];
    }[];
    assert.deepEqual(held?.versionStages, ["AWSCURRENT"]);
    assert.equal(
      (await cloud.invoke("aws:secretsmanager/getSecret:getSecret", { name: "key" })).arn,
      secret.id,
    );

    const addon = await cloud.invoke("aws:eks/getAddonVersion:getAddonVersion", { addonName: "coredns" });
    assert.match(text(addon, "version"), /^v\d/);
    const principal = "aws:index/getServicePrincipal:getServicePrincipal";
    assert.equal((await cloud.invoke(principal, { serviceName: "logs" })).name, "logs.amazonaws.com");
  });
});
