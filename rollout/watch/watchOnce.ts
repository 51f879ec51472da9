import { nowIso } from "../../cloud/clock";
import { flagEvent } from "../../model/flags/event";
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
import { takeBackFlags } from "./flags";
import { lookToWatch } from "./looking";

/**
 * `quiet`: nothing is urgent. `lowered`: traffic or flags were taken back. `held`: it is urgent, and nothing may be
 * moved. `failed`: a rule, the fence or a flag was not changed. `blind`: nothing urgent was seen, and not all could be
 * seen.
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
  /** What people should be told of traffic. Absent: nothing about it was urgent. */
  readonly event?: RolloutEvent;
  /** Flags that alarms ask to be taken back: what people should be told of those that this look took back. */
  readonly flags: readonly RolloutEvent[];
  /** Those that it could not. */
  readonly unlowered: readonly string[];
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
 * Looks once, and fences and lowers where it is urgent: flags before traffic. It needs credentials and nothing else,
 * changes neither configuration nor state, and never throws for what the cloud says: that is part of the outcome.
 *
 * @param tell called with each line as it happens
 */
export async function watchOnce(
  subject: Subject,
  tell: (line: string) => void,
  { by, pause = paused }: Watcher = { by: "sluice watch" },
): Promise<WatchOutcome> {
  const journal = new Journal({ folder: "", print: tell }, false);
  const [{ watched, unseen: hidden }, byAlarm] = await Promise.all([
    lookToWatch(subject, pause),
    takeBackFlags(subject, tell, journal),
  ]);
  for (const line of hidden) tell(line);
  const unseen = [...hidden, ...byAlarm.unseen];
  const decision: Watch = watched ? watch(watched) : { kind: "quiet", reasons: [] };
  const ofTraffic = decision.reasons.map(({ text }) => text);
  for (const line of ofTraffic) tell(line);

  const lowering = decision.kind === "lower" ? decision : undefined;
  const known = watched?.known;
  const left = lowering && known?.versions[otherColour(lowering.to)];
  const reason = ofTraffic.join("; ");
  const [put, flagging] = await Promise.all([
    lowering?.fence === undefined
      ? undefined
      : putFence(subject, { version: lowering.fence, reason, by }, journal),
    lowerFlags(subject, known ? fallingWith(known, left) : {}, journal, { after: byAlarm.ended }),
  ]);
  const failed = lowering ? await moveTraffic(subject, lowering.moves, journal) : {};
  const stands = put === undefined || (await put.ended);
  // A function that has ended sends nothing any more.
  const [fallen, unlowered, fell] = await Promise.all([byAlarm.ended, byAlarm.failed, flagging.ended]);
  const kind = kindOf(decision, {
    isWhole: stands && Object.keys(failed).length === 0 && unlowered.length === 0,
    isLowered: lowering !== undefined || fallen.length > 0,
    isBlind: unseen.length > 0,
  });
  const { app, environment } = subject;
  const occasion = { app, environment, by, at: watched?.now ?? nowIso(), exit: CODES[kind] };
  const event = known && eventOf(decision, known, occasion);
  return {
    ...{ kind, code: CODES[kind], unseen, unlowered },
    reasons: [...ofTraffic, ...byAlarm.reasons],
    ...(lowering?.fence !== undefined && stands && { fenced: lowering.fence }),
    moved: (lowering?.moves ?? [])
      .map(({ rule }) => rule.service)
      .filter((service) => failed[service] === undefined),
    ...(event && { event }),
    flags: known
      ? fallen.map((fall) => flagEvent({ ...fall, to: fell[fall.flag] ?? fall.to }, known.live, occasion))
      : [],
  };
}

function kindOf(
  { kind }: Watch,
  { isWhole, isLowered, isBlind }: Readonly<Record<"isWhole" | "isLowered" | "isBlind", boolean>>,
): WatchKind {
  if (kind === "held") return "held";
  if (!isWhole) return "failed";
  if (isLowered) return "lowered";
  return isBlind ? "blind" : "quiet";
}

/** What happened, or does not happen, to the colour that is to lose its traffic. */
function eventOf(decision: Watch, { live, versions }: Known, occasion: Occasion): RolloutEvent | undefined {
  if (decision.kind === "quiet") return undefined;
  const { reasons } = decision;
  const colour = otherColour(decision.kind === "lower" ? decision.to : live);
  const version = versions[colour];
  return {
    ...occasion,
    ...{ kind: decision.kind === "lower" ? "rollback" : "hold", colour, reasons },
    ...(version !== undefined && { version }),
    ...(decision.kind === "lower" && {
      from: Math.max(...decision.moves.map(({ rule }) => rule.shares[colour])),
      to: 100 - decision.share,
    }),
  };
}
