import type { ExitCode } from "../exit";
import { loop } from "../reconcile/loop";
import { type Calling, type ReconcileOptions, session } from "../reconcile/session";
import { wholeNumber } from "../rollback/options";
import type { Terminal } from "../terminal";

/** Seconds. */
const LONGEST = 90 * 86_400;

export interface RunOptions extends Omit<ReconcileOptions, "writeOnly"> {
  /** Seconds. */
  readonly interval: string;
  /** Seconds. Absent: as long as it takes. */
  readonly timeout?: string;
  /** Only go on with what was deployed. */
  readonly begun?: boolean;
}

/** Reconciles until the release is done, held for a person, or taken back. @throws UsageError of options, settings */
export function run(options: RunOptions, terminal: Terminal, calling: Calling = {}): Promise<ExitCode> {
  const { interval, timeout } = options;
  const pace = {
    intervalSeconds: wholeNumber("--interval", interval, 3_600, 1),
    timeoutSeconds: timeout === undefined ? undefined : wholeNumber("--timeout", timeout, LONGEST, 1),
  };
  const how = { ...calling, flags: true, begun: options.begun === true };
  return session(options, terminal, how, (session) => loop(session, pace));
}
