import { type ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** What a child may take to end once its standard input has closed, in milliseconds. */
const GRACE = 3_000;

/** A process of this project that serves something as long as its standard input is open. */
export interface ServingChild {
  /** The first line that it printed: where it serves. */
  readonly line: string;
  /** Settles when it has ended, for whatever reason, with how: "ended by SIGKILL". Never rejects. */
  readonly ended: Promise<string>;
  /** Closes its standard input, and kills it where it does not mind. */
  readonly stop: () => Promise<void>;
}

export interface ChildOptions {
  /** What it is, for messages: "the local cloud". */
  readonly name: string;
  /** A TypeScript file. */
  readonly script: string;
  /** Beside this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends it, and the wait for its first line. */
  readonly signal?: AbortSignal;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * Starts a process and waits for its first line.
 *
 * @throws Error with the last of what it printed, where it ends before that; the signal's reason, where that aborts
 */
export async function startChild({ name, script, env, signal }: ChildOptions): Promise<ServingChild> {
  signal?.throwIfAborted();
  const hook = join(__dirname, "../../fast.cjs");
  const child = spawn(process.execPath, ["-r", hook, script], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  // It may end while its input is being closed.
  child.stdin.on("error", () => undefined);
  const ended = endOf(child);
  const stop = async () => {
    child.stdin.end();
    const kill = setTimeout(() => child.kill("SIGKILL"), GRACE);
    await ended;
    clearTimeout(kill);
  };
  const aborted = signal && abortOf(signal);
  try {
    const line = await Promise.race([
      new Promise<string>((resolve) => createInterface(child.stdout).once("line", resolve)),
      ended.then((how) => {
        throw new Error(`${name} ${how} before it was ready`);
      }),
      ...(aborted ? [aborted.promise] : []),
    ]);
    return { line, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    aborted?.forget();
  }
}

function endOf(child: Child): Promise<string> {
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-8_000)));
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`could not be started: ${error.message}`));
    // Not "exit": what it printed last may still be on its way.
    child.once("close", (code, signal) => {
      const how = signal === null ? `ended with exit code ${code}` : `ended by ${signal}`;
      resolve([how, reasonIn(said)].filter(Boolean).join(": "));
    });
  });
}

/** The line that says why, of what Node.js prints about an error: the first that begins like an error, else the last. */
function reasonIn(printed: string): string {
  const lines = printed.split("\n").map((line) => line.trim());
  const error = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.findLast(Boolean) ?? "";
  return error.replace(/^Error: /, "");
}

function abortOf(signal: AbortSignal): { promise: Promise<never>; forget: () => void } {
  let forget = (): void => undefined;
  const promise = new Promise<never>((_, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
    forget = () => signal.removeEventListener("abort", abort);
  });
  return { promise, forget };
}
