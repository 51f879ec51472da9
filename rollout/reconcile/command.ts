import { spawn } from "node:child_process";
import { constants } from "node:os";
import { plainLine } from "../../model/masked";
import type { CommandGate } from "../../model/rollout/gate";
import type { Seen } from "../../model/rollout/seen";
import { reasonOf } from "../failure";
import { SIGNALS } from "../signals";

/** How a command ended, and the last line that it printed. */
export interface Ended {
  readonly exit: number | "timeout";
  readonly said?: string;
}

/** Where and as what it runs. */
export interface Surroundings {
  readonly folder: string;
  /** Beside this process's own. */
  readonly env: Readonly<Record<string, string>>;
}

/** As much of what it prints as is kept, from its end, in characters. */
const KEPT = 4_000;

/** Most of a line that becomes evidence, in characters. */
const LINE = 200;

/** How long it has to end by itself after its time is over, in milliseconds. */
const GRACE = 2_000;

/**
 * Runs a gate's command, without a shell, in a process group of its own: what it has started ends with it, and with
 * this process. It never throws.
 */
export function runCommand(
  { command, timeoutSeconds }: Pick<CommandGate, "command" | "timeoutSeconds">,
  { folder, env }: Surroundings,
): Promise<Seen<Ended>> {
  const [program = "", ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: folder,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    let printed = "";
    let isLate = false;
    const end = (signal: NodeJS.Signals): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal);
      } catch {
        // Nobody of the group is left.
      }
    };
    const ended = (signal: NodeJS.Signals): void => {
      end("SIGKILL");
      // Where nobody else waits for the signal, it has to end this process as if nobody did.
      process.off(signal, ended);
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    };
    const atExit = (): void => end("SIGKILL");
    let stubborn: NodeJS.Timeout | undefined;
    const late = setTimeout(() => {
      isLate = true;
      end("SIGTERM");
      stubborn = setTimeout(atExit, GRACE);
    }, 1_000 * timeoutSeconds);
    const finish = (seen: Seen<Ended>): void => {
      clearTimeout(late);
      clearTimeout(stubborn);
      for (const signal of SIGNALS) process.off(signal, ended);
      process.off("exit", atExit);
      resolve(seen);
    };
    for (const signal of SIGNALS) process.on(signal, ended);
    process.on("exit", atExit);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (printed = (printed + text).slice(-KEPT)));
    }
    child.once("error", (error) => {
      finish({ unseen: `${program} could not be started in ${folder}: ${reasonOf(error)}` });
    });
    // Not only the command itself: what it left behind would hold what is read here open.
    child.once("exit", atExit);
    child.once("close", (code, signal) => {
      const exit = isLate ? "timeout" : (code ?? 128 + (signal ? constants.signals[signal] : 0));
      const said = lastLine(printed);
      finish({ value: { exit, ...(said !== undefined && { said }) } });
    });
  });
}

/** Without what a terminal would take for orders, and what looks like a secret: it is kept and sent on as evidence. */
const lastLine = (text: string): string | undefined =>
  text
    .replaceAll(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, "")
    .split(/[\r\n]+/)
    .map((line) => plainLine(line, LINE))
    .findLast(Boolean);
