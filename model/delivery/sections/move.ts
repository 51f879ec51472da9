import { aligned } from "../../markdown";
import type { PreviewFacts } from "../preview";
import { safeCode, safeText } from "../safeMarkdown";
import { type Room, shortened } from "./room";

/** What moves, from what to what. */
export function moved({ move }: PreviewFacts, room: Room): string[] {
  if (!move) return [];
  const cell = (value: string) => safeCode(shortened(value, room.message));
  return [
    "### What moves",
    "",
    ...aligned([
      ["", "now", "then"],
      ...move.rows.map(({ what, now, then }) => [
        safeText(what),
        cell(now),
        now === then ? "the same" : cell(then),
      ]),
    ]),
    ...move.remarks.flatMap((remark) => ["", safeText(remark)]),
  ];
}

/** Which rules judged it. */
export function judged({ judgement }: PreviewFacts): string[] {
  if (!judgement) return [];
  const { refused, overridden, passed, notAsked } = judgement;
  return [
    "### Judged by",
    "",
    ...(refused.length > 0 ? [`- refused by **${refused.map(safeText).join(", ")}**`] : []),
    ...overridden.map(
      ({ rule, by, reason }) =>
        `- **${safeText(rule)}** gives way: ${safeText(by)} answers for it (“${safeText(reason)}”)`,
    ),
    ...(passed.length > 0 ? [`- passed ${passed.map(safeText).join(", ")}`] : []),
    ...notAsked.map(({ rules, why }) => `- not asked ${rules.map(safeText).join(", ")}: ${safeText(why)}`),
  ];
}
