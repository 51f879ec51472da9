import { comment } from "./comment";
import { isSettling } from "./planned";
import type { PreviewFacts } from "./preview";
import { safeBlock, safeCode, safeText } from "./safeMarkdown";

/** One difference, as `sluice verify` tells it. */
export interface Difference {
  readonly where: string;
  readonly what: string;
  readonly mend: string;
}

/** What somebody looked at. */
export interface Looked {
  readonly stack: string;
  readonly differences: readonly Difference[];
  /** What could not be seen. */
  readonly unseen: readonly string[];
  /** Of a preview that looked at what really exists. Absent: there was none. */
  readonly preview?: PreviewFacts;
}

/** By its title an issue is found again: one for each stack. */
export const driftTitle = (stack: string): string => `Drift in ${stack}`;

/** Whether what is live differs from what is configured, or nobody could see whether; what settles by itself is none. */
export function isDrift({ differences, unseen, preview }: Looked): boolean {
  const changed = preview?.changes.some((change) => !isSettling(change)) ?? false;
  const blind = preview?.result === "failed" || preview?.result === "refused";
  return differences.length > 0 || unseen.length > 0 || changed || blind;
}

/** What whoever mends it reads, as Markdown; undefined where there is nothing to mend. */
export function driftIssue(looked: Looked): string | undefined {
  if (!isDrift(looked)) return undefined;
  const { stack, differences, unseen, preview } = looked;
  return [
    `What is live in ${safeCode(stack)} is not what is configured, or could not be compared with it.`,
    ...(differences.length === 0 ? [] : ["", "## Traffic, state and configuration"]),
    ...differences
      .slice(0, MOST)
      .flatMap(({ where, what, mend }) => [
        "",
        `- ${safeCode(where)}: ${safeText(what)}`,
        "",
        ...safeBlock([mend], "sh"),
      ]),
    ...(unseen.length === 0 ? [] : ["", "## Not seen", ""]),
    ...unseen.slice(0, MOST).map((sentence) => `- ${safeText(sentence)}`),
    ...(preview ? ["", comment(preview).trimEnd()] : []),
    "",
    "This issue is kept up to date, and closed once nothing differs.",
    "",
  ].join("\n");
}

/** A stack whose rules all differ has as many differences as services. */
const MOST = 30;
