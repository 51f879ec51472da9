import { join } from "node:path";
import { onMachine } from "../cloud/clock";
import type { Subject } from "../rollout/subject";
import { QUOTED, endOfLeashed } from "./engine/run";

/** Where the command line is called. */
export interface Scene {
  /** The working copy. */
  readonly dir: string;
  readonly stack: string;
  /** What processes need to meet this cloud in place of AWS. */
  readonly env: Readonly<Record<string, string>>;
  readonly subject: Subject;
  readonly signal: AbortSignal;
}

/** The URL of a scene's cloud. */
export const endpointOf = ({ env }: Pick<Scene, "env">): string => env["AWS_ENDPOINT_URL"] ?? "";

const SLUICE = join(__dirname, "..", "bin", "sluice.js");

/** How the command line ended. */
export interface SluiceEnd {
  /** Null where it was killed, or had to be ended. */
  readonly code: number | null;
  /** The last lines that it printed. */
  readonly last: string;
  /** The seconds in which it did not end; absent where it did. */
  readonly late?: number;
}

/** How it ended, as a clause. */
export function endText({ code, late }: Pick<SluiceEnd, "code" | "late">): string {
  if (late !== undefined) return `did not end within ${late} s`;
  return code === null ? "was killed" : `ended with ${code}`;
}

/**
 * Seconds of the machine's time that a call may take: an hour of the release's, longer than any scenario should, and
 * ten minutes for a busy machine's updates.
 */
const longest = (): number => Math.round(onMachine(3_600) + 600);

/** What is heard of a call, and how long it may take. */
export interface Hearing {
  /** Called with each line that it prints, as it comes. */
  readonly line?: (text: string) => void;
  /** Seconds of the machine's time after which it is ended. Default: {@link longest}. */
  readonly within?: number;
}

/**
 * Calls the command line, which ends with this process however that ends.
 *
 * @throws Error once the scene's signal aborts
 */
export async function sluice(
  args: readonly string[],
  { dir, env, signal }: Pick<Scene, "dir" | "env" | "signal">,
  { line, within = longest() }: Hearing = {},
): Promise<SluiceEnd> {
  const { PATH = "" } = process.env;
  const late = AbortSignal.timeout(1_000 * within);
  const last: string[] = [];
  try {
    return await endOfLeashed({
      ...{ command: process.execPath, args: [SLUICE, ...args], cwd: dir, env: { PATH, ...env } },
      signal: AbortSignal.any([signal, late]),
      line: (text, stream) => {
        if (last.push(text) > QUOTED) last.shift();
        if (stream === "out") line?.(text);
      },
    });
  } catch (error) {
    signal.throwIfAborted();
    if (!late.aborted) throw error;
    return { code: null, last: last.join("\n").trim(), late: within };
  }
}
