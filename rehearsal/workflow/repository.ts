import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

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
   * What a job before has changed and not pushed is gone, as it is on a runner of its own.
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
      (await run("git", args, { cwd })).stdout;
  const [here, there] = [of(folder), of(origin)];
  await here("init", "--quiet", "--bare", origin);
  await here("init", "--quiet", "--initial-branch", "main");
  await here("config", "user.name", "rehearsal");
  await here("config", "user.email", "rehearsal@example.com");
  await here("remote", "add", "origin", origin);
  await writeFile(join(folder, ".gitignore"), ["*", ...kept.map((file) => `!${file}`), ""].join("\n"));
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
      await here("checkout", "--quiet", "--force", "--detach", isBranch ? branch : ref);
    },
  };
}
