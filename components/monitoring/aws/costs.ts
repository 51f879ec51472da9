import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface CostsArgs {
  /** `<app>-<environment>`. */
  name: string;
  /** Tags of the stack's resources; they must be active as cost allocation tags, or nothing is counted. */
  tags: Readonly<Record<string, string>>;
  /** USD a month. */
  budget: number;
  /** ARN of the topic that is told. */
  topic: pulumi.Input<string>;
}

/** Percent of the budget: spent already, and to be expected by the month's end. */
const [SPENT, EXPECTED] = [80, 100];

/** USD that a day may cost more than usual before somebody is told. */
const UNUSUAL = 50;

/** A budget for the month, and a watch for days that are unlike others. */
export function costs(args: CostsArgs, opts: pulumi.CustomResourceOptions): void {
  const { name, budget, topic } = args;
  const tagged = Object.entries(args.tags);
  const told = (notificationType: string, threshold: number) => ({
    notificationType,
    comparisonOperator: "GREATER_THAN",
    threshold,
    thresholdType: "PERCENTAGE",
    subscriberSnsTopicArns: [topic],
  });
  new aws.budgets.Budget(
    name,
    {
      name,
      budgetType: "COST",
      limitAmount: String(budget),
      limitUnit: "USD",
      timeUnit: "MONTHLY",
      // A plain filter takes what has one of the tags, and each of them is also another stack's.
      filterExpression: {
        ands: tagged.map(([key, value]) => ({ tags: { key, values: [value], matchOptions: ["EQUALS"] } })),
      },
      notifications: [told("ACTUAL", SPENT), told("FORECASTED", EXPECTED)],
    },
    opts,
  );
  const monitor = new aws.costexplorer.AnomalyMonitor(
    name,
    {
      name,
      monitorType: "CUSTOM",
      monitorSpecification: JSON.stringify({
        And: tagged.map(([Key, value]) => ({ Tags: { Key, Values: [value], MatchOptions: ["EQUALS"] } })),
      }),
    },
    opts,
  );
  new aws.costexplorer.AnomalySubscription(
    name,
    {
      name,
      // The others gather a day or a week, and go to e-mail alone.
      frequency: "IMMEDIATE",
      monitorArnLists: [monitor.arn],
      subscribers: [{ type: "SNS", address: topic }],
      thresholdExpression: {
        dimension: {
          key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
          matchOptions: ["GREATER_THAN_OR_EQUAL"],
          values: [String(UNUSUAL)],
        },
      },
    },
    opts,
  );
}
