import { programFiles } from "../../model/delivery/program";
import type { StackOf } from "../../model/delivery/affected";
import type { Seen } from "../../model/rollout/seen";
import { reasonOf } from "../failure";
import type { StackSubject } from "../subject";
import { git } from "./git";

/** Updates among which the last whole one is looked for: each step of a release, and each flag's rise, is one. */
export const RECENT = 200;

type Placed = Pick<StackSubject, "project" | "environment" | "stack">;

/** The commit whose program is in a project's folder; undefined where no commit has it, or nobody can say. */
export async function programHere(subject: Placed): Promise<string | undefined> {
  const head = await git(subject.project.folder, "rev-parse", "--verify", "HEAD").catch(() => "");
  const commit = head.trim();
  if (commit === "") return undefined;
  const changed = await changedSince(subject, commit);
  return "value" in changed && changed.value.length === 0 ? commit : undefined;
}

/** Files of the program that differ from a commit's, committed or not; one that git does not know is in no program. */
export async function changedSince(subject: Placed, commit: string): Promise<Seen<readonly string[]>> {
  const { folder } = subject.project;
  try {
    await brought(folder, commit);
    const names = await git(
      folder,
      "diff",
      "--name-only",
      "--no-renames",
      "--relative",
      "-z",
      commit,
      "--",
      ".",
    );
    return { value: programFiles(names.split("\0").filter(Boolean), stackOf(subject)) };
  } catch (error) {
    return { unseen: reasonOf(error) };
  }
}

/** A checkout in CI has the newest commit alone: any other is fetched by its name. */
export async function brought(folder: string, commit: string): Promise<void> {
  const isThere = await git(folder, "cat-file", "-e", `${commit}^{commit}`).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  const isShallow = (await git(folder, "rev-parse", "--is-shallow-repository")).trim() === "true";
  await git(folder, "fetch", "--quiet", "--no-tags", ...(isShallow ? ["--depth=1"] : []), "origin", commit);
}

const stackOf = ({ stack, environment }: Placed): StackOf => ({ name: stack.name, environment });
