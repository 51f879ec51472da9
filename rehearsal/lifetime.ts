import { constants } from "node:os";
import { isRunning, launcher } from "./processes";

/** How often it is looked whether npm is still there, in milliseconds. */
const LOOK = 1_000;

/** After an end was asked for, everything is gone after this long, in milliseconds, tidy or not. */
const PATIENCE = 9_000;

/** Why a run was ended from outside. */
export class Ended extends Error {
  constructor(
    /** A signal's name, or who has gone. */
    readonly reason: string,
    /** What the shell expects: 128 plus the signal's number. */
    readonly exitCode: number,
  ) {
    super(reason);
    this.name = "Ended";
  }
}

/** Whether an abort's reason is that the user at the terminal asked for the end. */
export const isCtrlC = (reason: unknown): boolean => reason instanceof Ended && reason.reason === "SIGINT";

/**
 * A signal that aborts when this process is asked to end: by INT, TERM or HUP, because nobody reads what it prints
 * any more, or because npm, which started it through a shell, was killed and could not pass that on. Its reason is
 * an {@link Ended}.
 */
export function lifetime(): AbortSignal {
  const controller = new AbortController();
  const end = (reason: string, exitCode: number) => {
    if (controller.signal.aborted) return;
    controller.abort(new Ended(reason, exitCode));
    setTimeout(() => process.exit(exitCode), PATIENCE).unref();
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => end(name, 128 + constants.signals[name]));
  }
  process.stdout.on("error", () => end("nobody reads the output", 128 + constants.signals.SIGPIPE));
  process.stderr.on("error", () => undefined);
  const parent = process.ppid;
  // A killed npm leaves the shell between, and so our parent, in place.
  const npm = launcher();
  setInterval(() => {
    if (process.ppid !== parent) end("the parent process has gone", 129);
    else if (npm !== undefined && !isRunning(npm)) end("npm has gone", 129);
  }, LOOK).unref();
  return controller.signal;
}
