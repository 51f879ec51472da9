import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** What {@link runLeashed} runs, and how. */
export interface Run {
  command: string;
  args: string[];
  /** The working directory; this process's by default. */
  cwd?: string;
  env: NodeJS.ProcessEnv;
  /** Called with each line that the command prints, on either stream. */
  line?: (line: string, stream: "out" | "err") => void;
  /** Ends the command and all that it started. */
  signal?: AbortSignal;
  /** The longest that it may take, in seconds. */
  limit?: number;
}

/** How many of a failed command's last lines its error quotes. */
export const QUOTED = 6;

/** How a command ended. */
export interface RunEnd {
  /** 128 and the signal's number where one ended it; null where the leash itself was killed. */
  readonly code: number | null;
  /** The last lines that it printed. */
  readonly last: string;
}

/**
 * Runs a command to its end. It is ended, with its whole process group, by `signal`, by `limit`, and with this
 * process however that ends.
 *
 * @throws Error where it could not be started, where `signal` aborts, and after `limit`
 */
export async function endOfLeashed({ command, args, cwd, env, line, signal, limit }: Run): Promise<RunEnd> {
  signal?.throwIfAborted();
  const leash = [join(__dirname, "leash.js"), command, ...args];
  const child = spawn(process.execPath, leash, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  const last: string[] = [];
  const heard = (stream: "out" | "err") => (text: string) => {
    if (last.push(text) > QUOTED) last.shift();
    line?.(text, stream);
  };
  createInterface(child.stdout).on("line", heard("out"));
  createInterface(child.stderr).on("line", heard("err"));

  const end = () => child.kill("SIGTERM");
  const late = new AbortController();
  late.signal.addEventListener("abort", end);
  signal?.addEventListener("abort", end);
  const timer = limit === undefined ? undefined : setTimeout(() => late.abort(), limit * 1000);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    signal?.throwIfAborted();
    if (late.signal.aborted) throw new Error(`gave no result within ${limit} seconds`);
    return { code, last: last.join("\n").trim() };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
}

/** Likewise, and throws an Error with the last of what it printed if it fails. */
export async function runLeashed(run: Run): Promise<void> {
  const { code, last } = await endOfLeashed(run);
  if (code !== 0) throw new Error(last || `${run.command} ended with exit code ${code}`);
}
