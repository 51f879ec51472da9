import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { AwsAlarm } from "../../../model/monitoring/cloudwatch/alarm";

const COMPARISON: Readonly<Record<AwsAlarm["comparison"], string>> = {
  above: "GreaterThanThreshold",
  below: "LessThanThreshold",
  "at least": "GreaterThanOrEqualToThreshold",
};

interface AlarmArgs {
  /** The resource's name. Default: the alarm's. */
  name?: string;
  /** Begins the alarm's name: `voiceassist/prod/`. */
  prefix: string;
  /** ARNs of topics, which hear of its beginning and its end. */
  told: readonly pulumi.Input<string>[];
  /** What stands in dimensions for a value that is known only once something exists, and that value. */
  places: Readonly<Record<string, pulumi.Input<string>>>;
}

/** An alarm of CloudWatch. */
export function metricAlarm(
  alarm: AwsAlarm,
  { prefix, told, places, name: called = alarm.name.replaceAll("/", "-") }: AlarmArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm {
  const { name, severity, says, help, metrics, expression } = alarm;
  return new aws.cloudwatch.MetricAlarm(
    called,
    {
      name: `${prefix}${name}`,
      alarmDescription: `${severity}: ${says}. Look first: ${help}`,
      metricQueries: [
        ...Object.entries(metrics).map(([id, { namespace, metric, dimensions, statistic }]) => ({
          id,
          metric: {
            namespace,
            metricName: metric,
            dimensions: Object.fromEntries(
              Object.entries(dimensions).map(([key, value]) => [key, places[value] ?? value]),
            ),
            period: alarm.periodSeconds,
            stat: statistic,
          },
          returnData: expression === undefined,
        })),
        ...(expression === undefined ? [] : [{ id: "result", expression, label: name, returnData: true }]),
      ],
      comparisonOperator: COMPARISON[alarm.comparison],
      threshold: alarm.threshold,
      evaluationPeriods: alarm.periods,
      treatMissingData: alarm.missing ?? "notBreaching",
      actionsEnabled: true,
      alarmActions: [...told],
      okActions: [...told],
    },
    opts,
  );
}
