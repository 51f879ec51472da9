import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** What takes longer than people expect is said beside the tests. */
export const say = (line: string): void => void process.stderr.write(`    ${line}\n`);

/**
 * A folder in the user's cache, made now if it isn't there.
 *
 * @param make fills the folder that it is given
 */
export async function cached(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "sluice", name);
  if (existsSync(folder)) return folder;
  // Made under another name, so that an installation that was broken off is never taken for a whole one.
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(dirname(folder), { recursive: true });
  try {
    await make(unfinished);
    if (!existsSync(folder)) renameSync(unfinished, folder);
    return folder;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/**
 * Runs a command with its output in view.
 *
 * @throws Error with what mends it, where it fails
 */
export async function run(
  command: string,
  args: readonly string[],
  mend: string,
  options: Pick<SpawnOptions, "cwd"> = {},
): Promise<void> {
  const ending = await ended(spawn(command, args, { ...options, stdio: ["ignore", 2, 2] }));
  if (ending !== "0") throw new Error(`\`${command} ${args.join(" ")}\` ended with ${ending}; ${mend}`);
}

/** Waits for a child's end and says how it ended; the child does not outlive this process's own orderly end. */
export function ended(child: ChildProcess): Promise<string> {
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  return new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => resolve(String(code ?? signal)));
  }).finally(() => process.off("exit", kill));
}
