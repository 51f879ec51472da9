import { seconds, sleep } from "../../cloud/clock";
import { isTakenBack } from "../../model/flags/action";
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
  /** After which it ends as the last tick did. Absent: it goes on for as long as it takes. */
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
  const end = seconds() + timeoutSeconds;
  let isBack = false;
  let failures = 0;
  for (let isFirst = true; ; isFirst = false) {
    const ticked = await session.tick().catch((error: unknown) => {
      // Somebody edits the file while the release is on its way, and will have done so soon.
      if (isFirst || !(error instanceof UsageError) || seconds() > end) throw error;
      session.tell(error.message);
    });
    if (!ticked) {
      await rest(1_000 * pace.intervalSeconds, session.stop);
      continue;
    }
    const { action, code, isLeft } = ticked;
    const left = restOf(ticked);
    // A retreat that the state has not heard of yet is still followed; that it was one counts at the end.
    isBack ||= isRetreat(ticked);
    const ended = (otherwise: ExitCode): ExitCode => (isBack ? EXIT.rolledBack : otherwise);
    const isOver = left !== undefined && code === EXIT.rolledBack && isWhole(action);
    if (isLeft || left?.kind === "done" || isOver) return ended(code);
    if (left?.kind === "hold" && !waitsFor(left)) return ended(code);
    if (left?.kind !== "hold") {
      failures = code === EXIT.drift ? failures + 1 : 0;
      if (failures === MOST_FAILURES) return ended(code);
      if (code === EXIT.done || (left === undefined && code === EXIT.rolledBack)) continue;
    }
    const milliseconds = waitOf(left, ticked, pace.intervalSeconds);
    if (seconds() + milliseconds / 1_000 > end) {
      session.tell(`NOT done after ${timeoutSeconds} s; call it again: it goes on with what is there`);
      return ended(code === EXIT.done ? EXIT.held : code);
    }
    await rest(milliseconds, session.stop);
  }
}

/** What a tick has left to be waited for; undefined where a flag was changed instead. */
const restOf = ({ action, waits, did = [] }: Ticked): Action | undefined =>
  did.length > 0 ? undefined : (waits ?? action);

const isRetreat = ({ action, did = [] }: Ticked): boolean =>
  (action.kind === "retreat" && action.moves.length > 0) || did.some(isTakenBack);

/** Whether nobody but the live colour has traffic then: a colour that did not carry all of it may get the rest later. */
const isWhole = (action: Action): boolean =>
  action.kind === "retreat" && action.release.traffic[action.release.live] === 100;

/** No longer than until time has ended what it can end: then something is to be done. */
function waitOf(left: Action | undefined, { observed }: Ticked, intervalSeconds: number): number {
  const until = left?.kind === "hold" ? earliest(left) : undefined;
  const remains = until === undefined ? Infinity : Date.parse(until) - Date.parse(observed.situation.now);
  // What has just ended is not asked for again in no time.
  return Math.max(1_000, Math.min(1_000 * intervalSeconds, remains > 0 ? remains : Infinity));
}

/** @throws Interrupted */
export async function rest(milliseconds: number, stop: AbortSignal): Promise<void> {
  await sleep(milliseconds / 1_000, { signal: stop }).catch(() => stop.throwIfAborted());
}
