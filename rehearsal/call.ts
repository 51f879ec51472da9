import type { Release } from "../model/release";
import type { ReleaseEdit } from "../rollout/configuration";
import type { ExitCode } from "../rollout/exit";
import type { Tell } from "./faults/strike";
import { type Scene, type SluiceEnd, endText, sluice } from "./scene";

/** A call of the command line, and what must come of it. */
export interface Call {
  /** As somebody types it, without the stack: `["run", "--interval", "5"]`. */
  readonly command: readonly [verb: string, ...args: string[]];
  /** The exit code that it has to end with. */
  readonly ends: ExitCode | readonly ExitCode[];
  /** What it has to decide, among other things: `retreat`, `hold`. Absent: the exit code says it all. */
  readonly decides?: string;
  /** What it makes of the release in the stack file. Absent: it stays as it was. */
  readonly leaves?: ReleaseEdit;
  /** Seconds of the machine's time in which it has to end. Default: more than any plan here takes. */
  readonly within?: number;
}

/** A decision of the program's, with its evidence. */
export interface Decision {
  /** `hold`, `shift`, `retreat`, … */
  readonly kind: string;
  /** Why. */
  readonly evidence: string;
  /** When it took effect or was told, by `performance.now()`. */
  readonly at: number;
}

/** What a call came to, for the record. */
export interface CallRecord {
  /** As somebody would type it. */
  readonly command: string;
  /** The exit code; null where the process was killed, or had to be ended. */
  readonly code: number | null;
  /** The seconds in which it did not end, so that it had to be ended; absent where it did. */
  readonly late?: number;
  /** The last that was decided and why; absent where nothing was. */
  readonly decision?: string;
  /** In what that differs from what must come of it. */
  readonly wrong: readonly string[];
}

/** What came of a call. */
export interface Called extends SluiceEnd {
  readonly decisions: readonly Decision[];
}

/**
 * Calls the command line, and tells each decision that it makes.
 *
 * @throws Error once the scene's signal aborts
 */
export async function callSluice({ command, within }: Call, scene: Scene, tell: Tell): Promise<Called> {
  const decisions: Decision[] = [];
  const [verb, ...args] = command;
  const line = (text: string) => {
    const decision = decisionIn(text, performance.now());
    if (!decision) return;
    decisions.push(decision);
    const { kind, evidence, at } = decision;
    tell({ kind: "decision", text: `sluice ${verb}: ${kind}, for ${evidence}`, at });
  };
  const ended = await sluice([verb, ...args, "-s", scene.stack, "--json"], scene, { line, within });
  return { ...ended, decisions };
}

/** What `tick`, `run` and `watch` print with `--json`, as far as it is of interest here. */
interface Printed {
  readonly decision?: { readonly kind?: string; readonly reasons?: readonly { readonly text: string }[] };
  /** Of `watch`. */
  readonly kind?: string;
  readonly reasons?: readonly string[];
  readonly unseen?: readonly string[];
  readonly journal?: readonly { readonly milliseconds: number; readonly effect?: string }[];
}

/**
 * The decision that a line of JSON tells. It is told once all that it asked for is done, so its first effect was
 * earlier by as much as the journal says.
 *
 * @param now when the line came, by `performance.now()`
 * @returns undefined for a line that tells none
 */
export function decisionIn(line: string, now: number): Decision | undefined {
  const { decision, kind = decision?.kind, reasons = [], unseen = [], journal = [] } = parsed(line);
  // A watcher that sees nothing to do decides nothing.
  if (kind === undefined || kind === "quiet") return undefined;
  const texts = decision?.reasons?.map(({ text }) => text) ?? [...reasons, ...unseen];
  const first = journal.find(({ effect }) => effect !== undefined)?.milliseconds;
  const since = first === undefined ? 0 : (journal.at(-1)?.milliseconds ?? first) - first;
  return { kind, evidence: texts.join("; ") || "nothing in particular", at: now - since };
}

function parsed(line: string): Printed {
  try {
    return (JSON.parse(line) as Printed | null) ?? {};
  } catch {
    // What a command tells a person beside its result.
    return {};
  }
}

/**
 * A call for the record.
 *
 * @param asked what the stack file must say of the release then, and what it says
 */
export function callRecord(
  { command, ends, decides }: Call,
  { code, last, late, decisions }: Called,
  asked: { readonly expected: Pick<Release, "live" | "traffic">; readonly found: Release },
): CallRecord {
  const text = `sluice ${command.join(" ")}`;
  const wrong: string[] = [];
  const decision = decisions.at(-1);
  const decided = decision && `${decision.kind}: ${decision.evidence}`;
  // What it tells of a decision is for machines, and all in one line.
  const told = last.split("\n").filter((line) => decisionIn(line, 0) === undefined);
  const said = told.join("\n") || decided;
  const allowed = [ends].flat();
  if (!allowed.some((one) => one === code))
    wrong.push(
      `${text} ${endText({ code, late })}; it should end with ${allowed.join(" or ")}: ${said ?? "it said nothing"}`,
    );
  if (decides !== undefined && !decisions.some(({ kind }) => kind === decides)) {
    const found = decisions.map(({ kind }) => kind).join(", ") || "nothing";
    wrong.push(`${text} decided ${found}; it should decide ${decides}`);
  }
  const [left, should] = [asked.found, asked.expected].map(releaseText);
  if (left !== should) wrong.push(`${text} left ${left}; it should leave ${should}`);
  const how = { code, ...(late !== undefined && { late }) };
  return { command: text, ...how, wrong, ...(decided && { decision: decided }) };
}

/** `blue live with 90 %`. */
const releaseText = ({ live, traffic }: Pick<Release, "live" | "traffic">): string =>
  `${live} live with ${traffic[live]} %`;
