import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

/** What takes longer than people expect is said beside the tests. */
export const say = (line: string): void => void process.stderr.write(`    ${line}\n`);

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
