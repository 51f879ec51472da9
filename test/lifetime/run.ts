import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Listed, processTable } from "./processTable";

const ROOT = join(__dirname, "../..");

/** How often the processes of a run are looked at, in milliseconds. */
const LOOK = 100;

/**
 * Seconds in which nothing is left of a run that was told to end, or that lost any one process: what lost its parent
 * notices that within 5, and an engine that is interrupted has 5 to finish what it is doing.
 */
export const GONE = 10;

/** `npm start`, in a session of its own as in a terminal, and everything that it started. */
export class Run {
  /** Its exit code as a shell has it: 128 and the signal's number where a signal ended npm itself. */
  readonly ended: Promise<number>;
  readonly #npm: ChildProcess;
  readonly #guard: ChildProcess;
  readonly #known = new Map<string, Listed>();
  readonly #watch: NodeJS.Timeout;
  #output = "";
  #status: number | undefined;

  constructor() {
    const stdio = ["ignore", "pipe", "pipe"] as const;
    this.#npm = spawn("npm", ["start"], { cwd: ROOT, detached: true, stdio: [...stdio] });
    for (const stream of [this.#npm.stdout!, this.#npm.stderr!]) {
      stream.setEncoding("utf8").on("data", (text: string) => (this.#output += text));
    }
    this.ended = new Promise((resolve) =>
      this.#npm.once("exit", (code, signal) => {
        this.#status = code ?? 128 + constants.signals[signal!];
        resolve(this.#status);
      }),
    );
    // Tests that are killed themselves must not leave a rehearsal behind: their end closes its input.
    this.#guard = spawn("sh", ["-c", `read _ || kill -s INT -- -"$1"`, "sh", String(this.pid)], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    this.#watch = setInterval(() => this.alive(), LOOK);
    this.alive();
  }

  get pid(): number {
    return this.#npm.pid!;
  }

  /** What npm and the rehearsal have printed so far, on either stream. */
  get output(): string {
    return this.#output;
  }

  /**
   * The processes of this run that have not ended: npm, its descendants, and those that had become orphans before
   * they were first seen but are in a process group that a descendant leads.
   */
  alive(): Listed[] {
    const table = processTable();
    const key = ({ pid, started }: Listed) => `${pid} ${started}`;
    const npm = this.#status !== undefined ? undefined : table.find(({ pid }) => pid === this.pid);
    if (npm) this.#known.set(key(npm), npm);
    for (let found = true; found;) {
      const ours = new Set([...this.#known.values()].map(({ pid }) => pid));
      const born = table.filter(
        (process) =>
          !this.#known.has(key(process)) &&
          !ours.has(process.pid) &&
          (ours.has(process.parent) || ours.has(process.group)),
      );
      for (const process of born) this.#known.set(key(process), process);
      found = born.length > 0;
    }
    return table.filter((process) => this.#known.has(key(process)));
  }

  /** The process of this run whose command line matches; undefined where there is none now. */
  find(line: RegExp): Listed | undefined {
    return this.alive().find((process) => line.test(process.line));
  }

  /** Waits until `look` gives something. @throws Error with the output, where the run ends or time is over before */
  async until<T>(what: string, seconds: number, look: () => T | undefined | false): Promise<T> {
    const deadline = performance.now() + 1000 * seconds;
    for (;;) {
      const found = look();
      if (found !== undefined && found !== false) return found;
      if (this.#status !== undefined || performance.now() > deadline) {
        const why = this.#status !== undefined ? "npm start ended before" : `not within ${seconds} s:`;
        throw new Error(`${why} ${what}. It printed:\n${this.#output}`);
      }
      await sleep(LOOK);
    }
  }

  /** Seconds until nothing of this run is left. @throws Error that names what was, where that takes too long */
  async untilGone(seconds: number): Promise<number> {
    const began = performance.now();
    const passed = () => (performance.now() - began) / 1000;
    let left = this.alive();
    for (; left.length > 0 && passed() < seconds; left = this.alive()) await sleep(LOOK);
    if (left.length === 0) return passed();
    const list = left.map(({ pid, parent, line }) => `  ${pid} (child of ${parent}) ${line}`).join("\n");
    throw new Error(`after ${seconds} s these are left:\n${list}\nIt printed:\n${this.#output}`);
  }

  /** Whatever is left, ended at once: for after a test. */
  kill(): void {
    clearInterval(this.#watch);
    this.#guard.stdin!.end("\n");
    for (const { pid } of this.alive()) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }
  }
}
