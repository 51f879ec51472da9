import { basename } from "node:path";
import { notApproved, unapproved } from "../../model/delivery/approved";
import { unapprovedFlags } from "../../model/delivery/approvedFlags";
import { isCommit, lastWhole } from "../../model/delivery/program";
import type { Colour } from "../../model/release";
import { Engine } from "../engine";
import { UnobservedError, UsageError, reasonOf } from "../failure";
import { configurationOf } from "../project";
import { seen } from "../seen";
import type { StackSubject } from "../subject";
import { git } from "./git";
import { RECENT, brought } from "./program";
import { changedSecrets } from "./secrets";

/**
 * Why a stack may not be deployed as its file is now, where somebody was asked about a commit; undefined where it may.
 *
 * @param carried the candidate's colour where it gets, or has, what was packed for the approval
 * @throws UsageError where it is no commit; UnobservedError where it, or what is deployed, could not be read
 */
export async function withoutApproval(
  { project, stack }: Pick<StackSubject, "project" | "stack">,
  commit: string,
  carried?: Colour,
): Promise<string | undefined> {
  if (!isCommit(commit))
    throw new UsageError(
      `--approved: found ${JSON.stringify(commit)}; allowed: a commit as git names it in full`,
    );
  const before = { ...stack, text: await textIn(project.folder, commit, basename(stack.path)) };
  const [approved, now] = [configurationOf(project, before), configurationOf(project, stack)];
  const found = {
    ...{ approved: approved.values, asked: now.values, carried },
    secrets: changedSecrets(before.text, stack.text, [...approved.secret, ...now.secret]),
  };
  const engine = new Engine(project.folder, stack.name);
  const unknown = (why: string) =>
    new UnobservedError(`what ${stack.name} was deployed with is not known: ${why}`);
  let keys = unapproved(found);
  if (keys.length > 0) {
    const updates = await seen(engine.history(RECENT));
    if ("unseen" in updates) throw unknown(updates.unseen);
    keys = unapproved({ ...found, deployed: lastWhole(updates.value)?.config });
  }
  const flagsBy = (has: Readonly<Record<string, number>>) =>
    unapprovedFlags(approved.values[FLAGS], now.values[FLAGS], has);
  if (flagsBy({}).length > 0) {
    const state = await seen(engine.state());
    if ("unseen" in state) throw unknown(state.unseen);
    const flags = Object.entries(state.value.recorded?.flags ?? {});
    keys = [...keys, ...flagsBy(Object.fromEntries(flags.map(([name, flag]) => [name, flag.percentage])))];
  }
  return notApproved(keys, commit);
}

const FLAGS = "sluice:flags";

async function textIn(folder: string, commit: string, file: string): Promise<string> {
  try {
    await brought(folder, commit);
    return await git(folder, "show", `${commit}:./${file}`);
  } catch (error) {
    throw new UnobservedError(`what was approved is not known: ${reasonOf(error)}`);
  }
}
