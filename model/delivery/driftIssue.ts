import { LONGEST_COMMENT, bytesOf, comment } from "./comment";
import { isSettling } from "./planned";
import type { PreviewFacts } from "./preview";
import { safeBlock, safeCode, safeText } from "./safeMarkdown";
import { more, shortened } from "./sections/room";

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
  const before = [
    `What is live in ${safeCode(stack)} is not what is configured, or could not be compared with it.`,
    ...(differences.length === 0 ? [] : ["", "## Traffic, state and configuration"]),
    ...fitting(differences.map(differenceLines), 24_000),
    ...(unseen.length === 0 ? [] : ["", "## Not seen", ""]),
    ...fitting(
      unseen.map((sentence) => [`- ${safeText(shortened(sentence, LONGEST))}`]),
      12_000,
    ),
  ];
  const after = ["", "This issue is kept up to date, and closed once nothing differs.", ""];
  const room = LONGEST_COMMENT - bytesOf([...before, "", ...after].join("\n"));
  return [...before, ...(preview ? ["", comment(preview, room).trimEnd()] : []), ...after].join("\n");
}

const differenceLines = ({ where, what, mend }: Difference): string[] => [
  "",
  `- ${safeCode(shortened(where, LONGEST))}: ${safeText(shortened(what, LONGEST))}`,
  "",
  ...safeBlock([shortened(mend, LONGEST)], "sh"),
];

/** Characters of each part: a stack whose rules all differ has as many differences as services. */
const LONGEST = 1_000;

/** As many blocks of lines as so many bytes hold, and how many are left out: what is left is the preview's. */
function fitting(blocks: readonly (readonly string[])[], most: number): string[] {
  const shown: string[] = [];
  for (const [index, block] of blocks.entries()) {
    if (bytesOf([...shown, ...block].join("\n")) > most) return [...shown, ...more(blocks.length - index)];
    shown.push(...block);
  }
  return shown;
}
