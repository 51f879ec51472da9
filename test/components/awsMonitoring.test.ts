import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { AwsMonitoring, type AwsMonitoringArgs } from "../../components/monitoring/aws/monitoring";
import { BACKENDS } from "../../model/backends";
import type { Flag } from "../../model/flags/flag";
import { type Level, type Receivers, defaultMonitoring } from "../../model/monitoring/monitoring";
import { defaultSlo } from "../../model/monitoring/objectives";
import { flagAlarmPrefix } from "../../model/names";
import { clusterHandle, key, statements } from "./clusterFixture";
import { type RecordingMocks, assertIncludes, record, settled } from "./mocks";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const DASHBOARD = "aws:cloudwatch/dashboard:Dashboard";
const TOPIC = "aws:sns/topic:Topic";
const PAGER = "arn:aws:sns:us-east-1:123456789012:pager";

async function made(
  level: Level,
  receivers: Receivers = {},
  flags: Readonly<Record<string, Flag>> = {},
  certificates: AwsMonitoringArgs["certificates"] = [],
): Promise<RecordingMocks> {
  const mocks = record();
  const group = (colour: string) =>
    pulumi.output(`arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/api-${colour}/0a`);
  new AwsMonitoring("monitoring", {
    ...{ app: "app", environment: "prod", region: "us-east-1", namespace: "app" },
    monitoring: { ...defaultMonitoring("prod"), level, receivers },
    slo: defaultSlo(["api-gateway"]),
    ...{ clusterName: "app-prod-cluster", cluster: clusterHandle(), key, backends: BACKENDS.prod, flags },
    loadBalancer: pulumi.output("app/app-prod/50dc"),
    targetGroups: { "api-gateway": { blue: group("blue"), green: group("green") } },
    ...{ certificates, monthlyCost: 1_234 },
  });
  await settled();
  return mocks;
}

describe("monitoring by AWS", () => {
  it("brings what pods write to a log group with a key and an end, at every level", async () => {
    const mocks = await made("basic");
    assertIncludes(mocks.find("aws:cloudwatch/logGroup:LogGroup", "app-prod-pods"), {
      ...{ name: "/aws/containerinsights/app-prod-cluster/application", retentionInDays: 365 },
      kmsKeyId: "arn:key",
    });
    const { values } = mocks.find("kubernetes:helm.sh/v3:Release", "app-prod-pods") as {
      values: { config: { outputs: string } };
    };
    assert.match(
      values.config.outputs,
      /log_group_name \/aws\/containerinsights\/app-prod-cluster\/application/,
    );
    assert.match(values.config.outputs, /auto_create_group false/);
  });

  it("lets the pods' log be written to, and nothing else", async () => {
    const mocks = await made("basic");
    const [only, ...others] = statements(
      mocks.find("aws:iam/rolePolicy:RolePolicy", "app-prod-pods")["policy"],
    );
    assert.equal(others.length, 0);
    assert.ok([only!.Action].flat().every((action) => action.startsWith("logs:")));
    assert.match(String(only!.Resource), /:\*$/);
  });

  it("has no dashboards and no alarms where monitoring is basic, and no alarms where it is full", async () => {
    const basic = await made("basic");
    assert.deepEqual([basic.names(DASHBOARD), basic.names(ALARM), basic.names(TOPIC)], [[], [], []]);
    const full = await made("full");
    assert.deepEqual(full.names(DASHBOARD).sort(), [
      ...["app-prod-backends", "app-prod-cost", "app-prod-release", "app-prod-service-api-gateway"],
    ]);
    assert.deepEqual([full.names(ALARM), full.names(TOPIC)], [[], []]);
  });

  it("tells of each alarm by the topic of its urgency, of its end as well, and pages whom configuration names", async () => {
    const mocks = await made("full-with-alerting", { page: { sns: PAGER } });
    const told = (name: string) => mocks.find(ALARM, name)["alarmActions"];
    assert.deepEqual(told("database-storage"), ["arn:app-prod-critical", PAGER]);
    assert.deepEqual(told("database-processors"), ["arn:app-prod-warning"]);
    for (const name of mocks.names(ALARM)) {
      const { alarmActions, okActions } = mocks.find(ALARM, name);
      assert.deepEqual(okActions, alarmActions, name);
    }
  });

  it("gives an alarm the load balancer's name once there is one", async () => {
    const mocks = await made("full-with-alerting");
    const { metricQueries } = mocks.find(ALARM, "balancer-refused") as {
      metricQueries: { metric?: { dimensions: object } }[];
    };
    const dimensions = metricQueries.flatMap(({ metric }) => metric?.dimensions ?? []);
    assert.deepEqual(dimensions, [
      { LoadBalancer: "app/app-prod/50dc" },
      { LoadBalancer: "app/app-prod/50dc" },
    ]);
  });

  it("tells of the certificate that the load balancer shows, of none elsewhere, and not where there is HTTP alone", async () => {
    const shown = (region: string) =>
      ({ of: "CloudFront", arn: pulumi.output(`arn:${region}`), region }) as const;
    const names = (mocks: RecordingMocks) =>
      mocks
        .names(ALARM)
        .filter((name) => name.startsWith("certificate"))
        .sort();
    const mocks = await made("full-with-alerting", {}, {}, [shown("eu-west-1"), shown("us-east-1")]);
    assert.deepEqual(names(mocks), ["certificate-ends-now", "certificate-ends-soon"]);
    assertIncludes(mocks.find(ALARM, "certificate-ends-soon"), {
      metricQueries: [{ metric: { dimensions: { CertificateArn: "arn:us-east-1" } } }],
      ...{ comparisonOperator: "LessThanThreshold", threshold: 30, treatMissingData: "ignore" },
      alarmActions: ["arn:app-prod-warning"],
    });
    assert.deepEqual(names(await made("full-with-alerting", {}, {}, [shown("eu-west-1")])), []);
    assert.deepEqual(names(await made("full-with-alerting")), []);
  });

  it("encrypts its topics, and takes messages of this account's services alone, over TLS", async () => {
    const mocks = await made("full-with-alerting");
    for (const name of ["app-prod-critical", "app-prod-warning"]) {
      assertIncludes(mocks.find(TOPIC, name), { name, kmsMasterKeyId: "arn:key" });
      const [tellers, encrypted] = statements(mocks.find("aws:sns/topicPolicy:TopicPolicy", name)["policy"]);
      assert.deepEqual(tellers!.Condition, { StringEquals: { "aws:SourceAccount": "123456789012" } });
      assert.equal(encrypted!.Effect, "Deny");
    }
  });

  it("writes to whom alerts are mailed", async () => {
    const email = { to: "ops@example.com", from: "alerts@example.com", server: "smtp.example.com:587" };
    const mocks = await made("full-with-alerting", { email });
    assert.deepEqual(mocks.names("aws:sns/topicSubscription:TopicSubscription").sort(), [
      ...["app-prod-critical-ops@example.com", "app-prod-warning-ops@example.com"],
    ]);
  });

  it("has the alarms of a flag that names none, wherever they take it back, and tells where there are topics", async () => {
    const [own] = ["lambda-errors"];
    const flag = (alarms: Flag["alarms"]): Flag => ({
      ...{ enabled: true, percentage: 10, settings: {}, settled: false, alarms },
      plan: { name: "weekly", steps: [] },
    });
    const ours = flag([{ name: flagAlarmPrefix("app", "prod", "partial") + own, retreat: "off" }]);
    const others = flag([{ name: "somebody's", retreat: "step" }]);
    const mocks = await made("full", {}, { partial: ours, other: others });
    assert.deepEqual(mocks.names(ALARM), [`partial-${own}`]);
    assertIncludes(mocks.find(ALARM, `partial-${own}`), {
      ...{ name: `sluice/app/prod/flag/partial/${own}`, threshold: 5, alarmActions: [] },
    });
    assert.ok(mocks.names(DASHBOARD).includes("app-prod-flag-partial"));
    const queried = (mocks: RecordingMocks) =>
      mocks.find("aws:cloudwatch/queryDefinition:QueryDefinition", "app-prod-partial-one-session-in-order")[
        "logGroupNames"
      ];
    const telling = await made("full-with-alerting", {}, { partial: { ...ours, lambda: "transcriber" } });
    assert.deepEqual(
      [queried(mocks), queried(telling)],
      [["/aws/lambda/audio-processor"], ["/aws/lambda/transcriber"]],
    );
    assertIncludes(telling.find(ALARM, `partial-${own}`), {
      metricQueries: [{ metric: { dimensions: { FunctionName: "transcriber" } } }],
    });
    assert.deepEqual(telling.find(ALARM, `partial-${own}`)["alarmActions"], ["arn:app-prod-critical"]);
  });

  it("has a budget above what the stack is expected to cost, for what has both of its tags", async () => {
    const mocks = await made("full-with-alerting");
    const { limitAmount, filterExpression } = mocks.find("aws:budgets/budget:Budget", "app-prod");
    assert.equal(limitAmount, "1550");
    assert.deepEqual(filterExpression, {
      ands: [
        { tags: { key: "sluice:app", values: ["app"], matchOptions: ["EQUALS"] } },
        { tags: { key: "sluice:environment", values: ["prod"], matchOptions: ["EQUALS"] } },
      ],
    });
    assert.deepEqual(mocks.names("aws:costexplorer/anomalySubscription:AnomalySubscription"), ["app-prod"]);
  });
});
