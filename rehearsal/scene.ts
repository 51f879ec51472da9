import { join } from "node:path";
import type { Subject } from "../rollout/subject";
import { endOfLeashed } from "./engine/run";

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

/** How the command line ended, and the last lines that it printed. */
export interface SluiceEnd {
  readonly code: number | null;
  readonly last: string;
}

/**
 * Calls the command line, which ends with this process however that ends.
 *
 * @param line called with each line that it prints, as it comes
 * @throws Error once the scene's signal aborts
 */
export function sluice(
  args: readonly string[],
  { dir, env, signal }: Pick<Scene, "dir" | "env" | "signal">,
  line?: (text: string) => void,
): Promise<SluiceEnd> {
  const { PATH = "" } = process.env;
  return endOfLeashed({
    ...{ command: process.execPath, args: [SLUICE, ...args], cwd: dir, env: { PATH, ...env }, signal },
    ...(line && { line: (text: string, stream: "out" | "err") => stream === "out" && line(text) }),
  });
}
