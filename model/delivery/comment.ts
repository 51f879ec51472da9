import type { PreviewFacts, PreviewResult } from "./preview";
import { safeCode, safeText } from "./safeMarkdown";
import { judged, moved } from "./sections/move";
import { resources, resourcesOf } from "./sections/resources";
import { advised, cost } from "./sections/rest";
import { type Room, shortened } from "./sections/room";
import { atStake, failed, losses, refused, unreachable } from "./sections/trouble";

/** GitHub refuses a longer comment. Counted in bytes, which is the strictest way to count them. */
export const LONGEST_COMMENT = 65_536;

/** By this line a comment is found again, to be changed in place: one for each stack. */
export const markerOf = (stack: string): string =>
  `<!-- sluice:preview:${stack.replaceAll(/[^\w.-]/g, "_")} -->`;

/** Tried one after the other until the whole fits. */
const ROOMS: readonly Room[] = [
  { resources: 500, messages: 40, message: 4_000 },
  { resources: 100, messages: 20, message: 2_000 },
  { resources: 20, messages: 10, message: 1_000 },
  { resources: 0, messages: 5, message: 400 },
  { resources: 0, messages: 2, message: 200 },
];

/**
 * What a reviewer reads beside a pull request, as Markdown. What comes first is what matters most.
 *
 * @param most bytes that there is room for; 1,000 are enough for a pointer to the whole
 */
export function comment(facts: PreviewFacts, most = LONGEST_COMMENT): string {
  for (const room of ROOMS) {
    const text = written(facts, room);
    if (bytesOf(text) <= most) return text;
  }
  return [
    markerOf(facts.stack),
    `## ${safeText(shortened(facts.stack, 100))}: ${safeText(shortened(headline(facts), 300))}`,
    "",
    "What there is to say is too long for a comment: it is in the job's summary and its artefacts.",
    "",
  ].join("\n");
}

/** In UTF-8. */
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

const RESULTS: Readonly<Record<Exclude<PreviewResult, "changes">, string>> = {
  nothing: "nothing changes",
  refused: "⛔ refused",
  failed: "❌ the preview failed",
};

function written(facts: PreviewFacts, room: Room): string {
  const sections = [
    [markerOf(facts.stack), heading(facts)],
    losses(facts, room),
    refused(facts, room),
    failed(facts, room),
    unreachable(facts, room),
    moved(facts, room),
    judged(facts),
    resources(facts, room),
    cost(facts),
    advised(facts, room),
    [`<sub>${footer(facts)}</sub>`],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function heading(facts: PreviewFacts): string {
  return `## ${safeText(facts.stack)}: ${safeText(headline(facts))}`;
}

function headline({ result, move, losses, refusals, changes }: PreviewFacts): string {
  const isMoving = move !== undefined && move.kind !== "hold";
  const asked = isMoving ? `: ${move.title}` : "";
  if (result === "refused") {
    const rules = [...new Set(refusals.map(({ rule, layer }) => rule ?? layer))].join(", ");
    return `${RESULTS.refused} by ${rules}${asked}`;
  }
  if (result !== "changes") return RESULTS[result];
  if (losses.length > 0) return `⚠️ ${atStake(losses)}${asked}`;
  return isMoving ? move.title : `changes ${resourcesOf(changes.length)}, and leaves the release as it is`;
}

const footer = ({ stack, commit }: PreviewFacts): string =>
  [
    ...(commit === undefined ? [] : [`Commit ${safeCode(shortened(commit, 40))}.`]),
    `The same by hand: ${safeCode(`npx sluice preview -s ${stack}`)}`,
  ].join(" ");
