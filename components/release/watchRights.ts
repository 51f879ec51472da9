import type { Environment } from "../../model/environments";
import { flagParameter } from "../../model/flags/parameter";
import { flagsParameter } from "../../model/flags/published";
import { releaseParameter } from "../../model/known";
import { fenceParameter } from "../../model/names";
import { validationLogParameter } from "../../model/validationLog";

/** IAM takes one resource as text. */
const several = (resources: readonly string[]): string | readonly string[] =>
  resources.length === 1 ? (resources[0] ?? "") : resources;

/** What the watcher may do: look, put the fence, take flags down, and change this stack's weighted rules. */
export function rights({
  app,
  environment,
  logs,
  topic,
  flags = [],
}: {
  app: string;
  environment: Environment;
  /** ARN of its log group; tells region and account as well. */
  logs: string;
  topic?: string;
  /** Names of the flags that fall, by their alarms or before traffic does. Default: there are none. */
  flags?: readonly string[];
}): string {
  const [, partition = "", , region = "", account = ""] = logs.split(":");
  const arn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const parameter = (name: string) => arn("ssm", `parameter${name}`);
  const [fence, published, validations] = [fenceParameter, releaseParameter, validationLogParameter].map(
    (name) => name(app, environment),
  ) as [string, string, string];
  const flagged = flags.map((flag) => flagParameter(app, environment, flag));
  const looked = flagged.length === 0 ? [] : [flagsParameter(app, environment), ...flagged];
  const statements = [
    { Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${logs}:*` },
    {
      Action: ["LoadBalancers", "Listeners", "Rules", "TargetGroups", "TargetHealth", "Tags"].map(
        (what) => `elasticloadbalancing:Describe${what}`,
      ),
      Resource: "*",
    },
    { Action: "cloudwatch:GetMetricData", Resource: "*" },
    // Of an alarm that is made of others CloudWatch tells nobody who may not ask of all.
    ...(flagged.length === 0 ? [] : [{ Action: "cloudwatch:DescribeAlarms", Resource: "*" }]),
    { Action: "ssm:GetParameter", Resource: [fence, published, validations, ...looked].map(parameter) },
    { Action: "ssm:PutParameter", Resource: several([fence, ...flagged].map(parameter)) },
    {
      Action: "elasticloadbalancing:ModifyRule",
      Resource: arn("elasticloadbalancing", "listener-rule/app/*"),
      Condition: {
        StringEquals: {
          "aws:ResourceTag/sluice:app": app,
          "aws:ResourceTag/sluice:environment": environment,
          "aws:ResourceTag/sluice:role": "weighted",
        },
      },
    },
    ...(topic === undefined ? [] : [{ Action: "sns:Publish", Resource: topic }]),
  ];
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
  });
}
