import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import type { Flag } from "../../model/flags/flag";
import { watcherName } from "../../model/names";
import { assumedByService } from "../cluster/assumeRole";
import type { Key } from "../key";
import { logGroup } from "../logs";
import { type ColourAlarmsArgs, colourAlarms, watcherSilent } from "./alarms";
import { alarmPattern } from "./watchPattern";
import { watcherFile } from "./watchBundle";
import { rights } from "./watchRights";

export interface WatchArgs extends Omit<ColourAlarmsArgs, "topic"> {
  environment: Environment;
  /** Encrypts its log; CloudWatch Logs may use it. */
  key: Pick<Key, "arn">;
  /** ARN of the SNS topic that is told what it does, and when it fails. Absent: nobody is told. */
  topic?: string;
  /** Flags that fall by their alarms, and with a version. Default: there are none. */
  flags?: Readonly<Record<string, Pick<Flag, "alarms">>>;
  /** What says who is trusted: before it is there, there is nothing to be watched. */
  published: pulumi.Resource;
}

/** Half a minute in which a target may become healthy, and a change that is tried again for as long as it is throttled. */
const TIMEOUT_SECONDS = 150;

/** In MB. Processor time comes with memory, and with less its start takes longer than its work. */
const MEMORY = 512;

/**
 * Takes traffic from a bad version, and a bad flag from its users, without waiting for a schedule of ours: a function
 * that looks every minute, and whenever an alarm of a colour or of a flag goes off. It may look, fence and lower, and
 * nothing else; configuration and state are left to the next tick.
 *
 * It runs once at a time, so the account's quota of concurrent executions must leave room to reserve one. It is in no
 * VPC, for it asks AWS's own APIs alone. An event says nothing but "look": what fails is not tried again, since the
 * next minute brings another, and has no queue to be kept in.
 */
export class Watch extends pulumi.ComponentResource {
  constructor(name: string, args: WatchArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:release:Watch", name, {}, opts);
    const inside = { parent: this };
    const { app, environment, topic } = args;
    const watcher = watcherFunction(name, args, inside);
    const called = { ...inside, dependsOn: [args.published] };
    const rules = {
      schedule: {
        description: "Every minute",
        scheduleExpression: "rate(1 minute)",
      },
      alarms: {
        description: "When an alarm of a colour or of a flag goes off",
        eventPattern: alarmPattern(args),
      },
    };
    for (const [which, when] of Object.entries(rules))
      calls(`${name}-${which}`, { args, watcher, when }, called);
    colourAlarms(args, inside);
    const told = { app, environment, ...(topic !== undefined && { topic }) };
    watcherSilent(`${name}-silent`, { ...told, function: watcher.name }, called);
    this.registerOutputs({});
  }
}

function watcherFunction(
  name: string,
  { app, environment, key, topic, flags = {} }: WatchArgs,
  opts: pulumi.CustomResourceOptions,
): aws.lambda.Function {
  const called = watcherName(app, environment);
  const logs = logGroup(name, { path: `/aws/lambda/${called}`, environment, key }, opts);
  const role = new aws.iam.Role(name, { assumeRolePolicy: assumedByService("lambda.amazonaws.com") }, opts);
  const policy = new aws.iam.RolePolicy(
    name,
    {
      role: role.name,
      policy: logs.arn.apply((arn) =>
        rights({
          app,
          environment,
          logs: arn,
          flags: Object.keys(flags),
          ...(topic !== undefined && { topic }),
        }),
      ),
    },
    opts,
  );
  const watcher = new aws.lambda.Function(
    name,
    {
      name: called,
      description: `Takes traffic from a bad version of ${app} in ${environment}`,
      role: role.arn,
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.FileAsset(watcherFile()) }),
      timeout: TIMEOUT_SECONDS,
      memorySize: MEMORY,
      reservedConcurrentExecutions: 1,
      loggingConfig: { logFormat: "Text", logGroup: logs.name },
      environment: {
        variables: {
          SLUICE_APP: app,
          SLUICE_ENVIRONMENT: environment,
          ...(topic !== undefined && { SLUICE_TOPIC: topic }),
        },
      },
    },
    { ...opts, dependsOn: [policy] },
  );
  new aws.lambda.FunctionEventInvokeConfig(
    name,
    { functionName: watcher.name, maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
    opts,
  );
  return watcher;
}

interface Call {
  args: WatchArgs;
  watcher: aws.lambda.Function;
  when: Pick<aws.cloudwatch.EventRuleArgs, "description" | "scheduleExpression" | "eventPattern">;
}

/** An event that calls the watcher, and the right to. */
function calls(name: string, { args, watcher, when }: Call, opts: pulumi.CustomResourceOptions): void {
  const { app, environment } = args;
  const rule = new aws.cloudwatch.EventRule(name, { name: `${app}-${environment}-${name}`, ...when }, opts);
  new aws.lambda.Permission(
    name,
    {
      function: watcher.name,
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    },
    opts,
  );
  new aws.cloudwatch.EventTarget(
    name,
    {
      rule: rule.name,
      arn: watcher.arn,
      retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
    },
    opts,
  );
}
