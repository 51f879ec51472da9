import type { Update } from "../history";
import { type StackOf, affected } from "./affected";

/**
 * Of files that differ, those of a stack's program: all that may change it but the files of stacks.
 *
 * @param files as paths from the project's folder
 */
export const programFiles = (files: readonly string[], stack: StackOf): string[] =>
  files.filter((file) => !/^Pulumi\.[\w.-]+\.yaml$/.test(file) && affected([file], [stack]).length > 0);

/** A commit as git names it in full. */
export const isCommit = (text: string): boolean => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);

/**
 * An update's message that tells which commit the program is of. The engine's own word for it says nothing of that
 * where a file differs from its commit, as a stack file does in whatever moves a release.
 *
 * @param commit absent: no commit has that program
 */
export const withProgram = (message: string, commit: string | undefined): string =>
  commit === undefined
    ? message
    : `${message}${/\nSluice-.*$/.test(message) ? "" : "\n"}\nSluice-Program: ${commit}`;

/** The commit whose program an update deployed; undefined where nobody can say. */
export function programOf({
  message,
  environment = {},
}: Pick<Update, "message" | "environment">): string | undefined {
  const told = /\nSluice-Program: (?<commit>\S+)\s*$/.exec(message)?.groups?.["commit"];
  const { "git.head": head, "git.dirty": dirty } = environment;
  const commit = told ?? (dirty === "false" ? head : undefined);
  return commit !== undefined && isCommit(commit) ? commit : undefined;
}

/** Options by which an update leaves a part of the stack as it is; the engine notes which it was called with. */
const NARROWING = ["target", "target-replace", "exclude"].map((option) => `pulumi.flag.${option}`);

/**
 * The last update that deployed a whole stack; undefined where there is none among them, or they do not say what the
 * engine was called with.
 *
 * @param updates the newest first
 */
export const lastWhole = (updates: readonly Update[]): Update | undefined =>
  updates.find(
    ({ kind, result, environment = {} }) =>
      kind === "update" &&
      result === "succeeded" &&
      environment["pulumi.version"] !== undefined &&
      NARROWING.every((option) => environment[option] === undefined),
  );
