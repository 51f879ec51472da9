import type { Environment } from "../../model/environments";
import { releaseParameter } from "../../model/known";
import { fenceParameter } from "../../model/names";
import { validationLogParameter } from "../../model/validationLog";

/** What the watcher may do: look, put the fence, and change this stack's weighted rules. */
export function rights({
  app,
  environment,
  logs,
  topic,
}: {
  app: string;
  environment: Environment;
  /** ARN of its log group; tells region and account as well. */
  logs: string;
  topic?: string;
}): string {
  const [, partition = "", , region = "", account = ""] = logs.split(":");
  const arn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const parameter = (name: string) => arn("ssm", `parameter${name}`);
  const [fence, published, validations] = [fenceParameter, releaseParameter, validationLogParameter].map(
    (name) => name(app, environment),
  ) as [string, string, string];
  const statements = [
    { Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${logs}:*` },
    {
      Action: ["LoadBalancers", "Listeners", "Rules", "TargetGroups", "TargetHealth", "Tags"].map(
        (what) => `elasticloadbalancing:Describe${what}`,
      ),
      Resource: "*",
    },
    { Action: "cloudwatch:GetMetricData", Resource: "*" },
    { Action: "ssm:GetParameter", Resource: [fence, published, validations].map(parameter) },
    { Action: "ssm:PutParameter", Resource: parameter(fence) },
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
