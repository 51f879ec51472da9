import { markerOf } from "./comment";
import { safeCode } from "./safeMarkdown";

/** The stack that a comment of ours is about; undefined of any other comment. */
export const commentedOn = (body: string): string | undefined => {
  const stack = /^<!-- sluice:preview:([\w.-]+) -->/.exec(body)?.[1];
  return stack !== undefined && body.startsWith(markerOf(stack)) ? stack : undefined;
};

/** What takes the place of a comment on an earlier commit, where this one leaves the stack as it is. */
export const untouched = (stack: string, commit?: string): string =>
  text(stack, "not changed any more", [
    `With ${named(commit)} the pull request changes nothing that this stack is made of.`,
  ]);

/** What takes its place where this commit changes the stack, and its preview has left no record. */
export const notPreviewed = (stack: string, commit?: string): string =>
  text(stack, "❌ no preview", [
    `The preview of ${named(commit)} ended before it could say what changes: the log of its job says why.`,
    "",
    `The same by hand: ${safeCode(`npx sluice preview -s ${stack}`)}`,
  ]);

const named = (commit?: string): string =>
  commit === undefined ? "this commit" : `commit ${safeCode(commit)}`;

const text = (stack: string, headline: string, lines: readonly string[]): string =>
  [markerOf(stack), `## ${stack}: ${headline}`, "", ...lines, ""].join("\n");
