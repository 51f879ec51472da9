import { nowIso, seconds as releaseSeconds } from "../../cloud/clock";
import { EXIT, type ExitCode } from "../exit";
import { Interrupted, interruptible } from "../reconcile/interrupt";
import { rest } from "../reconcile/loop";
import { wholeNumber } from "../rollback/options";
import { callerOf } from "../rollback/traffic";
import { namedSubject, stackSubject } from "../subject";
import type { Terminal } from "../terminal";
import { type WatchOutcome, watchOnce } from "../watch/watchOnce";
import { beside } from "../wrapped";

export interface WatchOptions {
  readonly stack?: string;
  readonly app?: string;
  readonly environment?: string;
  readonly region?: string;
  /** Seconds. */
  readonly interval: string;
  /** Seconds. Absent: until somebody ends it. */
  readonly timeout?: string;
  /** Look once. */
  readonly once?: boolean;
  readonly json?: boolean;
}

/**
 * Looks again and again, and fences and lowers where it is urgent: with credentials and nothing else. Where a flag fell
 * it goes on, for traffic is where it was.
 *
 * @returns 4 once traffic was taken back; what the last look found where its time is over, and 4 instead of 0 where a
 *   flag fell
 * @throws UsageError of options
 */
export async function watch(options: WatchOptions, terminal: Terminal): Promise<ExitCode> {
  const { interval, timeout, json = false } = options;
  const milliseconds = 1_000 * wholeNumber("--interval", interval, 3_600, 1);
  const seconds = timeout === undefined ? Infinity : wholeNumber("--timeout", timeout, 86_400 * 90, 1);
  const end = releaseSeconds() + seconds;
  const subject =
    options.stack === undefined ? namedSubject(options) : stackSubject(terminal.folder, options.stack);
  const by = await callerOf(subject.region);
  const print = (text: string): void => {
    if (!json) terminal.print(text);
  };
  let before = "";
  const look = async (): Promise<WatchOutcome> => {
    const lines: string[] = [];
    const outcome = await watchOnce(subject, (line) => lines.push(line), { by });
    const { app, environment, region } = subject;
    const news = JSON.stringify([outcome.kind, outcome.reasons, outcome.unseen]).replaceAll(/\d+/g, "");
    if (news === before) return outcome;
    before = news;
    const at = nowIso();
    if (json) terminal.print(JSON.stringify({ schema: 1, app, environment, region, at, ...outcome }));
    for (const line of [...beside(outcome.kind, at), ...lines.flatMap((line) => beside("", line))])
      print(line);
    return outcome;
  };
  return interruptible(
    (what) => print(what),
    async (stop) => {
      let last: WatchOutcome | undefined;
      let fell = false;
      const code = ({ code }: WatchOutcome): ExitCode =>
        fell && code === EXIT.done ? EXIT.rolledBack : code;
      try {
        for (;;) {
          last = await look();
          fell ||= last.code === EXIT.rolledBack;
          if (options.once || (last.code === EXIT.rolledBack && last.moved.length > 0)) return last.code;
          if (releaseSeconds() + milliseconds / 1_000 > end) return code(last);
          await rest(milliseconds, stop);
        }
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
        return last ? code(last) : EXIT.unobserved;
      }
    },
  );
}
