import { type ChildProcess, spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import type { Check } from "./checks";
import { type Counts, type Outcome, RESULTS } from "./outcome";

/** How to run checks: where, whether in colour, and how patient to be. */
export interface Running {
  /** The project's root, which is every check's working folder. */
  readonly root: string;
  readonly colour: boolean;
  /** Where output goes. Default: this process's own. */
  readonly print?: (text: string) => void;
  /** Seconds that a suite may take to exit after its last test. Default 10. */
  readonly exitSeconds?: number;
}

const running = new Set<ChildProcess>();

/** Sends a signal to every check that runs, and to what it started in its process group. */
export function signalAll(signal: NodeJS.Signals): void {
  for (const child of running) signalGroup(child, signal);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // The group is gone already, which is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function environment(colour: boolean): NodeJS.ProcessEnv {
  const { NO_COLOR, FORCE_COLOR, ...rest } = process.env;
  return colour ? { ...rest, FORCE_COLOR: FORCE_COLOR ?? "1" } : { ...rest, NO_COLOR: NO_COLOR ?? "1" };
}

/** Runs one check to its end. Never rejects: what goes wrong is the check's outcome. */
export async function run(check: Check, how: Running): Promise<Outcome> {
  const started = performance.now();
  const isSuite = check.kind === "suite";
  const toUs = isSuite && how.print === undefined ? "inherit" : "pipe";
  const flags = isSuite ? [how.colour ? "--color" : "--no-color"] : [];
  const child = spawn(process.execPath, [check.script, ...flags, ...check.args], {
    cwd: how.root,
    env: environment(how.colour),
    stdio: ["ignore", toUs, toUs, isSuite ? "pipe" : "ignore"],
    // A group of its own, so that what a test leaves behind can be ended with it.
    detached: true,
  });
  running.add(child);
  const print = how.print ?? ((output: string) => process.stdout.write(output));
  const output = Promise.all([child.stdout, child.stderr].filter((stream) => stream !== null).map(text));
  const results = isSuite ? readCounts(child.stdio[RESULTS] as Readable) : Promise.resolve(undefined);

  const watched = { stuck: false };
  const exitSeconds = how.exitSeconds ?? 10;
  void results.then((counts) => {
    if (counts === undefined) return;
    setTimeout(() => {
      watched.stuck = running.has(child);
      if (watched.stuck) signalGroup(child, "SIGKILL");
    }, exitSeconds * 1000).unref();
  });

  const ending = await new Promise<string | undefined>((resolve) => {
    child.once("error", (error) => {
      resolve(error.message);
    });
    child.once("exit", (code, signal) => {
      resolve(code === 0 ? undefined : signal === null ? `exit code ${code}` : `ended by ${signal}`);
    });
  });
  running.delete(child);
  // What the check started must not outlive it, nor hold its output open.
  signalGroup(child, "SIGKILL");
  const shown = (await output).join("");
  if (shown !== "" && (isSuite || ending !== undefined)) print(shown.endsWith("\n") ? shown : `${shown}\n`);

  const seconds = (performance.now() - started) / 1000;
  const { name } = check;
  const one = (failures: string[], notRun?: string): Outcome => ({
    ...{ name, seconds, passed: failures.length === 0 ? 1 : 0, failed: failures.length, failures },
    ...(notRun === undefined ? {} : { notRun }),
  });
  if (!isSuite) return one(ending === undefined ? [] : [ending]);
  const counts = await results;
  if (counts === undefined) return one(["the whole suite"], `no result, ${ending ?? "exit code 0"}`);
  if (counts.passed + counts.failed === 0) return one(["the whole suite"], "it has no test");
  if (watched.stuck) {
    const why = `did not exit within ${exitSeconds} s of its last test: something was left open`;
    return { ...counts, name, seconds, failed: counts.failed + 1, failures: [...counts.failures, why] };
  }
  if (ending !== undefined && counts.failed === 0) {
    return { ...counts, name, seconds, failed: 1, failures: [`${ending} after its last test`] };
  }
  return { ...counts, name, seconds };
}

/** The one line that a suite's reporter writes, as soon as it is there; undefined where it ended without one. */
function readCounts(pipe: Readable): Promise<Counts | undefined> {
  return new Promise((resolve) => {
    let received = "";
    pipe.setEncoding("utf8");
    pipe.on("data", (piece: string) => {
      received += piece;
      if (received.endsWith("\n")) resolve(JSON.parse(received) as Counts);
    });
    const gone = () => {
      resolve(undefined);
    };
    pipe.on("error", gone);
    pipe.on("close", gone);
  });
}
