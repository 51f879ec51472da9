import type { Limits } from "./limits";

/** A limit that a policy can tighten: of `steps` no value is the stricter one, and no rule judges by `coldSeconds`. */
export type Tightened = Exclude<keyof Limits, "steps" | "coldSeconds">;

/**
 * The limits that each rule about transitions reads, by its id; a rule that is not here reads none. An organisation
 * may tighten them in the rule's policy.
 */
const LIMITS_OF: Readonly<Record<string, readonly Tightened[]>> = {
  T1: ["step"],
  T5: ["bakeSeconds"],
  // How long a predecessor stays warm is settled by the promote, from the limit that counts then.
  T6: ["warmSeconds", "stickinessSeconds", "deregistrationSeconds"],
  T7: ["stickinessSeconds", "deregistrationSeconds"],
  T10: ["freezes"],
  T11: ["exposure"],
};

/** The limits that a rule reads. */
export const limitsOf = (rule: string): readonly Tightened[] => LIMITS_OF[rule] ?? [];
