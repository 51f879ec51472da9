import { parseDocument } from "yaml";

/**
 * Which of these keys have another encrypted value in one text of a stack file than in another: nothing is decrypted
 * here, and the engine's history withholds them.
 */
export function changedSecrets(before: string, now: string, keys: readonly string[]): string[] {
  const [one, other] = [before, now].map(configIn);
  return keys.filter((key) => JSON.stringify(one?.[key]) !== JSON.stringify(other?.[key]));
}

function configIn(text: string): Readonly<Record<string, unknown>> {
  const { config } = (parseDocument(text).toJS() ?? {}) as { config?: Record<string, unknown> };
  return config ?? {};
}
