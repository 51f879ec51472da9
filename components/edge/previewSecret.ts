import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Environment } from "../../model/environments";
import type { Key } from "../key";

export interface PreviewSecretArgs {
  app: string;
  environment: Environment;
  /** Encrypts the secret. */
  key: Pick<Key, "arn">;
}

/** Letters and digits: a listener rule reads `*` and `?` as wildcards. */
const LENGTH = 40;

/** How long a deleted secret can be restored, in days; until then its name is taken. 0: gone at once. */
const RECOVERY_DAYS: Readonly<Record<Environment, number>> = { dev: 0, staging: 7, prod: 30 };

/** Where those who may preview find the secret, people and CI alike: `voiceassist/prod/preview`. */
const previewSecretName = (app: string, environment: Environment): string => `${app}/${environment}/preview`;

/** What reaches a colour without traffic, for those who may read it in Secrets Manager. */
export class PreviewSecret extends pulumi.ComponentResource {
  /** Secret. */
  readonly value: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: PreviewSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:edge:PreviewSecret", name, {}, opts);
    const password = new random.RandomPassword(name, { length: LENGTH, special: false }, { parent: this });
    const protect = args.environment === "prod";
    const secret = new aws.secretsmanager.Secret(
      name,
      {
        name: previewSecretName(args.app, args.environment),
        description: "Value of the preview header, after the colour and a hyphen",
        kmsKeyId: args.key.arn,
        recoveryWindowInDays: RECOVERY_DAYS[args.environment],
      },
      { parent: this, protect },
    );
    new aws.secretsmanager.SecretVersion(
      name,
      { secretId: secret.id, secretString: password.result },
      { parent: this },
    );
    this.value = pulumi.secret(password.result);
    this.arn = secret.arn;
    this.registerOutputs({ value: this.value, arn: this.arn });
  }
}
