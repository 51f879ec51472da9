import { relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { EXIT, type ExitCode } from "../exit";
import { UsageError, reasonOf } from "../failure";
import { settingsOf } from "../settingsOf";
import { stackSubject } from "../subject";
import type { Terminal } from "../terminal";
import { git } from "./git";

export interface PublishOptions {
  readonly stack: string;
  /** The branch of `origin` that configuration is read from. */
  readonly branch: string;
  /** The commit's first line. Default: made from the release. */
  readonly message?: string;
}

/** Whose the commits are, where git has not been told. */
const AUTHOR = ["-c", "user.name=sluice", "-c", "user.email=sluice@users.noreply.github.com"];

/** How often it is tried where somebody else pushes at the same time. */
const ATTEMPTS = 4;
const PAUSE = 1_000;

/**
 * Commits a stack file that a step of a release has changed, and nothing else, to the branch that configuration is read
 * from: a job's checkout is gone after it, and what is live must be what is configured.
 *
 * @returns 5 where the branch has changed the same lines meanwhile, so that a person must look
 * @throws UsageError for a branch that git does not take, or settings at fault
 */
export async function publish(options: PublishOptions, terminal: Terminal): Promise<ExitCode> {
  const { project, stack } = stackSubject(terminal.folder, options.stack);
  const { folder } = project;
  const { branch } = options;
  const { live, traffic } = settingsOf(stack).release;
  const file = relative(folder, stack.path);
  try {
    await git(folder, "check-ref-format", "--branch", branch);
  } catch {
    throw new UsageError(`--branch: found ${JSON.stringify(branch)}; allowed: the name of a branch`);
  }
  if ((await git(folder, "status", "--porcelain", "--", file)) === "") {
    terminal.print(`${file} is as it was`);
    return EXIT.done;
  }
  const shares = `live ${live}, blue ${traffic.blue} %, green ${traffic.green} %`;
  const message = options.message ?? `${stack.name}: ${shares}`;
  await git(folder, "add", "--", file);
  await git(folder, ...AUTHOR, "commit", "--quiet", "--message", message, "--only", "--", file);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await git(folder, "push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
      terminal.print(`${file}: pushed to ${branch}: ${message}`);
      return EXIT.done;
    } catch (error) {
      if (attempt === ATTEMPTS)
        throw new UsageError(`${branch} does not take the commit: ${reasonOf(error)}`);
    }
    await pause(PAUSE);
    const conflict = await rebased(folder, branch);
    if (conflict === undefined) continue;
    terminal.print(
      `${file}: ${branch} has changed the same lines meanwhile (${conflict}). What is live is ${shares}: ` +
        `write it by hand, and see sluice verify -s ${stack.name}`,
    );
    return EXIT.drift;
  }
}

/** Puts the commit onto what others have pushed; says why that cannot be. */
async function rebased(folder: string, branch: string): Promise<string | undefined> {
  await git(folder, "fetch", "--quiet", "origin", `refs/heads/${branch}`);
  try {
    await git(folder, ...AUTHOR, "rebase", "--quiet", "--autostash", "FETCH_HEAD");
    return undefined;
  } catch (error) {
    await git(folder, "rebase", "--abort");
    return reasonOf(error).slice(0, 200);
  }
}
