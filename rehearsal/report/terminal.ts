import { sum } from "../traffic/counts";
import type { Scenario } from "../script";
import type { SessionsRecord } from "../sessions";
import type { Reaction } from "../reaction";
import { endText } from "../scene";
import type { Record1, StepRecord } from "./record";

/** Lines stay inside a terminal of this many columns. */
const WIDTH = 80;

const count = (n: number) => n.toLocaleString("en");

/** `3 updated, 1 created`, or `nothing changed`; of a preview, what would have been. */
function changesOf({ expected, changes: { create, update, delete: removed, replace } }: StepRecord): string {
  const parts = [
    [create, "created"],
    [update, "updated"],
    [replace, "replaced"],
    [removed, "deleted"],
  ] as const;
  const said = parts.filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}`);
  if (expected) return said.length > 0 ? `${said.join(", ")}, had it been an update` : "nothing planned";
  return said.length > 0 ? said.join(", ") : "nothing changed";
}

/** Text under a label, its further lines indented as far as the first. */
const labelled = (label: string, text: string): string[] => wrapped(`    ${label.padEnd(8)}`, text);

/** Text behind the beginning of its first line, its further lines indented as far; only longer words are broken. */
function wrapped(indent: string, text: string): string[] {
  const lines = [indent];
  const longest = new RegExp(`\\S{1,${WIDTH - indent.length}}`, "g");
  for (const word of text.match(longest) ?? []) {
    const line = lines.at(-1) ?? indent;
    if (line.length + 1 + word.length > WIDTH && line.trim() !== "")
      lines.push(`${" ".repeat(indent.length)}${word}`);
    else lines[lines.length - 1] = line === indent ? line + word : `${line} ${word}`;
  }
  return lines;
}

/** A bar of blue's and green's shares, blue from the left; as wide as a line with millions of sessions leaves. */
const bar = (green: number, width = 10): string =>
  "█".repeat(Math.round(((100 - green) / 100) * width)).padEnd(width, "░");

/** What a step changed and what traffic saw of it, as lines for a person. */
export function stepLines(step: StepRecord, index: number, of: number): string[] {
  const head = `${index}/${of} ${step.kind.padEnd(8)} ${step.name}`;
  const lines = [`${head.padEnd(WIDTH - 9)} ${step.seconds.toFixed(1).padStart(6)} s`];
  for (const call of step.calls ?? []) {
    lines.push(...labelled("call", `${call.command} ${endText(call)}`));
    if (call.decision !== undefined) lines.push(...labelled("decided", call.decision));
  }
  lines.push(...labelled(step.expected ? "preview" : "engine", changesOf(step)));
  lines.push(
    ...labelled("traffic", `${count(sum(step.requests))} requests, ${count(sum(step.failed))} failed`),
  );
  if (step.observedShare !== undefined) {
    const observed = `${step.observedShare.toFixed(1)} % of ${count(sum(step.assigned))} sessions`;
    lines.push(`    shares  blue ${bar(step.expectedShare)} green  ${step.expectedShare} % set, ${observed}`);
  }
  if (step.rescue) {
    const { moved, held, converged } = step.rescue;
    const lock = held === true ? "the lock held" : "no lock held";
    const text =
      moved === undefined ? "traffic never moved" : `traffic moved in ${moved.toFixed(2)} s, ${lock}`;
    lines.push(...labelled("back", `${text}; the rest followed in ${converged.toFixed(1)} s`));
  }
  if (step.reaction) lines.push(...labelled("back", reactionText(step.reaction)));
  for (const { from, to, count: times } of step.fallbacks?.found ?? [])
    lines.push(...labelled("models", `${to} stood in for ${from}, ${count(times)} times`));
  if (step.sessions) lines.push(...labelled("flag", sessionsText(step.sessions)));
  if (step.message !== undefined) lines.push(...labelled("refused", step.message));
  for (const fault of step.broken ?? []) lines.push(...wrapped("    NOT KEPT ", fault));
  return lines;
}

/** `partial-results: 10 % set, 9.8 % of 4,000 sessions have it`. */
const sessionsText = ({ flag, percentage, sessions, had }: SessionsRecord): string =>
  `${flag}: ${percentage} % set, ${((100 * had) / sessions).toFixed(1)} % of ${count(sessions)} sessions have it`;

/** When what happened after a fault, in seconds from it on. */
function reactionText({ fault, signal, decided, moved, complete }: Reaction): string {
  const after = (what: string, seconds?: number) =>
    seconds === undefined ? [] : [`${what} ${seconds.toFixed(1)} s`];
  const times = [
    ...after("metrics of a whole minute were due, by the clock, after", signal > 0 ? signal : undefined),
    ...after("it was decided after", decided),
    ...after("traffic had moved after", moved),
    ...after("all had followed after", complete),
  ];
  return `${fault}: ${times.join(", ")}`;
}

/** The last lines of a rehearsal that kept what it promises. */
export const summaryLines = ({ steps, totals, engine, stack, memory }: Record1): string[] => [
  "",
  `${stack}: ${steps.length} steps in ${Math.round(totals.seconds)} s, ` +
    `${count(totals.requests)} requests, ${count(totals.failed)} failed`,
  `engine: Pulumi ${engine.version} (${engine.source})` +
    (memory ? `; all processes took ${count(memory)} MiB at the most` : ""),
];

/** The scenarios there are, a line each. */
export function listLines(scenarios: Readonly<Record<string, Scenario>>): string[] {
  const width = Math.max(...Object.keys(scenarios).map((name) => name.length));
  return Object.entries(scenarios).flatMap(([name, { summary }]) =>
    wrapped(`${name.padEnd(width)}  `, summary),
  );
}

/** What somebody who watches a scenario should know first. */
export const openingLines = ({ summary, about }: Scenario): string[] => [
  ...wrapped("", summary),
  ...(about === undefined ? [] : wrapped("", about)),
];

/** Every unsafe edit with what refused it and where; nothing where there was none. */
export function refusalLines({ steps }: Record1): string[] {
  const unsafe = steps.flatMap(({ name, expected, refusals = [], rule }) =>
    expected ? [{ name, refusals, rule }] : [],
  );
  if (unsafe.length === 0) return [];
  const rows = unsafe.map(({ name, refusals, rule: first }) => [
    name,
    unique([...(first ? [first] : []), ...refusals.map(({ rule, layer }) => rule ?? layer)]) || "NOTHING",
    unique(refusals.map(({ layer }) => layer)),
  ]);
  const refused = unsafe.filter(({ refusals }) => refusals.length > 0).length;
  return [
    "",
    `${unsafe.length} unsafe edits, ${refused} refused in the preview`,
    ...columns([["edit", "refused by", "layer"], ...rows]),
  ];
}

/** Rows whose cells begin in the same columns. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ")}`.trimEnd());
}

const unique = (words: readonly string[]): string => [...new Set(words)].join(", ");
