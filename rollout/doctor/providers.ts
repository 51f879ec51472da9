import { Parameters } from "../../cloud/parameters";
import { type Finding, fault, ok, refusal, warn } from "../../model/doctor";
import { putKey } from "../../model/providers/keys";
import type { Provider, Providers } from "../../model/providers/providers";
import type { Subject } from "../subject";
import { seen } from "../seen";
import type { Check } from "./check";

/** Parameter Store reads a secret of Secrets Manager for whoever may read both. */
const REFERENCE = "/aws/reference/secretsmanager/";

/** Whether each provider's key is there and looks like one, a line each: of the key itself nothing is told. */
export const providerChecks = (providers: Providers, { region }: Subject): Check[] => {
  const parameters = new Parameters(region);
  return Object.entries(providers).map(([name, provider]) => ({
    name: name.slice(0, 12),
    look: keyFinding(parameters, name, provider),
  }));
};

/** Who may not read keys is not at fault: the operator in the cluster may, and lets no pod start without. */
async function keyFinding(
  parameters: Parameters,
  name: string,
  { secret, keyPattern }: Provider,
): Promise<Finding> {
  const found = await seen(parameters.get(`${REFERENCE}${secret}`));
  if ("unseen" in found) {
    const { text, mend } = refusal(found.unseen, ["ssm:GetParameter", "secretsmanager:GetSecretValue"]);
    return warn(`whether ${secret} holds a key was not seen: ${text}`, mend);
  }
  if (found.value === undefined) return fault(`there is no key in ${secret}`, putKey(secret, "absent"));
  if (new RegExp(keyPattern).test(found.value)) return ok(`${secret} holds a key like ${name}'s`);
  return fault(
    `what ${secret} holds is no key of ${name}'s, which look like ${keyPattern}`,
    putKey(secret, "empty"),
  );
}
