import { type Layer, refusalOn } from "../model/delivery/refusals";
import type { Refuser } from "./script";

/** One reason of a refusal, as the engine told it. */
export interface Refusal {
  readonly layer: Layer;
  /** Absent: the guard has no ids. */
  readonly rule?: Refuser;
  /** On one line. */
  readonly message: string;
}

/** How the engine tells in its diagnostics what a policy must not let pass. */
const MANDATORY = /\/(?<rule>[TS]\d+)\S* \[mandatory\] /;

/**
 * Every refusal among what the engine said, in its order.
 *
 * @param diagnostics as an outcome has them
 */
export function refusalsIn(diagnostics: readonly string[]): Refusal[] {
  const lines = diagnostics.flatMap((text) => text.split("\n")).map((line) => withoutStack(line.trim()));
  const found = lines.flatMap((message): Refusal[] => {
    const policy = MANDATORY.exec(message)?.groups?.["rule"] as Refuser | undefined;
    if (policy) return [{ layer: "policy pack", rule: policy, message }];
    const { layer, rule = layer === "settings" ? layer : undefined } = refusalOn(message) ?? {};
    return layer ? [{ layer, ...(rule && { rule: rule as Refuser }), message }] : [];
  });
  // The engine tells the same more than once where more than one resource fails by it.
  return found.filter((one, at) => found.findIndex(({ message }) => message === one.message) === at);
}

/** The engine begins with the resource, which for the stack itself says nothing. */
const withoutStack = (line: string): string => line.replace(/^pulumi:pulumi:Stack \([^)]*\): /, "");
