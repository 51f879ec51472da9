import type { PreviewFacts } from "../preview";
import { safeCode, safeText } from "../safeMarkdown";
import { type Room, folded, more, shortened } from "./room";

/** What the stack costs before and after. */
export function cost({ cost: { before, after } }: PreviewFacts): string[] {
  if (!after) return [];
  const one = money(before?.oneColour, after.oneColour);
  const both = money(before?.bothColours, after.bothColours);
  const difference = one === both ? one : `${one} with one colour, ${both} while both are warm`;
  return [`**Cost a month**, by list prices: ${difference}.`];
}

function money(before: number | undefined, after: number): string {
  if (before === undefined || before === after) return `$${after}`;
  const difference = after - before;
  return `$${before} → **$${after}** (${difference > 0 ? "+" : "−"}$${Math.abs(difference)})`;
}

/** What policies advise, and the engine warns of. */
export function advised({ advice, warnings }: PreviewFacts, room: Room): string[] {
  const told = (message: string) => safeText(shortened(message, room.message));
  const judged = advice.map(({ rule, where, message }) => {
    const at = where === undefined ? [] : [safeCode(shortened(where, 300))];
    return `${[...(rule === undefined ? [] : [`**${safeText(rule)}**`]), ...at, ""].join(" ")}${told(message)}`;
  });
  // The engine's order is another each time.
  const all = [...judged.toSorted(), ...warnings.map(told)];
  if (all.length === 0) return [];
  const shown = all.slice(0, room.messages);
  return folded(`Advice and warnings (${all.length})`, [
    ...shown.map((line) => `- ${line}`),
    ...more(all.length - shown.length),
  ]);
}
