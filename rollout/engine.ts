import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { releaseTimeOf } from "../cloud/clock";
import type { Update } from "../model/history";
import { type StateResource, recordedFrom } from "../model/recorded";
import type { Recorded } from "../model/release";
import { reasonOf } from "./failure";

/** No `pulumi` on PATH. */
export class NoEngineError extends Error {
  override readonly name = "NoEngineError";
}

/** What the engine has of a stack. */
export interface State {
  /** Absent: no update has completed yet. */
  readonly recorded?: Recorded;
  /** URNs of what a shift or a promote changes: the weighted rules, the transition, and what is published. */
  readonly shifted: readonly string[];
}

/** How an update ended; `locked`: it did not begin, for somebody else's holds the stack. */
export interface Updated {
  readonly outcome: "succeeded" | "failed" | "locked";
  /** The last lines that the engine printed, for a person. */
  readonly said: string;
}

interface Exported {
  readonly deployment?: {
    readonly resources?: readonly {
      readonly urn: string;
      readonly type: string;
      readonly outputs?: Readonly<Record<string, unknown>>;
    }[];
  };
}

const TRANSITION = "sluice:release:Transition";

/**
 * What `sluice:role` says of what follows a release: its rules, the parameter that publishes who is trusted, and flags,
 * which are recorded with it.
 */
const SHIFTED: readonly string[] = ["weighted", "release", "flag"];

/** How backends say that another update is running: a folder or bucket, and Pulumi's service. */
const LOCKED = /currently locked by|another update is currently in progress/i;

/** How a folder or bucket answers while another engine replaces the state in it. */
const HALF_WRITTEN = /failed to load checkpoint/i;

/** How often it is read again, and after how many milliseconds. */
const REREADS = 5;
const REREAD_AFTER = 500;

/** How a call of the engine ended, and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Lines of the engine's that are worth repeating. */
const LINES = 12;

/** `pulumi` as it is on PATH, in a project's folder. */
export class Engine {
  /**
   * @param folder of Pulumi.yaml
   * @param apart whether what a terminal sends to all that runs in it, Ctrl-C, is kept from the engine. Default: no
   */
  constructor(
    readonly folder: string,
    readonly stack: string,
    private readonly apart = false,
  ) {}

  /**
   * The stack's state. A lock does not keep anybody from reading it.
   *
   * @param seconds after which it counts as not observed
   * @throws NoEngineError, and Error with what the engine said
   */
  async state(seconds = 20): Promise<State> {
    const { code, out, err } = await this.#run(["stack", "export"], AbortSignal.timeout(seconds * 1000));
    if (code !== 0) throw new Error(lastOf(err) || `pulumi stack export ended with ${String(code)}`);
    const resources = (JSON.parse(out) as Exported).deployment?.resources ?? [];
    const recorded = recordedFrom(
      resources.map(({ type, outputs = {} }): StateResource => ({ type, outputs })),
    );
    return {
      ...(recorded && { recorded }),
      shifted: resources
        .filter(({ type, outputs }) => type === TRANSITION || isShifted(outputs))
        .map(({ urn }) => urn),
    };
  }

  /**
   * Updates of the stack that have ended, the newest first; one whose engine was killed is not among them.
   *
   * @param most of them; 0: all there are
   * @param seconds after which it counts as not observed
   * @throws NoEngineError, and Error with what the engine said
   */
  async history(most: number, seconds = 60): Promise<readonly Update[]> {
    const { code, out, err } = await this.#run(
      ["stack", "history", "--json", "--page-size", String(most)],
      AbortSignal.timeout(seconds * 1000),
    );
    if (code !== 0) throw new Error(lastOf(err) || `pulumi stack history ended with ${String(code)}`);
    return (JSON.parse(out) as readonly Update[]).map((update) => ({
      ...update,
      startTime: releaseTimeOf(update.startTime),
      ...(update.endTime !== undefined && { endTime: releaseTimeOf(update.endTime) }),
    }));
  }

  /**
   * Updates these resources alone, without a preview.
   *
   * @throws NoEngineError, and Error where none are named: the engine would update everything
   */
  async update(urns: readonly string[], message: string): Promise<Updated> {
    if (urns.length === 0) throw new Error("the state has no weighted rules yet");
    return this.#up(
      message,
      urns.flatMap((urn) => ["--target", urn]),
    );
  }

  /**
   * Updates the whole stack, without a preview.
   *
   * @param judges options that name the policy packs. Default: none judges it
   * @throws NoEngineError
   */
  updateAll(message: string, judges: readonly string[] = []): Promise<Updated> {
    return this.#up(message, judges);
  }

  /**
   * Any other call, with the stack named and nobody to be asked.
   *
   * @param env over this process's own
   * @param heard told of each line that it prints, when it prints it
   * @throws NoEngineError
   */
  call(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    heard?: (line: string) => void,
  ): Promise<Ended> {
    return this.#run(args, undefined, env, heard);
  }

  async #up(message: string, options: readonly string[]): Promise<Updated> {
    const { code, out, err } = await this.#run([
      ...["up", "--yes", "--skip-preview", "--suppress-progress", "--message", message],
      ...options,
    ]);
    const said = lastOf(`${out}\n${err}`);
    if (code === 0) return { outcome: "succeeded", said };
    return { outcome: LOCKED.test(`${out}\n${err}`) ? "locked" : "failed", said };
  }

  /** What was read while somebody else's update wrote it is read again, a few times. */
  async #run(
    args: readonly string[],
    signal?: AbortSignal,
    env: Readonly<Record<string, string>> = {},
    heard?: (line: string) => void,
  ): Promise<Ended> {
    for (let left = REREADS; ; left -= 1) {
      const ended = await this.#runOnce(args, env, signal, heard);
      if (ended.code === 0 || left === 0 || !HALF_WRITTEN.test(ended.err + ended.out)) return ended;
      await pause(REREAD_AFTER);
    }
  }

  #runOnce(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    signal?: AbortSignal,
    heard?: (line: string) => void,
  ): Promise<Ended> {
    const all = [...args, "--stack", this.stack, "--non-interactive", "--color", "never"];
    return new Promise((resolve, reject) => {
      const child = spawn("pulumi", all, {
        cwd: this.folder,
        detached: this.apart,
        stdio: ["ignore", "pipe", "pipe"],
        // Asking whether there is a newer version would take longer than the answer.
        env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true", ...env },
        ...(signal && { signal }),
      });
      const [out, err]: string[][] = [[], []];
      child.stdout.setEncoding("utf8").on("data", (text: string) => out?.push(text));
      child.stderr.setEncoding("utf8").on("data", (text: string) => err?.push(text));
      if (heard)
        for (const input of [child.stdout, child.stderr]) createInterface({ input }).on("line", heard);
      child.once("error", (error: NodeJS.ErrnoException) => {
        reject(error.code === "ENOENT" ? new NoEngineError("no pulumi on PATH") : new Error(reasonOf(error)));
      });
      child.once("close", (code) => resolve({ code, out: out?.join("") ?? "", err: err?.join("") ?? "" }));
    });
  }
}

const isShifted = (outputs: Readonly<Record<string, unknown>> | undefined): boolean =>
  SHIFTED.includes(
    (outputs?.["tags"] as Readonly<Record<string, string>> | undefined)?.["sluice:role"] ?? "",
  );

const lastOf = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter(Boolean)
    .slice(-LINES)
    .join("\n");
