import type { ResourceValidationPolicy } from "@pulumi/policy";
import { nowIso } from "../cloud/clock";
import { type TransitionInputs, transitionFrom } from "../model/footprint";
import { RULES } from "../model/rules";
import { isRetreat } from "../model/transition";
import type * as Configuration from "./configuration";
import { NO_DEMANDS, judgeFor } from "./organisation";
import { schemaOf } from "./schema";

/** Pulumi's token of the component that holds the transition's inputs. */
const TRANSITION = "sluice:release:Transition";

/**
 * A policy for each rule of `model`, over the same inputs: a program that skipped its own check is caught, and so is
 * a stack whose limits are looser than its organisation's.
 */
export const transitionPolicies: ResourceValidationPolicy[] = RULES.map((rule) => ({
  name: rule.id,
  description: `${rule.title}. Protects: ${rule.protects}`,
  enforcementLevel: "mandatory",
  severity: rule.severity,
  configSchema: schemaOf(rule.id),
  validateResource: (args, report) => {
    if (args.type !== TRANSITION) return;
    const transition = transitionFrom(args.props as unknown as TransitionInputs, nowIso());
    // Not even by a configuration that cannot be used: somebody may have written it since the last update.
    if (isRetreat(transition) && !rule.judgesRetreat) return;
    for (const message of judgeFor(rule, transition, demandsOf(rule.id, args.getConfig()))) report(message);
  },
}));

/** Most packs are never configured, and what reads configuration takes a sixth of a pack's start to load. */
const demandsOf = (rule: string, config: Readonly<Record<string, unknown>>): Configuration.Demands => {
  if (Object.keys(config).length === 0) return NO_DEMANDS;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- only a literal call is found by the bundler
  const { readDemands } = require("./configuration") as typeof Configuration;
  return readDemands(rule, config);
};
