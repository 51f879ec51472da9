import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Severity } from "../../../model/monitoring/ruleFile";
import type { Key } from "../../key";

/** AWS's services that tell of alarms, of budgets and of costs; the stack's key lets them encrypt. */
export const TELLERS = [
  "cloudwatch.amazonaws.com",
  "budgets.amazonaws.com",
  "costalerts.amazonaws.com",
] as const;

/** Who hears of what: addresses of e-mail, each of which must be confirmed by its owner once. */
export type Listeners = Readonly<Record<Severity, readonly string[]>>;

export interface TopicsArgs {
  /** `<app>-<environment>`. */
  name: string;
  key: Pick<Key, "arn">;
  listeners: Listeners;
}

/** What pages, and what is read on the next working day: two topics, so that nobody is woken by a warning. */
export type Topics = Readonly<Record<Severity, aws.sns.Topic>>;

export function topics(args: TopicsArgs, opts: pulumi.CustomResourceOptions): Topics {
  return { critical: topic("critical", args, opts), warning: topic("warning", args, opts) };
}

function topic(severity: Severity, args: TopicsArgs, opts: pulumi.CustomResourceOptions): aws.sns.Topic {
  const { name, key, listeners } = args;
  const made = new aws.sns.Topic(
    `${name}-${severity}`,
    { name: `${name}-${severity}`, kmsMasterKeyId: key.arn },
    opts,
  );
  const account = aws.getCallerIdentityOutput({}, opts).accountId;
  new aws.sns.TopicPolicy(
    `${name}-${severity}`,
    {
      arn: made.arn,
      policy: pulumi.all([made.arn, account]).apply(([arn, id]) => mayTell(arn, id)),
    },
    opts,
  );
  for (const endpoint of listeners[severity]) {
    new aws.sns.TopicSubscription(
      `${name}-${severity}-${endpoint}`,
      { topic: made.arn, protocol: endpoint.startsWith("https://") ? "https" : "email", endpoint },
      opts,
    );
  }
  return made;
}

/** AWS's services on behalf of this account alone, and only over TLS; who else may, IAM policies say. */
const mayTell = (topic: string, account: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Tellers",
        Effect: "Allow",
        Principal: { Service: TELLERS },
        Action: "sns:Publish",
        Resource: topic,
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
      {
        Sid: "Encrypted",
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Resource: topic,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
