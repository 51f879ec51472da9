import type { PolicyConfigSchema } from "@pulumi/policy";
import { ENVIRONMENTS } from "../model/environments";
import { LIMITS } from "../model/limits";
import { type Tightened, limitsOf } from "../model/ruleLimits";

type Property = PolicyConfigSchema["properties"][string];

/** What the engine and Pulumi's service let an organisation set of a rule's policy, besides its level. */
export const schemaOf = (rule: string): PolicyConfigSchema => ({
  properties: {
    overrides: {
      type: "boolean",
      description:
        "Whether an override of this rule in the stack's configuration is accepted. Default: true.",
    },
    ...(limitsOf(rule).length > 0 && {
      environment: {
        type: "string",
        enum: [...ENVIRONMENTS],
        description: "The stack's limits may not be looser than the defaults of this environment.",
      },
    }),
    ...Object.fromEntries(limitsOf(rule).map((name) => [name, property(name)])),
  },
});

function property(name: Tightened): Property {
  const description = "Counts where it is stricter than the stack's own limit.";
  if (name === "freezes") return { type: "array", items: { type: "object" }, description };
  const [minimum, maximum] = LIMITS[name].range;
  return { type: "integer", minimum, maximum, description: `${description} In ${LIMITS[name].unit}.` };
}
