import type { Colour } from "../../../model/release";
import { clock, milliseconds, percent } from "../html/format";

/** Pods of one service that are not all ready. */
export interface Waited {
  readonly service: string;
  readonly ready: number;
  readonly total: number;
  /** Why the first of them is not, as `kubectl get pods` would put it. */
  readonly reason: string;
}

/** What there is of one colour now. */
export interface Branch {
  readonly colour: Colour;
  /** Empty where it runs none. */
  readonly version: string;
  readonly pods: { readonly ready: number; readonly total: number };
  readonly waited: readonly Waited[];
  /** Share of new users that the rules give it, in percent. */
  readonly configured?: number;
  /** Share of new users that it got of late, in percent. */
  readonly observed?: number;
  /** Requests a second, and those of them that failed. */
  readonly rate: number;
  readonly failing: number;
  /** In seconds. */
  readonly p95?: number;
}

/** What is waited for. */
export interface Awaited {
  /** Number of the step, from 1, and how many there are. */
  readonly step: number;
  readonly of: number;
  readonly what: string;
  /** Seconds from the rehearsal's beginning. */
  readonly since: number;
}

/** What happened last beside the steps. */
export interface Last {
  readonly kind: string;
  readonly text: string;
  /** Seconds from the rehearsal's beginning. */
  readonly seconds: number;
}

/** What a rehearsal's view shows. */
export interface Tree {
  readonly stack: string;
  readonly scenario: string;
  /** From the rehearsal's beginning. */
  readonly seconds: number;
  readonly requests: number;
  readonly failed: number;
  readonly branches: readonly Branch[];
  readonly awaited?: Awaited;
  readonly last?: Last;
}

/** A view is no wider than this, whatever the terminal is. */
export const WIDTH = 80;

/** Where the figures begin: what is left of them is cut there. */
const FIGURES = 35;

/** Services that are not ready, of each colour: more would push the steps off the screen. */
const LEAVES = 3;

/** The view's lines. None is wider than `width`, or than {@link WIDTH}. */
export function treeLines(tree: Tree, width = WIDTH): string[] {
  const { stack, scenario, seconds, requests, failed, branches, awaited, last } = tree;
  const totals = `${figure(requests)} requests, ${figure(failed)} failed`;
  const lines = [
    row(`${stack} ${scenario} ${time(seconds)}`, ["set", "got", "req/s", "failed/s", "p95"]),
    ...branches.flatMap((branch, at) => branchLines(branch, at === branches.length - 1)),
    ...(awaited ? awaitedLines(awaited, seconds) : []),
    ...(last ? [`${time(last.seconds)} ${last.kind}: ${last.text}`] : []),
    totals,
  ];
  return lines.map((line) => cut(printable(line), Math.min(width, WIDTH)).trimEnd());
}

function branchLines(branch: Branch, last: boolean): string[] {
  const { colour, version, pods, waited, configured, observed, rate, failing, p95 } = branch;
  const running =
    version === "" ? "nothing" : `${version}, ${figure(pods.ready)} of ${figure(pods.total)} ready`;
  const told = [
    share(configured),
    share(observed),
    figure(rate),
    figure(failing),
    p95 === undefined || !Number.isFinite(p95) ? NONE : milliseconds(p95),
  ];
  const stem = last ? "   " : "│  ";
  const shown = waited.slice(0, LEAVES);
  const left = waited.length - shown.length;
  const leaves = [
    ...shown.map(({ service, ready, total, reason }) => {
      return `${service} ${figure(ready)} of ${figure(total)}${reason === "" ? "" : `: ${reason}`}`;
    }),
    ...(left > 0 ? [`and ${figure(left)} more services`] : []),
  ];
  return [
    row(`${last ? "└─" : "├─"} ${colour} ${running}`, told),
    ...leaves.map((leaf, at) => `${stem}${at === leaves.length - 1 ? "└─" : "├─"} ${leaf}`),
  ];
}

function awaitedLines({ step, of, what, since }: Awaited, now: number): string[] {
  const head = `${figure(step)}/${figure(of)} `;
  const tail = `, for ${time(Math.max(0, now - since))}`;
  // How long it has been is the last thing to lose.
  return [`${head}${cut(printable(what), WIDTH - head.length - tail.length)}${tail}`];
}

/** Widths of the columns, from the left. */
const COLUMNS = [7, 8, 9, 10, 11] as const;

const row = (head: string, cells: readonly string[]): string =>
  cut(printable(head), FIGURES).padEnd(FIGURES) +
  cells.map((cell, at) => cut(cell, COLUMNS[at] ?? 0).padStart(COLUMNS[at] ?? 0)).join("");

/** What is not known. */
const NONE = "–";

const share = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value) ? NONE : percent(value);

const time = (value: number): string => (Number.isFinite(value) ? clock(value) : NONE);

const COMPACT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** `1,234`, and `1.2M` where it would take more room; below ten with a tenth, unless it is whole. */
function figure(value: number): string {
  if (!Number.isFinite(value)) return NONE;
  if (Math.abs(value) >= 100_000) return COMPACT.format(value);
  return (Math.abs(value) < 10 ? Number(value.toFixed(1)) : Math.round(value)).toLocaleString("en");
}

/** Only characters that take one column of a terminal: Latin ones, and those that the tree is drawn with. */
const printable = (text: string): string =>
  text.replace(/[^\u0020-\u007e\u00a1-\u02af\u2010-\u2027\u2500-\u259f]/gu, "?");

/** The text, cut with a sign that it goes on. */
const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}${width > 0 ? "…" : ""}`;
