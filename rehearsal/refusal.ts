import type { Refuser } from "./script";

/** Which part of Sluice refused an edit, in the order in which they are asked. */
export type Layer = "settings" | "program" | "policy pack" | "guard";

/** One reason of a refusal, as the engine told it. */
export interface Refusal {
  readonly layer: Layer;
  /** Absent: the guard has no ids. */
  readonly rule?: Refuser;
  /** On one line. */
  readonly message: string;
}

interface Form {
  readonly layer: Layer;
  /** Of a line; `rule` is the id where there is one. */
  readonly line: RegExp;
}

/** How each layer words a refusal. What the engine says beside it is none. */
const FORMS: readonly Form[] = [
  { layer: "policy pack", line: /\/(?<rule>[TS]\d+)\S* \[mandatory\] / },
  { layer: "program", line: /^(?<rule>[TS]\d+) sluice:\S+: / },
  { layer: "guard", line: /\bguard refuses / },
  { layer: "settings", line: /(^|: )sluice:\S+: found .*; allowed: .*; mend it: / },
];

/**
 * Every refusal among what the engine said, in its order.
 *
 * @param diagnostics as an outcome has them
 */
export function refusalsIn(diagnostics: readonly string[]): Refusal[] {
  const lines = diagnostics.flatMap((text) => text.split("\n")).map((line) => line.trim());
  const found = lines.flatMap((line): Refusal[] => {
    for (const { layer, line: form } of FORMS) {
      const match = form.exec(line);
      if (!match) continue;
      const rule = layer === "settings" ? layer : (match.groups?.["rule"] as Refuser | undefined);
      return [{ layer, ...(rule && { rule }), message: withoutResource(line) }];
    }
    return [];
  });
  // The engine tells the same more than once where more than one resource fails by it.
  return found.filter((one, at) => found.findIndex(({ message }) => message === one.message) === at);
}

/** The engine begins with the resource, which for the stack itself says nothing. */
const withoutResource = (line: string): string => line.replace(/^pulumi:pulumi:Stack \([^)]*\): /, "");
