import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import type { Key } from "../key";

/**
 * Marks the first version, besides `AWSCURRENT`, which moves on with a rotation. Secrets Manager removes
 * versions without any mark, and a refresh that misses it would put the first password back.
 */
const INITIAL = "sluice-initial";

/** How long a deleted secret can be restored, in days. 0: it is gone at once, and its name is free. */
const recoveryDays = (environment: Environment): number => (environment === "dev" ? 0 : 30);

export interface SecretArgs {
  description: string;
  environment: Environment;
  /** Encrypts it. */
  key: Pick<Key, "arn">;
  /** What it says at first, as a JSON object. */
  value: Record<string, pulumi.Input<string | number>>;
}

/**
 * A secret with its first value: later ones belong to whoever rotates it, and are none of the program's business.
 *
 * @returns its ARN, known once it has a value: who reads it earlier finds nothing, and a database takes longer to
 *   make than its readers wait
 */
export function secretWithValue(
  name: string,
  { description, environment, key, value }: SecretArgs,
  opts: pulumi.CustomResourceOptions,
): { arn: pulumi.Output<string> } {
  const secret = new aws.secretsmanager.Secret(
    name,
    { description, kmsKeyId: key.arn, recoveryWindowInDays: recoveryDays(environment) },
    opts,
  );
  const first = new aws.secretsmanager.SecretVersion(
    name,
    {
      secretId: secret.arn,
      secretString: pulumi.secret(pulumi.jsonStringify(value)),
      versionStages: ["AWSCURRENT", INITIAL],
    },
    { ...opts, ignoreChanges: ["secretString", "versionStages"] },
  );
  return { arn: pulumi.all([secret.arn, first.id]).apply(([arn]) => arn) };
}
