import type { ResourceValidationPolicy } from "@pulumi/policy";
import { type TransitionInputs, transitionFrom } from "../model/footprint";
import { RULES } from "../model/rules";
import { judge } from "../model/transition";

/** Pulumi's token of the component that holds the transition's inputs. */
const TRANSITION = "sluice:release:Transition";

/** A policy for each rule of `model`, over the same inputs: a program that skipped its own check is caught. */
export const transitionPolicies: ResourceValidationPolicy[] = RULES.map((rule) => ({
  name: rule.id,
  description: `${rule.title}. Protects: ${rule.protects}`,
  enforcementLevel: "mandatory",
  validateResource: ({ type, props }, report) => {
    if (type !== TRANSITION) return;
    const transition = transitionFrom(props as unknown as TransitionInputs, new Date().toISOString());
    for (const violation of judge(transition)) {
      if (violation.id === rule.id) report(`${violation.where}: ${violation.message}`);
    }
  },
}));
