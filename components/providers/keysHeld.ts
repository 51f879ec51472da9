import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type KeyFound, judgeKeys, keysAsked } from "../../model/providers/keys";
import type { Providers } from "../../model/providers/providers";
import type { Transition } from "../../model/transition";

/**
 * Ends the program where a colour is to call a provider whose key is not in Secrets Manager, before anything of the
 * stack is registered. It asks by the stack's own provider, for a secret's versions and never for its value.
 *
 * @throws RunError with every key that is missing; at an update also where a rise cannot be judged
 */
export async function refuseWithoutKeys(
  transition: Transition,
  providers: Providers,
  provider: aws.Provider,
): Promise<void> {
  const asked = keysAsked(transition, providers);
  const secrets = [...new Set(asked.map(({ secret }) => secret))];
  const found = await Promise.all(
    secrets.map(async (secret) => [secret, await keyIn(secret, provider)] as const),
  );
  const { refusals, warnings } = judgeKeys(asked, Object.fromEntries(found), pulumi.runtime.isDryRun());
  for (const warning of warnings) await pulumi.log.warn(warning);
  if (refusals.length === 0) return;
  throw new pulumi.RunError(
    ["this change of providers is refused; nothing was changed:", ...refusals.map((why) => `  ${why}`)].join(
      "\n",
    ),
  );
}

async function keyIn(secretId: string, provider: aws.Provider): Promise<KeyFound> {
  try {
    const { versions } = await aws.secretsmanager.getSecretVersions({ secretId }, { provider });
    return versions.some(({ versionStages }) => versionStages.includes("AWSCURRENT")) ? "held" : "empty";
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return /ResourceNotFoundException|couldn't find resource|marked for deletion/.test(why)
      ? "absent"
      : { unseen: why };
  }
}
