import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Bytes of what git prints at most: names of a great change. */
const LONGEST = 16 * 1024 * 1024;

/** Runs git in a folder. @throws Error with what git said */
export async function git(folder: string, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await run("git", args, { cwd: folder, maxBuffer: LONGEST });
    return stdout;
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(`git ${args[0] ?? ""}: ${(stderr ?? "").trim() || message}`, { cause: error });
  }
}

/** Files that differ from where a branch left another, as paths from the folder. @throws Error with what git said */
export async function changedFiles(folder: string, base: string): Promise<string[]> {
  if (base.startsWith("-"))
    throw new Error(`found ${JSON.stringify(base)}; allowed: a branch, tag or commit`);
  const from = (await git(folder, "merge-base", "--end-of-options", base, "HEAD")).trim();
  const names = await git(folder, "diff", "--name-only", "--no-renames", "--relative", "-z", from, "HEAD");
  return names.split("\0").filter(Boolean);
}
