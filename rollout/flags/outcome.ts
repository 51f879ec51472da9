import { EXIT, type ExitCode } from "../exit";
import type { Converged } from "../rollback/converge";
import type { Journal } from "../rollback/journal";
import type { Subject } from "../subject";
import type { Terminal } from "../terminal";

/** How a change of a flag ended. */
export interface Finished {
  readonly subject: Subject;
  readonly stack?: string | undefined;
  readonly flag: string;
  readonly journal: Journal;
  readonly terminal: Terminal;
  readonly json?: boolean | undefined;
  /** Further keys of the JSON. */
  readonly more: object;
}

/** Prints what was done as JSON, where that is asked for: a person has read it as it happened. */
export function finish(code: ExitCode, finished: Finished): ExitCode {
  const { subject, stack, flag, journal, terminal, json, more } = finished;
  if (!json) return code;
  const { app, environment, region } = subject;
  const record = {
    schema: 1,
    ...{ app, environment, region, ...(stack !== undefined && { stack }), flag, code, ...more },
    journal: journal.entries,
  };
  terminal.print(JSON.stringify(record, null, 2));
  return code;
}

/** What was left to whoever applies configuration is no fault of this command. */
export const codeOf = (converged: Converged): ExitCode =>
  converged === "failed" ? EXIT.drift : converged === "locked" ? EXIT.locked : EXIT.done;
