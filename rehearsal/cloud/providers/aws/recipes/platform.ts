import { nowIso } from "../../../../../cloud/clock";
import { hex, type Recipe } from "../recipe";
import { byArn, byName, satellite, uuid } from "./common";

/** Parameters, messages and functions. */
export const PLATFORM: Readonly<Record<string, Recipe>> = {
  "aws:ssm/parameter:Parameter": {
    ...byName("SSM", "Parameter", {
      code: "ParameterAlreadyExists",
      outputs: (m) => ({
        arn: m.arn("ssm", `parameter/${m.text("name").replace(/^\//, "")}`),
        version: 1,
        dataType: "text",
        tier: "Standard",
        hasValueWo: false,
        ...(m.inputs.insecureValue !== undefined && { value: m.inputs.insecureValue }),
      }),
    }),
    operations: ["PutParameter", "PutParameter", "DeleteParameter"],
    notFound: "ParameterNotFound",
    volatile: ["version"],
    changed: (_, before) => ({ version: Number(before.version ?? 0) + 1 }),
    identity: {
      by: ["name"],
      code: "ParameterAlreadyExists",
      message: () =>
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    },
  },
  "aws:sns/topic:Topic": byArn("SNS", "Topic", (m) => m.arn("sns", m.text("name")), {
    outputs: (m) => ({ owner: m.scope.account }),
  }),
  "aws:sns/topicSubscription:TopicSubscription": {
    ...byArn("SNS", "Subscription", (m) => `${m.text("topic")}:${uuid()}`, {
      outputs: (m) => ({ ownerId: m.scope.account, confirmationWasAuthenticated: true }),
    }),
    operations: ["Subscribe", "SetSubscriptionAttributes", "Unsubscribe"],
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    ...satellite("SNS", ["SetTopicAttributes", "SetTopicAttributes", "SetTopicAttributes"], (m) =>
      m.text("arn"),
    ),
    make: (m) => ({ id: m.text("arn"), outputs: { owner: m.scope.account } }),
  },
  "aws:sqs/queue:Queue": {
    ...byName("SQS", "Queue", {}),
    operations: ["CreateQueue", "SetQueueAttributes", "DeleteQueue"],
    notFound: "AWS.SimpleQueueService.NonExistentQueue",
    make: (m) => {
      const url = `https://sqs.${m.scope.region}.amazonaws.com/${m.scope.account}/${m.text("name")}`;
      return { id: url, outputs: { url, arn: m.arn("sqs", m.text("name")) } };
    },
  },
  "aws:sqs/queuePolicy:QueuePolicy": satellite(
    "SQS",
    ["SetQueueAttributes", "SetQueueAttributes", "SetQueueAttributes"],
    (m) => m.text("queueUrl"),
  ),
  "aws:lambda/function:Function": {
    ...byName("Lambda", "Function", {
      code: "ResourceConflictException",
      outputs: (m) => {
        const arn = m.arn("lambda", `function:${m.text("name")}`);
        const { region, partition } = m.scope;
        return {
          arn,
          invokeArn: `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`,
          qualifiedArn: `${arn}:$LATEST`,
          version: "$LATEST",
          lastModified: nowIso(),
          architectures: ["x86_64"],
        };
      },
    }),
    operations: ["CreateFunction", "UpdateFunctionConfiguration", "DeleteFunction"],
    volatile: ["lastModified"],
    changed: () => ({ lastModified: nowIso() }),
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": satellite(
    "Lambda",
    ["PutFunctionEventInvokeConfig", "PutFunctionEventInvokeConfig", "DeleteFunctionEventInvokeConfig"],
    (m) => m.text("functionName"),
  ),
  "aws:lambda/permission:Permission": {
    ...byName("Lambda", "Permission", {}),
    operations: ["AddPermission", "AddPermission", "RemovePermission"],
    make: (m) => {
      const statementId = m.text("statementId") || `${m.logical}-${hex(7)}`;
      return { id: statementId, outputs: { statementId } };
    },
  },
};
