import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";

/**
 * Marks the first version, besides `AWSCURRENT`, which moves on with the rotation. Secrets Manager removes
 * versions without any mark, and a refresh that misses it would put the first password back.
 */
const INITIAL = "sluice-initial";

/** How long a deleted secret can be restored, in days. 0: it is gone at once, and its name is free. */
export const recoveryDays = (environment: Environment): number => (environment === "dev" ? 0 : 30);

export interface DatabaseSecretArgs {
  description: string;
  environment: Environment;
  keyArn: pulumi.Input<string>;
  /** The JSON object that AWS's rotation functions read: engine, host, port, username, password, dbname. */
  value: Record<string, pulumi.Input<string | number>>;
}

/** A secret with its first value: later ones belong to the rotation, and are none of the program's business. */
export function databaseSecret(
  name: string,
  args: DatabaseSecretArgs,
  opts: pulumi.CustomResourceOptions,
): { secret: aws.secretsmanager.Secret; initial: aws.secretsmanager.SecretVersion } {
  const secret = new aws.secretsmanager.Secret(
    name,
    {
      description: args.description,
      kmsKeyId: args.keyArn,
      recoveryWindowInDays: recoveryDays(args.environment),
    },
    opts,
  );
  const initial = new aws.secretsmanager.SecretVersion(
    name,
    {
      secretId: secret.arn,
      secretString: pulumi.secret(pulumi.jsonStringify(args.value)),
      versionStages: ["AWSCURRENT", INITIAL],
    },
    { ...opts, ignoreChanges: ["secretString", "versionStages"] },
  );
  return { secret, initial };
}
