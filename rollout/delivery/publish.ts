import { relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { standIn } from "../../model/stand";
import { EXIT, type ExitCode } from "../exit";
import { UsageError, reasonOf } from "../failure";
import { configurationOf } from "../project";
import { stackSubject } from "../subject";
import type { Terminal } from "../terminal";
import { AUTHOR, committed, git } from "./git";
import { mergedText } from "./mergedText";

export interface PublishOptions {
  readonly stack: string;
  /** The branch of `origin` that configuration is read from. */
  readonly branch: string;
  /** The commit's first line. Default: made from the release. */
  readonly message?: string;
}

/** How often it is tried where somebody else pushes at the same time. */
const ATTEMPTS = 4;
const PAUSE = 1_000;

/**
 * Commits a stack file that a step of a release has changed, and nothing else, to the branch that configuration is read
 * from: a job's checkout is gone after it, and what is live must be what is configured.
 *
 * @returns 5 where somebody has changed the same keys meanwhile, so that a person must look
 * @throws UsageError for a branch that git does not take
 */
export async function publish(options: PublishOptions, terminal: Terminal): Promise<ExitCode> {
  const { project, stack } = stackSubject(terminal.folder, options.stack);
  const shares = sharesIn(configurationOf(project, stack).values["sluice:release"]);
  const { folder } = project;
  const { branch } = options;
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
  const message = options.message ?? `${stack.name}: ${shares}`;
  await git(folder, "add", "--", file);
  await git(folder, ...AUTHOR, "commit", "--quiet", "--message", message, "--only", "--", file);
  let commit = "HEAD";
  for (let attempt = 1; ; attempt += 1) {
    try {
      await git(folder, "push", "--quiet", "origin", `${commit}:refs/heads/${branch}`);
      if (commit !== "HEAD") await moveTo(folder, commit);
      terminal.print(`${file}: pushed to ${branch}: ${message}`);
      return EXIT.done;
    } catch (error) {
      if (attempt === ATTEMPTS)
        throw new UsageError(`${branch} does not take the commit: ${reasonOf(error)}`);
    }
    await pause(PAUSE);
    await git(folder, "fetch", "--quiet", "origin", `refs/heads/${branch}`);
    const next = await onto("FETCH_HEAD", { folder, file, message });
    if ("commit" in next) {
      commit = next.commit;
      continue;
    }
    terminal.print(
      `${file}: ${branch} has changed the same meanwhile (${next.conflict}). What is live is ${shares}: ` +
        `write it by hand, and see sluice verify -s ${stack.name}`,
    );
    return EXIT.drift;
  }
}

/**
 * Goes on from what was pushed, for the next time. Whoever has commits or edits of his own in the folder keeps them, and
 * puts them together himself.
 */
async function moveTo(folder: string, commit: string): Promise<void> {
  try {
    await git(folder, "merge-base", "--is-ancestor", "HEAD~1", commit);
    await git(folder, "reset", "--quiet", "--keep", commit);
  } catch {
    // What is pushed is pushed.
  }
}

/** How a release stands, in words; settings may be what is at fault. */
function sharesIn(release: string | undefined): string {
  const stand = standIn(release === undefined ? {} : { value: release });
  return stand
    ? `live ${stand.live}, blue ${stand.traffic.blue} %, green ${stand.traffic.green} %`
    : "a release's step";
}

interface Committed {
  readonly folder: string;
  /** From the folder. */
  readonly file: string;
  readonly message: string;
}

/**
 * The commit on top of what others have pushed: the release's keys in their file. git itself puts lines together that
 * say something else together, as the live colour and the shares do.
 */
async function onto(
  tip: string,
  { folder, file, message }: Committed,
): Promise<{ readonly commit: string } | { readonly conflict: string }> {
  try {
    const base = (await git(folder, "merge-base", "HEAD", tip)).trim();
    const [before, ours, theirs] = await Promise.all(
      [base, "HEAD", tip].map((commit) => git(folder, "show", `${commit}:./${file}`)),
    );
    const found = mergedText({ before, ours, theirs });
    if ("conflicts" in found) return { conflict: found.conflicts.join(", ") };
    // Somebody has pushed the same: a commit of nothing would start workflows.
    if (found.text === theirs) return { commit: (await git(folder, "rev-parse", tip)).trim() };
    return { commit: await committed(folder, tip, { file, message, text: found.text }) };
  } catch (error) {
    return { conflict: reasonOf(error).slice(0, 200) };
  }
}
