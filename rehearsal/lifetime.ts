import { constants } from "node:os";
import { isAlive, parentOf } from "./processes";

/** How often the way up to npm is looked at, in milliseconds. */
const LOOK = 1_000;

/** After an end was asked for, everything is gone after this long, in milliseconds, tidy or not. */
const PATIENCE = 9_000;

/** Why a run was ended from outside. */
export class Ended extends Error {
  constructor(
    readonly reason: string,
    /** What the shell expects: 128 plus the signal's number. */
    readonly exitCode: number,
  ) {
    super(reason);
    this.name = "Ended";
  }
}

/**
 * A signal that aborts when this process is asked to end: by INT, TERM or HUP, or because npm, which
 * started it through a shell, was killed and could not pass that on. Its reason is an {@link Ended}.
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
  const parent = process.ppid;
  // npm starts a shell and that starts us: a killed npm leaves the shell, and so our parent, in place.
  const npm = process.env["npm_lifecycle_event"] === undefined ? undefined : parentOf(parent);
  setInterval(() => {
    if (process.ppid !== parent) end("the parent process has gone", 129);
    else if (npm !== undefined && !isAlive(npm)) end("npm has gone", 129);
  }, LOOK).unref();
  return controller.signal;
}
