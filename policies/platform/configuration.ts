import type { PolicyConfigSchema } from "@pulumi/policy";
import { CONTROLS, type PlatformRule } from "../../model/controls";
import { ENVIRONMENTS, type Environment } from "../../model/environments";
import { suggestion } from "../../model/schema/faults";
import { PolicyConfigError } from "../configError";

/** What an organisation may set of each policy, besides its `enforcementLevel`. */
export interface Config {
  /** Ids of controls that are not judged, for example `["RDS.10"]`. */
  readonly except?: readonly string[];
  /** The environment that stacks are judged as. Default: by the stack's name. */
  readonly environment?: Environment;
}

/** Likewise, for the engine and Pulumi's service, which compare values with it. */
export const SCHEMA: PolicyConfigSchema = {
  properties: {
    except: { type: "array", items: { type: "string", enum: CONTROLS.map(({ id }) => id) } },
    environment: { type: "string", enum: [...ENVIRONMENTS] },
  },
};

/**
 * What a policy's configuration says. The engine has compared values with the schema; keys that nobody reads it lets
 * pass.
 *
 * @throws PolicyConfigError where there are any
 */
export function checked(rule: PlatformRule, config: Config): Config & { readonly except: readonly string[] } {
  const known = Object.keys(SCHEMA.properties);
  const strange = Object.keys(config).filter((key) => !known.includes(key));
  if (strange.length === 0) return { except: [], ...config };
  throw new PolicyConfigError(
    rule,
    strange.map(
      (key) => `${rule}.${key}: no such key${suggestion(key, known)}; allowed are ${known.join(", ")}`,
    ),
  );
}

/** The strictest environment that a stack's name speaks of; prod, which is that of all, where it speaks of none. */
export function environmentOf(urn: string): Environment {
  const stack = urn.split("::")[0]?.split(":").at(-1) ?? "";
  const words = stack.split(/[^a-z0-9]+/i);
  return ENVIRONMENTS.findLast((environment) => words.includes(environment)) ?? "prod";
}
