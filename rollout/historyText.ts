import type { Fence } from "../model/guard";
import type { Entry, History } from "../model/history";
import { plainLine } from "../model/masked";
import { subjectOf } from "../model/message";
import { changesBetween } from "../model/stand";
import type { Place } from "./statusText";
import { duration, minute } from "./times";
import { wrapped } from "./wrapped";

/** Characters: of a terminal's line, and of what stands before an update's text. */
const WIDTH = 80;
const MARGIN = 19;

/** What is printed. */
export interface Told {
  readonly history: History;
  /** Updates that are known and not shown. */
  readonly left: number;
  /** `null`: somebody looked, and there is none; undefined: nobody could see. */
  readonly fence: Fence | null | undefined;
  /** Reasons why something is not known, a line each. */
  readonly unseen: readonly string[];
}

/** What happened to a stack, on lines of a terminal, the newest first as in `git log`. */
export function historyText(
  { stack, app, environment, region }: Place,
  { history, left, fence, unseen }: Told,
): string {
  const { entries, gap } = history;
  return [
    `${stack}: ${app}-${environment} in ${region}`,
    ...under("fence", fenceText(fence)),
    ...unseen.flatMap((reason) => under("NOT SEEN", plainLine(reason))),
    "",
    ...(gap === undefined ? [] : [...hole(gap), ""]),
    ...entries.flatMap(entryLines),
    ...(entries.length === 0 ? ["no update is recorded"] : []),
    ...(left > 0 ? [`older ones: --limit ${entries.length + Math.max(left, entries.length)}`] : []),
  ]
    .join("\n")
    .trimEnd();
}

function fenceText(fence: Fence | null | undefined): string {
  if (fence === undefined) return "unknown";
  if (fence === null) return "none";
  return plainLine(`${fence.version} since ${minute(fence.at)} by ${fence.by}: ${fence.reason}`);
}

const hole = (why: string): string[] =>
  under("HOLE", `an update left no entry, as one does whose engine was killed: ${why}`);

/** What has to do with the release has its reasons below it; of all else there is one line. */
function entryLines(entry: Entry): string[] {
  const { at, by, origin, event, from, to, gap, result } = entry;
  const moved = from && to && entry.kind === "update" ? changesBetween(from, to) : [];
  const gone = gap === undefined ? [] : ["", ...hole(gap)];
  const mark = { succeeded: "", failed: "FAILED ", running: "NOT ENDED " }[result];
  if (!event && moved.length === 0) {
    const line = `${minute(at)}  ${mark}${otherText(entry)}`;
    return [line.length <= WIDTH ? line : `${line.slice(0, WIDTH - 1)}…`, ...gone, ""];
  }
  const title = event ? subjectOf(event) : moved.join(", ");
  const first = plainLine(entry.message.split("\n")[0] ?? "");
  // Our message says what moved; what moved beside it is told as well.
  const beside = event
    ? moved.filter((change) => !change.startsWith(`${event.colour} `) || !change.endsWith("%"))
    : [];
  const took = entry.ended === undefined ? "" : ` (${duration(secondsOf(entry))})`;
  const details = [
    ...(event || first === "" ? [] : [first]),
    by !== undefined ? `by ${by}` : origin !== undefined ? `from ${origin}` : "by whom is not recorded",
    ...(event?.reasons ?? []).map(({ code, rule, text }) => `${rule ?? code}: ${text}`),
    ...(event?.omitted === undefined ? [] : [`(${event.omitted} more left out)`]),
    ...(beside.length > 0 ? [`with it: ${beside.join(", ")}`] : []),
    ...(result === "succeeded" ? [] : ["rules may have moved in part; sluice verify says where they are"]),
  ];
  return [
    ...under(minute(at), `${mark}${plainLine(title)}${took}`, MARGIN),
    ...details.flatMap((detail) => under("", plainLine(detail), MARGIN)),
    ...gone,
    "",
  ];
}

/** `update: 3 update, 1 create; bump the nodes`. */
function otherText({ kind, changes, message }: Entry): string {
  const { same: _, ...others } = changes;
  const counts = Object.entries(others).map(([what, count]) => `${count} ${what}`);
  const first = plainLine(message.split("\n")[0] ?? "");
  return `${kind}: ${counts.join(", ") || "nothing changed"}${first === "" ? "" : `; ${first}`}`;
}

const secondsOf = ({ at, ended = at }: Entry): number =>
  Math.max(0, (Date.parse(ended) - Date.parse(at)) / 1_000);

/** A name and its text, which goes on below itself; a word that is longer than its line is cut into several. */
function under(name: string, text: string, margin = 10): string[] {
  const width = WIDTH - margin;
  const lines = wrapped(text, width).flatMap((line) => pieces(line, width));
  return lines.map((line, index) => ((index === 0 ? name : "").padEnd(margin) + line).trimEnd());
}

const pieces = (line: string, width: number): string[] =>
  line.length <= width ? [line] : [line.slice(0, width), ...pieces(line.slice(width), width)];
