import { type Known, fallingWith } from "../../model/known";
import { otherColour } from "../../model/release";
import { type Watch, watch } from "../../model/rollout/watch";
import type { Occasion, RolloutEvent } from "../../model/rolloutEvent";
import { type ExitCode, EXIT } from "../exit";
import { lowerFlags } from "../flags/lower";
import { Journal } from "../rollback/journal";
import { type Pause, paused } from "../reconcile/condition";
import { moveTraffic, putFence } from "../rollback/traffic";
import type { Subject } from "../subject";
import { lookToWatch } from "./looking";

/**
 * `quiet`: nothing is urgent. `lowered`: traffic was taken back. `held`: it is urgent, and nothing may be moved.
 * `failed`: a rule or the fence was not changed. `blind`: nothing urgent was seen, and not all could be seen.
 */
export type WatchKind = "quiet" | "lowered" | "held" | "failed" | "blind";

/** What one look came to. */
export interface WatchOutcome {
  readonly kind: WatchKind;
  readonly code: ExitCode;
  /** Why, the decisive first, each a sentence without a full stop. */
  readonly reasons: readonly string[];
  /** What could not be seen, a line each. */
  readonly unseen: readonly string[];
  /** The version that this look fenced. */
  readonly fenced?: string;
  /** Services whose rule this look moved. */
  readonly moved: readonly string[];
  /** What people should be told of. Absent: nothing was urgent. */
  readonly event?: RolloutEvent;
}

/** How a command that watches ends with each. */
const CODES: Readonly<Record<WatchKind, ExitCode>> = {
  quiet: EXIT.done,
  lowered: EXIT.rolledBack,
  held: EXIT.held,
  failed: EXIT.drift,
  blind: EXIT.unobserved,
};

export interface Watcher {
  /** Who the fence is by. */
  readonly by: string;
  /** Waits so many milliseconds. Default: by the clock. */
  readonly pause?: Pause;
}

/**
 * Looks once, and fences and lowers where it is urgent. It needs credentials and nothing else, changes neither
 * configuration nor state, and never throws for what the cloud says: that is part of the outcome.
 *
 * @param tell called with each line as it happens
 */
export async function watchOnce(
  subject: Subject,
  tell: (line: string) => void,
  { by, pause = paused }: Watcher = { by: "sluice watch" },
): Promise<WatchOutcome> {
  const { watched, unseen } = await lookToWatch(subject, pause);
  for (const line of unseen) tell(line);
  const decision: Watch = watched ? watch(watched) : { kind: "quiet", reasons: [] };
  const reasons = decision.reasons.map(({ text }) => text);
  const ended = (kind: WatchKind, done: Partial<WatchOutcome> = {}): WatchOutcome => {
    const code = CODES[kind];
    const told = watched && eventOf(decision, watched.known, { ...subject, by, at: watched.now, exit: code });
    return { kind, code, reasons, unseen, moved: [], ...(told && { event: told }), ...done };
  };
  if (decision.kind === "quiet") return ended(unseen.length > 0 ? "blind" : "quiet");
  for (const line of reasons) tell(line);
  if (decision.kind === "held") return ended("held");

  const journal = new Journal({ folder: "", print: tell }, false);
  const { fence, moves } = decision;
  const reason = reasons.join("; ");
  const known = watched?.known;
  const falling = known ? fallingWith(known, known.versions[otherColour(decision.to)]) : {};
  const [put, flagging] = await Promise.all([
    fence === undefined ? undefined : putFence(subject, { version: fence, reason, by }, journal),
    lowerFlags(subject, falling, journal),
  ]);
  const failed = await moveTraffic(subject, moves, journal);
  const stands = put === undefined || (await put.ended);
  // A function that has ended sends nothing any more.
  await flagging.ended;
  return ended(stands && Object.keys(failed).length === 0 ? "lowered" : "failed", {
    ...(fence !== undefined && stands && { fenced: fence }),
    moved: moves.map(({ rule }) => rule.service).filter((service) => failed[service] === undefined),
  });
}

/** What happened, or does not happen, to the colour that is to lose its traffic. */
function eventOf(
  decision: Watch,
  { live, versions }: Known,
  { app, environment, by, at, exit }: Occasion,
): RolloutEvent | undefined {
  if (decision.kind === "quiet") return undefined;
  const { reasons } = decision;
  const colour = otherColour(decision.kind === "lower" ? decision.to : live);
  const version = versions[colour];
  return {
    kind: decision.kind === "lower" ? "rollback" : "hold",
    ...{ app, environment, colour, by, at, reasons },
    ...(version !== undefined && { version }),
    ...(decision.kind === "lower" && {
      from: Math.max(...decision.moves.map(({ rule }) => rule.shares[colour])),
      to: 100 - decision.share,
    }),
    ...(exit !== undefined && { exit }),
  };
}
