import { ENVIRONMENTS, type Environment } from "../model/environments";
import { LIMITS, type Limits, defaultLimits, stricter } from "../model/limits";
import { type Tightened, limitsOf } from "../model/ruleLimits";
import { type Fault, show } from "../model/schema/faults";
import { type Fields, flag, oneOf, readFields, whole } from "../model/schema/fields";
import { readFreezes } from "../model/schema/freezes";
import { PolicyConfigError } from "./configError";

/** What an organisation demands of one rule, beside its level. */
export interface Demands {
  /** Limits that the stack's own may not be looser than. Empty: the stack's own count. */
  readonly limits: Partial<Limits>;
  /** Whether it accepts an override of the rule. */
  readonly overrides: boolean;
}

type Numbers = { readonly [Name in Exclude<Tightened, "freezes">]?: number };

interface Given extends Numbers {
  readonly environment?: Environment;
  readonly overrides?: boolean;
}

const OWN: Fields<Required<Pick<Given, "environment" | "overrides">>> = {
  environment: { schema: oneOf(ENVIRONMENTS), words: ENVIRONMENTS },
  overrides: { schema: flag },
};

const fieldsOf = (names: readonly (keyof Numbers)[]): Fields<Given> => ({
  ...OWN,
  ...Object.fromEntries(names.map((name) => [name, { schema: whole(...LIMITS[name].range) }])),
});

/**
 * What a policy's configuration demands.
 *
 * @param rule the policy's name, which is the rule's id
 * @throws PolicyConfigError with everything that is wrong with it
 */
export function readDemands(rule: string, raw: Readonly<Record<string, unknown>>): Demands {
  const faults: Fault[] = [];
  const names = limitsOf(rule);
  const numbers = names.filter((name) => name !== "freezes");
  const lists = names.filter((name) => name === "freezes");
  const read = readFields(raw, [rule], fieldsOf(numbers), faults, lists);
  const { environment, overrides = true, ...limits } = read;
  const freezes = lists.length > 0 ? readFreezes(raw["freezes"], faults) : undefined;
  if (faults.length > 0) {
    throw new PolicyConfigError(
      rule,
      faults.map((fault) => told(rule, fault)),
    );
  }
  const given: Partial<Limits> = { ...limits, ...(freezes && { freezes }) };
  if (environment === undefined) return { limits: given, overrides };
  return { limits: pick(stricter(given, defaultLimits(environment)), names), overrides };
}

const pick = <Values extends object>(values: Values, names: readonly string[]): Partial<Values> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name))) as Partial<Values>;

/** Where the fault is in the policy's configuration, in place of the stack's. */
const told = (rule: string, { path, found, allowed }: Fault): string =>
  `${path.replace(/^sluice:(limits(?=\.))?/, (_, limits) => (limits ? rule : ""))}: found ${show(found)}; ` +
  `allowed: ${allowed}`;
