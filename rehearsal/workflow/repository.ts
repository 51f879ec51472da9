import { execFile } from "node:child_process";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** This process's environment, without what would lead git from a folder to the repository of whoever calls it. */
export const withoutGit = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));

/** A checkout of git, and the repository that it is pushed to. */
export interface Repository {
  /** Commits the files that are kept, if only as they are, and gives the commit. */
  commit(message: string): Promise<string>;
  /** Pushes a commit to a branch. @throws Error where the branch has another that is not before it */
  push(commit: string, branch: string): Promise<void>;
  /** The commit that a branch is at, as it is pushed to. */
  tip(branch: string): Promise<string>;
  /** A file's text, as a branch has it that is pushed to. */
  shown(branch: string, file: string): Promise<string>;
  /**
   * Brings the checkout to what `actions/checkout` finds at this moment: a branch's tip as it is pushed to, or a commit.
   * What a job before has changed and not pushed is gone, as it is on a runner of its own; so is what it has put beside
   * that. What was in the folder the first time stays: the state stands in for a backend.
   *
   * @throws Error with what git said, where there is neither
   */
  checkOut(ref: string): Promise<void>;
}

/**
 * Makes a repository of git of a folder.
 *
 * @param origin folder of the one that is pushed to, which is made too
 * @param kept files of the folder that git keeps; it leaves out all others
 */
export async function makeRepository(
  folder: string,
  origin: string,
  kept: readonly string[],
): Promise<Repository> {
  const of =
    (cwd: string) =>
    async (...args: string[]) =>
      (await run("git", args, { cwd, env: withoutGit() })).stdout;
  const [here, there] = [of(folder), of(origin)];
  await here("init", "--quiet", "--bare", origin);
  await here("init", "--quiet", "--initial-branch", "main");
  await here("config", "user.name", "rehearsal");
  await here("config", "user.email", "rehearsal@example.com");
  // A developer's own settings are about commits of their own.
  await here("config", "commit.gpgsign", "false");
  await here("config", "core.hooksPath", "/dev/null");
  await here("remote", "add", "origin", origin);
  await writeFile(join(folder, ".gitignore"), ["*", ...kept.map((file) => `!${file}`), ""].join("\n"));
  let stays: ReadonlySet<string> | undefined;
  const cleared = async () => {
    const names = await readdir(folder);
    const staying = (stays ??= new Set([...names, ...kept]));
    for (const name of names.filter((one) => !staying.has(one)))
      await rm(join(folder, name), { recursive: true, force: true });
  };
  return {
    commit: async (message) => {
      await here("add", "--", ...kept);
      await here("commit", "--quiet", "--allow-empty", "--message", message);
      return (await here("rev-parse", "HEAD")).trim();
    },
    push: async (commit, branch) => {
      await here("push", "--quiet", "origin", `${commit}:refs/heads/${branch}`);
    },
    tip: async (branch) => (await there("rev-parse", `refs/heads/${branch}`)).trim(),
    shown: (branch, file) => there("show", `${branch}:${file}`),
    checkOut: async (ref) => {
      await here("fetch", "--quiet", "origin");
      const branch = `refs/remotes/origin/${ref}`;
      const isBranch = (await here("for-each-ref", branch)) !== "";
      await cleared();
      await here("checkout", "--quiet", "--force", "--detach", isBranch ? branch : ref);
    },
  };
}
