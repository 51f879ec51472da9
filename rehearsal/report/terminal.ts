import type { Changes } from "../engine/outcome";
import { sum } from "../traffic/counts";
import type { Record1, StepRecord } from "./record";

/** Lines stay inside a terminal of this many columns. */
const WIDTH = 80;

const count = (n: number) => n.toLocaleString("en");

/** `3 updated, 1 created`, or `nothing changed`. */
function changesOf({ create, update, delete: removed, replace }: Changes): string {
  const parts = [
    [create, "created"],
    [update, "updated"],
    [replace, "replaced"],
    [removed, "deleted"],
  ] as const;
  const said = parts.filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}`);
  return said.length > 0 ? said.join(", ") : "nothing changed";
}

/** Text under a label, its further lines indented as far as the first. */
function wrapped(label: string, text: string): string[] {
  const indent = `    ${label.padEnd(8)}`;
  const lines = [indent];
  for (const word of text.trim().split(/\s+/)) {
    const line = lines.at(-1) ?? indent;
    if (line.length + 1 + word.length > WIDTH && line.trim() !== "")
      lines.push(`${" ".repeat(indent.length)}${word}`);
    else lines[lines.length - 1] = line === indent ? line + word : `${line} ${word}`;
  }
  return lines;
}

/** A bar of blue's and green's shares, blue from the left. */
const bar = (green: number, width = 20): string =>
  "█".repeat(Math.round(((100 - green) / 100) * width)).padEnd(width, "░");

/** What a step changed and what traffic saw of it, as lines for a person. */
export function stepLines(step: StepRecord, index: number, of: number): string[] {
  const head = `${index}/${of} ${step.kind.padEnd(8)} ${step.name}`;
  const lines = [`${head.padEnd(WIDTH - 9)} ${step.seconds.toFixed(1).padStart(6)} s`];
  lines.push(...wrapped("engine", changesOf(step.changes)));
  lines.push(
    ...wrapped("traffic", `${count(sum(step.requests))} requests, ${count(sum(step.failed))} failed`),
  );
  if (step.observedShare !== undefined) {
    const observed = `${step.observedShare.toFixed(1)} % of ${count(sum(step.assigned))} sessions`;
    lines.push(`    shares  blue ${bar(step.expectedShare)} green  ${step.expectedShare} % set, ${observed}`);
  }
  if (step.message !== undefined) lines.push(...wrapped("refused", step.message));
  return lines;
}

/** The last lines of a rehearsal that kept what it promises. */
export const summaryLines = ({ steps, totals, engine, stack }: Record1): string[] => [
  "",
  `${stack}: ${steps.length} steps in ${Math.round(totals.seconds)} s, ` +
    `${count(totals.requests)} requests, ${count(totals.failed)} failed`,
  `engine: Pulumi ${engine.version} (${engine.source})`,
];
