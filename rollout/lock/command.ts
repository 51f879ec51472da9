import { execFile } from "node:child_process";
import { reasonOf } from "../failure";

/** How a command ended, and what it printed. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Bytes: an exported state has every resource twice. */
const LONGEST_OUTPUT = 256 * 1024 * 1024;

/**
 * Runs a command of somebody else's, as it is on PATH.
 *
 * @param folder where it is called
 * @param seconds after which it is ended
 * @returns undefined where there is no such command
 * @throws Error where it took too long
 */
export function called(
  command: string,
  args: readonly string[],
  folder: string,
  seconds = 20,
): Promise<Ended | undefined> {
  return new Promise((resolve, reject) => {
    const options = {
      cwd: folder,
      timeout: seconds * 1000,
      maxBuffer: LONGEST_OUTPUT,
      // Asking whether there is a newer engine would take longer than the answer; nor is an answer paged.
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true", AWS_PAGER: "" },
    };
    execFile(command, [...args], options, (error, out, err) => {
      const code = error ? error.code : 0;
      if (typeof code === "number") resolve({ code, out, err });
      else if (code === "ENOENT") resolve(undefined);
      else reject(new Error(error?.killed ? `${command} has not answered in ${seconds} s` : reasonOf(error)));
    });
  });
}

/** The first line that a command printed about its failure. */
export const complaint = ({ code, out, err }: Ended): string =>
  `${err}\n${out}`
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .at(0)
    ?.replace(/^error: /, "") ?? `it ended with ${code}`;
