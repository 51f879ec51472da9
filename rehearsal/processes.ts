import { execFileSync } from "node:child_process";

/** One column that `ps` has for a process; undefined where there is no such process, or no `ps`. */
function ps(column: "ppid" | "lstart", pid: number): string | undefined {
  try {
    const text = execFileSync("ps", ["-o", `${column}=`, "-p", String(pid)], {
      encoding: "utf8",
      // A time of start is compared with what another process was told, whose zone may be another.
      env: { ...process.env, TZ: "UTC", LC_ALL: "C" },
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
    return text === "" ? undefined : text;
  } catch {
    return undefined;
  }
}

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

/** A process that is told apart from a later one with the same number. */
export interface ProcessId {
  readonly pid: number;
  /** As `ps` prints it; undefined where there is no `ps`. */
  readonly started?: string;
}

export const identify = (pid: number): ProcessId => {
  const started = ps("lstart", pid);
  return { pid, ...(started !== undefined && { started }) };
};

/** Whether exactly this process still runs. */
export const isRunning = (known: ProcessId): boolean =>
  isAlive(known.pid) && (known.started === undefined || identify(known.pid).started === known.started);

/** The parent of a process; undefined where it cannot be known. */
export const parentOf = (pid: number): number | undefined => {
  const parent = Number(ps("ppid", pid));
  return Number.isInteger(parent) && parent > 0 ? parent : undefined;
};
