import { setTimeout as pause } from "node:timers/promises";
import { type Action, type Hold, earliest } from "../../model/rollout/action";
import { EXIT, type ExitCode } from "../exit";
import { isForPerson } from "./code";
import { UsageError } from "../failure";
import type { Session } from "./session";
import type { Ticked } from "./tick";

/** How a loop goes on. */
export interface Pace {
  /** Between two looks while nothing can be done. */
  readonly intervalSeconds: number;
  /** After which it ends as the last tick did. Absent: it has all the time that the plan takes. */
  readonly timeoutSeconds?: number | undefined;
  /** Which holds are waited for. Default: those that somebody else than a person may end. */
  readonly waitsFor?: (hold: Hold) => boolean;
}

/** An update that fails so often in a row is not tried again: somebody has to look at it. */
const MOST_FAILURES = 3;

/**
 * Ticks until nothing is left to be done, a person has to do something, or traffic was taken back.
 *
 * @throws Interrupted while it waits, or between two effects
 */
export async function loop(session: Session, pace: Pace): Promise<ExitCode> {
  const { timeoutSeconds = Infinity, waitsFor = (hold: Hold) => !isForPerson(hold) } = pace;
  const end = performance.now() + timeoutSeconds * 1000;
  let isBack = false;
  let failures = 0;
  for (let isFirst = true; ; isFirst = false) {
    const ticked = await session.tick().catch((error: unknown) => {
      // Somebody edits the file while the release is on its way, and will have done so soon.
      if (isFirst || !(error instanceof UsageError) || performance.now() > end) throw error;
      session.tell(error.message);
    });
    if (!ticked) {
      await rest(1_000 * pace.intervalSeconds, session.stop);
      continue;
    }
    const { action, code, isLeft } = ticked;
    // A retreat that the state has not heard of yet is still followed; that it was one counts at the end.
    isBack ||= action.kind === "retreat" && action.moves.length > 0;
    const ended = (otherwise: ExitCode): ExitCode => (isBack ? EXIT.rolledBack : otherwise);
    if (isLeft || action.kind === "done" || (code === EXIT.rolledBack && isWhole(action))) return ended(code);
    if (action.kind === "hold" && !waitsFor(action)) return ended(code);
    if (action.kind !== "hold") {
      failures = code === EXIT.drift ? failures + 1 : 0;
      if (failures === MOST_FAILURES) return ended(code);
      if (code === EXIT.done) continue;
    }
    const milliseconds = waitOf(ticked, pace.intervalSeconds);
    if (performance.now() + milliseconds > end) {
      session.tell(`NOT done after ${timeoutSeconds} s; call it again: it goes on with what is there`);
      return ended(code === EXIT.done ? EXIT.held : code);
    }
    await rest(milliseconds, session.stop);
  }
}

/** Whether nobody but the live colour has traffic then: a colour that did not carry all of it may get the rest later. */
const isWhole = (action: Action): boolean =>
  action.kind === "retreat" && action.release.traffic[action.release.live] === 100;

/** No longer than until time has ended what it can end: then something is to be done. */
function waitOf({ action, observed }: Ticked, intervalSeconds: number): number {
  const until = action.kind === "hold" ? earliest(action) : undefined;
  const left = until === undefined ? Infinity : Date.parse(until) - Date.parse(observed.situation.now);
  // What has just ended is not asked for again in no time.
  return Math.max(1_000, Math.min(1_000 * intervalSeconds, left > 0 ? left : Infinity));
}

/** @throws Interrupted */
export async function rest(milliseconds: number, stop: AbortSignal): Promise<void> {
  await pause(milliseconds, undefined, { signal: stop }).catch(() => stop.throwIfAborted());
}
