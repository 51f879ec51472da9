import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Whose the commits are, where git has not been told. */
export const AUTHOR = ["-c", "user.name=sluice", "-c", "user.email=sluice@users.noreply.github.com"];

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

/** What a commit is to change. */
export interface Replacing {
  /** From the folder. */
  readonly file: string;
  readonly text: string;
  readonly message: string;
}

/**
 * A commit on top of another with one file's text replaced; nothing in the folder changes.
 *
 * @returns its name
 * @throws Error with what git said
 */
export async function committed(
  folder: string,
  parent: string,
  { file, text, message }: Replacing,
): Promise<string> {
  const place = await mkdtemp(join(tmpdir(), "sluice-commit-"));
  try {
    const written = join(place, "text");
    await writeFile(written, text);
    const env = { ...process.env, GIT_INDEX_FILE: join(place, "index") };
    const inIndex = async (...args: string[]) => (await run("git", args, { cwd: folder, env })).stdout.trim();
    const blob = await inIndex("hash-object", "-w", "--no-filters", written);
    const [mode = "100644"] = (await inIndex("ls-tree", parent, "--", file)).split(" ");
    const path = `${await inIndex("rev-parse", "--show-prefix")}${file}`;
    await inIndex("read-tree", parent);
    await inIndex("update-index", "--cacheinfo", `${mode},${blob},${path}`);
    const tree = await inIndex("write-tree");
    return await inIndex(...AUTHOR, "commit-tree", tree, "-p", parent, "-m", message);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}
