import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** What the system says about a process that has not ended. */
interface Facts {
  readonly parent: number;
  /** In whatever form the system has; the same whenever it is asked. */
  readonly started: string;
}

/** Facts about a process; undefined where there is no such process, it has ended, or nobody can tell. */
const factsOf = (pid: number): Facts | undefined =>
  process.platform === "linux" ? fromProc(pid) : fromPs(pid);

/** Many containers have no `ps`, and its start times waver by a second there. */
function fromProc(pid: number): Facts | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the command's name in parentheses, which may contain spaces and parentheses.
    const [state, parent, ...more] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended; who started it has not asked yet.
    if (state === "Z" || state === "X") return undefined;
    return { parent: Number(parent), started: String(more[17]) };
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): Facts | undefined {
  const [, state, parent, started] =
    /^(\S+)\s+(\d+)\s+(.+)$/.exec(ps("stat=,ppid=,lstart=", pid) ?? "") ?? [];
  if (state === undefined || state.startsWith("Z") || started === undefined) return undefined;
  return { parent: Number(parent), started };
}

/** Columns that `ps` has for a process; undefined where there is no such process, or no `ps`. */
function ps(columns: string, pid: number): string | undefined {
  try {
    const text = execFileSync("ps", ["-ww", "-o", columns, "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      // A date in the user's language would differ from one that another user's rehearsal wrote.
      env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
    }).trim();
    return text === "" ? undefined : text;
  } catch {
    return undefined;
  }
}

/** A process that is told apart from a later one with the same number. */
export interface ProcessId {
  readonly pid: number;
  /** As the system tells it; undefined where it does not. */
  readonly started?: string;
}

export const identify = (pid: number): ProcessId => {
  const facts = factsOf(pid);
  return { pid, ...(facts && { started: facts.started }) };
};

/** Whether exactly this process still runs; one that has ended and is not yet forgotten does not. */
export const isRunning = ({ pid, started }: ProcessId): boolean =>
  started === undefined ? isAlive(pid) : factsOf(pid)?.started === started;

/** Whether a process of this number exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process exists as well.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The parent of a process; undefined where it cannot be known. */
export const parentOf = (pid: number): number | undefined => factsOf(pid)?.parent;

/** The command line of a process; undefined where there is no such process, or nobody can tell. */
export function commandLine(pid: number): string | undefined {
  if (process.platform !== "linux") return ps("args=", pid);
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return undefined;
  }
}

/**
 * The process on whose behalf this one runs: its parent, or where npm (or another that runs scripts) started it
 * through a shell, npm. Undefined where it cannot be known.
 */
export function launcher(): ProcessId | undefined {
  const parent = process.ppid;
  // Some shells replace themselves by the last command of a script: then npm is the parent.
  const throughShell =
    process.env["npm_lifecycle_event"] !== undefined && /^\S*sh -c /.test(commandLine(parent) ?? "");
  const pid = throughShell ? parentOf(parent) : parent;
  return pid === undefined ? undefined : identify(pid);
}
