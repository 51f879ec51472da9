import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { COLOUR_ALARMS } from "../../model/alarms";
import { ownAlarms } from "../../model/flags/alarms";
import { SLOW_SECONDS, THRESHOLDS } from "../../model/analysis/thresholds";
import { Watch, type WatchArgs } from "../../components/release/watch";
import { bundleWatcher } from "../../components/release/watchBundle";
import { rights } from "../../components/release/watchRights";
import { type RecordingMocks, assertIncludes, record, settled } from "./mocks";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const FUNCTION = "aws:lambda/function:Function";
const TOPIC = "arn:aws:sns:us-east-1:123456789012:releases";
const LOGS = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/voiceassist-prod-watch";

async function made(topic?: string, flags: WatchArgs["flags"] = {}): Promise<RecordingMocks> {
  const mocks = record();
  class Published extends pulumi.ComponentResource {}
  const group = (colour: string) =>
    pulumi.output(
      `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/api-${colour}/0123456789abcdef`,
    );
  new Watch("watch", {
    ...{ app: "voiceassist", environment: "prod", loadBalancer: "app/voiceassist-prod/50dc6c495c0c9188" },
    key: { arn: pulumi.output("arn:key") },
    targetGroups: { api: { blue: group("blue"), green: group("green") } },
    published: new Published("test:index:Published", "release"),
    ...(topic !== undefined && { topic }),
    flags,
  });
  await settled();
  return mocks;
}

interface Metric {
  readonly id: string;
  readonly expression?: string;
  readonly returnData?: boolean;
  readonly metric?: Readonly<Record<string, unknown>>;
}

describe("the watcher in AWS", () => {
  it("is the bundle of the same code that the command line has, and runs once at a time", async () => {
    const mocks = await made();
    const { code, ...inputs } = mocks.find(FUNCTION, "watch");
    assertIncludes(inputs, {
      ...{ name: "voiceassist-prod-watch", runtime: "nodejs22.x", architectures: ["arm64"] },
      ...{ handler: "index.handler", reservedConcurrentExecutions: 1 },
      environment: { variables: { SLUICE_APP: "voiceassist", SLUICE_ENVIRONMENT: "prod" } },
      loggingConfig: { logGroup: "/aws/lambda/voiceassist-prod-watch" },
    });
    assert.ok(!("SLUICE_TOPIC" in (inputs["environment"] as { variables: object }).variables));
    const archive = code as pulumi.asset.AssetArchive;
    const [[name, file]] = Object.entries(await archive.assets) as [[string, pulumi.asset.FileAsset]];
    assert.equal(name, "index.js");
    assert.equal(readFileSync(await file.path, "utf8"), bundleWatcher().outputFiles[0]!.text);
  });

  it("has longer than a look that waits for a target takes, and no event is kept for it", async () => {
    const mocks = await made();
    const { timeout } = mocks.find(FUNCTION, "watch");
    assert.ok(Number(timeout) > 2 * THRESHOLDS.unavailable.above, String(timeout));
    assertIncludes(mocks.find("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "watch"), {
      maximumEventAgeInSeconds: 60,
      maximumRetryAttempts: 0,
    });
  });

  it("keeps its log for as long as others, under the stack's key", async () => {
    const mocks = await made();
    assertIncludes(mocks.find("aws:cloudwatch/logGroup:LogGroup", "watch"), {
      name: "/aws/lambda/voiceassist-prod-watch",
      kmsKeyId: "arn:key",
      retentionInDays: 365,
    });
  });

  it("is called every minute, and by the alarms of this stack's colours alone", async () => {
    const mocks = await made();
    const rule = "aws:cloudwatch/eventRule:EventRule";
    assert.equal(mocks.find(rule, "watch-schedule")["scheduleExpression"], "rate(1 minute)");
    const pattern = JSON.parse(mocks.find(rule, "watch-alarms")["eventPattern"] as string) as {
      detail: { alarmName: { prefix: string }[]; state: unknown };
    };
    assert.deepEqual(pattern.detail.state, { value: ["ALARM"] });
    const prefixes = pattern.detail.alarmName.map(({ prefix }) => prefix);
    const calls = (name: unknown) => prefixes.some((prefix) => String(name).startsWith(prefix));
    for (const alarm of mocks.names(ALARM)) {
      const { name } = mocks.find(ALARM, alarm);
      assert.equal(calls(name), alarm !== "watch-silent", String(name));
    }
    assert.ok(!calls("sluice/voiceassist/staging/blue/api/errors"));
    for (const which of ["watch-schedule", "watch-alarms"]) {
      assertIncludes(mocks.find("aws:lambda/permission:Permission", which), {
        ...{ action: "lambda:InvokeFunction", principal: "events.amazonaws.com", sourceArn: `arn:${which}` },
      });
      assertIncludes(mocks.find("aws:cloudwatch/eventTarget:EventTarget", which), { arn: "arn:watch" });
    }
  });

  it("is called by the alarms that its flags are watched by as well, as many as a pattern has room for", async () => {
    const rule = "aws:cloudwatch/eventRule:EventRule";
    const called = async (names: readonly string[]) => {
      const alarms = names.map((name) => ({ name, retreat: "step" as const }));
      const mocks = await made(undefined, { search: { alarms }, other: { alarms } });
      const pattern = mocks.find(rule, "watch-alarms")["eventPattern"] as string;
      assert.ok(pattern.length <= 2_048, `${pattern.length} characters`);
      const { detail } = JSON.parse(pattern) as { detail: { alarmName: unknown[] } };
      return detail.alarmName.slice(2);
    };
    const own = ownAlarms("voiceassist", "prod", "partial-results").map(({ name }) => name);
    assert.deepEqual(await called([...own, "latency"]), [...own, "latency"]);
    const many = Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(200, "a"));
    assert.deepEqual(await called(many), many.slice(0, 9));
  });

  it("has alarms of each colour, and tells nobody where nobody is to be told", async () => {
    const mocks = await made();
    assert.equal(mocks.names(ALARM).length, 2 * COLOUR_ALARMS.length + 1);
    for (const alarm of mocks.names(ALARM)) {
      assertIncludes(mocks.find(ALARM, alarm), { actionsEnabled: true });
      assert.deepEqual(mocks.find(ALARM, alarm)["alarmActions"], []);
    }
  });

  it("tells the topic of every alarm, and of what it does, where there is one", async () => {
    const mocks = await made(TOPIC);
    for (const alarm of mocks.names(ALARM))
      assert.deepEqual(mocks.find(ALARM, alarm)["alarmActions"], [TOPIC]);
    assertIncludes(mocks.find(FUNCTION, "watch"), { environment: { variables: { SLUICE_TOPIC: TOPIC } } });
  });
});

describe("an alarm of a colour", () => {
  const queries = async (name: string) => {
    const alarm = (await made()).find(ALARM, name);
    return { alarm, queries: alarm["metricQueries"] as Metric[] };
  };

  it("asks of one target group at one load balancer, and gives one value", async () => {
    for (const { name } of COLOUR_ALARMS) {
      const { queries: all } = await queries(`api-green-${name}`);
      const metrics = all.filter(({ metric }) => metric);
      for (const { metric, returnData } of metrics) {
        assert.equal(returnData, false);
        assertIncludes(metric, {
          namespace: "AWS/ApplicationELB",
          dimensions: {
            TargetGroup: "targetgroup/api-green/0123456789abcdef",
            LoadBalancer: "app/voiceassist-prod/50dc6c495c0c9188",
          },
        });
      }
      const returned = all.filter(({ returnData }) => returnData);
      assert.equal(returned.length, 1);
      const used = [...(returned[0]!.expression ?? "").matchAll(/\b[a-z]+\b/g)].map(([word]) => word);
      assert.deepEqual([...new Set(used)].sort(), metrics.map(({ id }) => id).sort());
    }
  });

  it("takes its limits from the analysis, and none of them from silence", async () => {
    const { errorRate, latency } = THRESHOLDS;
    const errors = await queries("api-blue-errors");
    assertIncludes(errors.alarm, {
      threshold: errorRate.above,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
    });
    assert.equal(
      errors.queries.at(-1)!.expression,
      "IF(requests >= 200, 100 * (FILL(failed, 0) + FILL(refused, 0)) / requests)",
    );
    assert.equal(errors.queries[0]!.metric!["period"], errorRate.windowSeconds);
    const slow = await queries("api-blue-slow");
    assertIncludes(slow.alarm, { threshold: SLOW_SECONDS, comparisonOperator: "GreaterThanThreshold" });
    assert.equal(slow.queries[1]!.metric!["stat"], "p95");
    assert.equal(slow.queries[1]!.metric!["period"], latency.windowSeconds);
    const unhealthy = await queries("api-blue-unhealthy");
    assertIncludes(unhealthy.alarm, { threshold: 0, evaluationPeriods: 2 });
  });
});

describe("the alarm about the watcher", () => {
  it("goes off where it is not called, or fails, for five minutes: silence is the fault", async () => {
    const alarm = (await made(TOPIC)).find(ALARM, "watch-silent");
    assertIncludes(alarm, {
      name: "sluice/voiceassist/prod/watch",
      ...{ treatMissingData: "breaching", evaluationPeriods: 5, threshold: 1 },
      ...{ comparisonOperator: "LessThanThreshold", okActions: [TOPIC] },
    });
    const [calls, errors, watched] = alarm["metricQueries"] as Metric[];
    for (const { metric } of [calls!, errors!]) {
      const dimensions = { FunctionName: "voiceassist-prod-watch" };
      assertIncludes(metric, { namespace: "AWS/Lambda", period: 60, stat: "Sum", dimensions });
    }
    assert.deepEqual(
      [calls!.metric!["metricName"], errors!.metric!["metricName"], watched!.expression],
      ["Invocations", "Errors", "calls - FILL(errors, 0)"],
    );
  });
});

describe("what the watcher may do", () => {
  interface Statement {
    readonly Effect: string;
    readonly Action: string | readonly string[];
    readonly Resource: string | readonly string[];
    readonly Condition?: unknown;
  }
  const statements = (topic?: string, flags?: readonly string[]) =>
    (
      JSON.parse(
        rights({
          app: "voiceassist",
          environment: "prod",
          logs: LOGS,
          ...(topic !== undefined && { topic }),
          ...(flags && { flags }),
        }),
      ) as { Statement: Statement[] }
    ).Statement;
  const of = (action: string, topic?: string) =>
    statements(topic).filter(({ Action }) => [Action].flat().includes(action));

  it("is to change the weighted rules of its own stack, which it knows by their tags", () => {
    assert.deepEqual(of("elasticloadbalancing:ModifyRule"), [
      {
        Effect: "Allow",
        Action: "elasticloadbalancing:ModifyRule",
        Resource: "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/*",
        Condition: {
          StringEquals: {
            "aws:ResourceTag/sluice:app": "voiceassist",
            "aws:ResourceTag/sluice:environment": "prod",
            "aws:ResourceTag/sluice:role": "weighted",
          },
        },
      },
    ]);
  });

  it("is to put the fence, and not what says who is trusted", () => {
    const [put] = of("ssm:PutParameter");
    assert.equal(put!.Resource, "arn:aws:ssm:us-east-1:123456789012:parameter/sluice/voiceassist/prod/fence");
    assert.equal([of("ssm:GetParameter")[0]!.Resource].flat().length, 3);
  });

  it("is to read and lower the flags that the stack has, each by its whole name", () => {
    const parameter = "arn:aws:ssm:us-east-1:123456789012:parameter/voiceassist/partial-results/config";
    for (const action of ["ssm:GetParameter", "ssm:PutParameter"]) {
      const [one] = statements(undefined, ["partial-results"]).filter(({ Action }) => Action === action);
      assert.equal([one!.Resource].flat().at(-1), parameter);
      assert.ok(![one!.Resource].flat().some((resource) => resource.includes("*")));
    }
    const prefix = "arn:aws:ssm:us-east-1:123456789012:parameter/sluice/voiceassist/prod/";
    const [read, put] = ["ssm:GetParameter", "ssm:PutParameter"].map((action) =>
      statements(undefined, ["partial-results"]).find(({ Action }) => Action === action),
    );
    assert.ok(read!.Resource.includes(`${prefix}flags`), "it may read by what they are watched");
    assert.deepEqual(put!.Resource, [`${prefix}fence`, parameter]);
  });

  it("is to look at alarms where there are flags that they take back", () => {
    const looks = (flags?: readonly string[]) =>
      statements(undefined, flags).filter(({ Action }) => Action === "cloudwatch:DescribeAlarms");
    assert.deepEqual(looks(), []);
    assert.equal(looks(["partial-results"]).length, 1);
  });

  it("is no more than reading where no resource can be named", () => {
    for (const { Action, Resource } of statements(TOPIC, ["partial-results"])) {
      if (Resource !== "*") continue;
      for (const action of [Action].flat())
        assert.match(action, /^(elasticloadbalancing:Describe|cloudwatch:(Get|Describe))/);
    }
  });

  it("is to publish to the topic, where there is one", () => {
    assert.deepEqual(of("sns:Publish"), []);
    assert.deepEqual(of("sns:Publish", TOPIC), [{ Effect: "Allow", Action: "sns:Publish", Resource: TOPIC }]);
  });
});
