import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../model/environments";

export interface KeyArgs {
  /** What it encrypts, for people who see it in the console. */
  description: string;
  /** The name people know it by, without `alias/`, for example `voiceassist-prod`. */
  alias: string;
  /** AWS services that use it by themselves, as principals: `logs.us-east-1.amazonaws.com`. Default: none. */
  services?: readonly string[];
  environment: Environment;
}

/** Days in which a deletion can be taken back: the longest that KMS offers, for data dies with its key. */
const DELETION_WINDOW_DAYS = 30;

/** What a service does with a key to read and write what it keeps for us. */
const USE = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"];

/** A key of our own, which AWS rotates every year. Who of this account may use it, IAM policies say. */
export class Key extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: KeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:security:Key", name, {}, opts);
    const { environment } = args;
    // Final snapshots, retained backups and images outlive a stack outside dev, and are nothing without their key.
    const kept = { protect: environment === "prod", retainOnDelete: environment !== "dev" };
    const account = aws.getCallerIdentityOutput({}, { parent: this }).accountId;
    const key = new aws.kms.Key(
      name,
      {
        description: args.description,
        enableKeyRotation: true,
        deletionWindowInDays: DELETION_WINDOW_DAYS,
        policy: account.apply((id) => keyPolicy(id, args.services ?? [])),
      },
      { parent: this, ...kept },
    );
    new aws.kms.Alias(
      name,
      { name: `alias/${args.alias}`, targetKeyId: key.keyId },
      // Without its alias people no longer find the key, so it is held as long.
      { parent: this, protect: environment === "prod" },
    );
    this.arn = key.arn;
    this.id = key.keyId;
    this.registerOutputs({ arn: this.arn, id: this.id });
  }
}

/**
 * The policy of a key, as the JSON text that KMS takes: the account's root, so that IAM decides, and
 * `services` on behalf of this account alone.
 */
export const keyPolicy = (account: string, services: readonly string[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Account",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      ...services.map((service) => ({
        Effect: "Allow",
        Principal: { Service: service },
        Action: USE,
        Resource: "*",
        Condition: onBehalfOf(account, service),
      })),
    ],
  });

/** CloudWatch Logs names no source account: it names the log group, in what it has encrypted. */
function onBehalfOf(account: string, service: string): Record<string, Record<string, string>> {
  const region = /^logs\.([^.]+)\.amazonaws\.com$/.exec(service)?.[1];
  return region === undefined
    ? { StringEquals: { "aws:SourceAccount": account } }
    : {
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${region}:${account}:log-group:*` },
      };
}
