import type { Rollback } from "../../model/rollback";
import { EXIT, type ExitCode } from "../exit";
import type { Subject } from "../subject";
import type { Terminal } from "../terminal";
import type { Converged } from "./converge";
import type { Journal } from "./journal";
import { type RollbackOptions, command } from "./options";

/** What a rollback did, for `--json`. */
export interface Outcome {
  readonly decision: Rollback;
  readonly movedAfter?: number;
  readonly failed: Readonly<Record<string, string>>;
  readonly fenced?: boolean;
  readonly converged: Converged;
}

export interface Ending {
  readonly subject: Subject;
  readonly journal: Journal;
  readonly terminal: Terminal;
  readonly options: RollbackOptions;
}

/** Says how it ended. */
export function end(outcome: Outcome, { subject, journal, terminal, options }: Ending): ExitCode {
  const { decision, failed, fenced, converged, movedAfter } = outcome;
  const { to, held, carries, moves } = decision;
  const isHeld = held.length > 0;
  if (isHeld) {
    const again = command(options, subject);
    const ways = [
      ...(carries ? [`as much as it carries: ${again} --to ${to} --share ${carries}`] : []),
      `all the same: ${again} --to ${to} --anyway`,
    ];
    journal.tell([`NOT moved: ${held.join("; ")}`, ...ways].join("\n"));
  }
  const code = codeOf(outcome, options.dryRun === true);
  const nothing =
    moves.length === 0 ? `nothing to move: ${to} has its share at every rule` : "traffic NOT moved";
  const last = movedAfter !== undefined ? `traffic moved after ${movedAfter} ms` : nothing;
  if (!options.json) {
    if (!options.dryRun && !isHeld) terminal.print(last);
    return code;
  }
  const { app, environment, region } = subject;
  const json = {
    schema: 1,
    ...{ app, environment, region, ...(options.stack !== undefined && { stack: options.stack }) },
    ...{ dryRun: options.dryRun === true, reason: options.reason, to, code },
    fence: decision.fence ?? null,
    fenced: fenced ?? null,
    rules: moves.map(({ rule, shares }) => ({
      service: rule.service,
      from: rule.shares,
      to: shares,
      ...(failed[rule.service] !== undefined && { failed: failed[rule.service] }),
    })),
    ...{ held, carries: carries ?? null, remarks: decision.remarks },
    movedAfterMilliseconds: movedAfter ?? null,
    state: converged,
    journal: journal.entries,
  };
  terminal.print(JSON.stringify(json, null, 2));
  return code;
}

function codeOf({ decision, failed, fenced, converged }: Outcome, isDry: boolean): ExitCode {
  if (decision.held.length > 0) return EXIT.held;
  if (isDry) return EXIT.done;
  if (Object.keys(failed).length > 0 || converged === "failed" || fenced === false) return EXIT.drift;
  return converged === "locked" ? EXIT.locked : EXIT.done;
}
