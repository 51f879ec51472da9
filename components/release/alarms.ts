import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { BLIND_MINUTES, COLOUR_ALARMS, type ColourAlarm } from "../../model/alarms";
import type { Environment } from "../../model/environments";
import { alarmPrefix, watcherAlarm } from "../../model/names";
import { COLOURS, type Colour } from "../../model/release";

interface Told {
  app: string;
  environment: Environment;
  /** ARN of the SNS topic that is told. Absent: nobody is. */
  topic?: string;
}

export interface ColourAlarmsArgs extends Told {
  /** What CloudWatch calls the load balancer: `app/<name>/<id>`. */
  loadBalancer: pulumi.Input<string>;
  /** ARNs of the target groups of each public service, by colour. */
  targetGroups: Readonly<Record<string, Readonly<Record<Colour, pulumi.Input<string>>>>>;
}

const actionsOf = ({ topic }: Told): pulumi.Input<string>[] => (topic === undefined ? [] : [topic]);

/**
 * Alarms about each colour of each public service, whichever is the candidate: a shift changes none of them.
 * While they are quiet they say nothing of a release, for they have no value where there is little traffic.
 */
export function colourAlarms(args: ColourAlarmsArgs, opts: pulumi.CustomResourceOptions): void {
  for (const [service, groups] of Object.entries(args.targetGroups)) {
    for (const colour of COLOURS) {
      for (const alarm of COLOUR_ALARMS)
        colourAlarm({ ...args, service, colour, group: groups[colour], alarm }, opts);
    }
  }
}

interface ColourAlarmArgs extends Omit<ColourAlarmsArgs, "targetGroups"> {
  service: string;
  colour: Colour;
  group: pulumi.Input<string>;
  alarm: ColourAlarm;
}

function colourAlarm(args: ColourAlarmArgs, opts: pulumi.CustomResourceOptions): aws.cloudwatch.MetricAlarm {
  const { app, environment, service, colour, group, alarm } = args;
  const dimensions = {
    TargetGroup: pulumi.output(group).apply((arn) => arn.slice(arn.indexOf("targetgroup/"))),
    LoadBalancer: args.loadBalancer,
  };
  return new aws.cloudwatch.MetricAlarm(
    `${service}-${colour}-${alarm.name}`,
    {
      name: `${alarmPrefix(app, environment, colour)}${service}/${alarm.name}`,
      alarmDescription: `${service} ${colour}: ${alarm.says}. Where it is the candidate, its traffic is taken back.`,
      metricQueries: [
        ...Object.entries(alarm.metrics).map(([id, { metric, statistic }]) => ({
          id,
          metric: {
            namespace: "AWS/ApplicationELB",
            metricName: metric,
            dimensions,
            period: alarm.periodSeconds,
            stat: statistic,
          },
          returnData: false,
        })),
        { id: "value", expression: alarm.expression, label: alarm.name, returnData: true },
      ],
      comparisonOperator: "GreaterThanThreshold",
      threshold: alarm.above,
      evaluationPeriods: alarm.periods,
      treatMissingData: "notBreaching",
      actionsEnabled: true,
      alarmActions: actionsOf(args),
    },
    opts,
  );
}

/**
 * Says that nobody watches: the watcher was not called, or failed, in each of the last five minutes.
 *
 * Whether a release is in progress no alarm can tell, and it need not: the watcher is called every minute whether or
 * not there is one, so its silence is a fault at any time, and is known before the next release needs it. Silence is
 * the absence of a metric, so what is missing counts as breaching. A release that nobody ticks any more harms nobody
 * as long as it is watched: it stays where it is.
 */
export const watcherSilent = (
  name: string,
  args: Told & { function: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm => {
  const metric = (metricName: string) => ({
    namespace: "AWS/Lambda",
    metricName,
    dimensions: { FunctionName: args.function },
    period: 60,
    stat: "Sum",
  });
  return new aws.cloudwatch.MetricAlarm(
    name,
    {
      name: watcherAlarm(args.app, args.environment),
      alarmDescription:
        `Nobody has watched the release for ${BLIND_MINUTES} minutes: a bad version is not taken back by itself. ` +
        `Look at the function's log; until then: sluice watch`,
      metricQueries: [
        { id: "calls", metric: metric("Invocations"), returnData: false },
        { id: "errors", metric: metric("Errors"), returnData: false },
        {
          id: "watched",
          expression: "calls - FILL(errors, 0)",
          label: "looks that succeeded",
          returnData: true,
        },
      ],
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      evaluationPeriods: BLIND_MINUTES,
      treatMissingData: "breaching",
      actionsEnabled: true,
      alarmActions: actionsOf(args),
      okActions: actionsOf(args),
    },
    opts,
  );
};
