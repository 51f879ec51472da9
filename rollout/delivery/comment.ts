import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { comment } from "../../model/delivery/comment";
import { commentedOn, notPreviewed, untouched } from "../../model/delivery/outOfDate";
import type { PreviewFacts } from "../../model/delivery/preview";
import { factsIn } from "../../model/delivery/record";
import { EXIT, type ExitCode } from "../exit";
import { UnobservedError, UsageError, reasonOf } from "../failure";
import { wholeNumber } from "../rollback/options";
import type { Terminal } from "../terminal";
import { gitHub } from "./github";

export interface CommentOptions {
  /** A record of a preview, or a folder of them. */
  readonly record: string;
  /** Number of the pull request. */
  readonly pull: string;
  /** What `sluice affected --json` told. Absent: what is written of stacks without a record stays as it is. */
  readonly affected?: string;
  /** What was previewed. */
  readonly commit?: string;
}

/** Bytes: whoever wrote a record may have written anything. */
const LARGEST = 5_000_000;

/**
 * Writes a comment for each record beside a pull request, or changes the one that there is. Where it is told which
 * stacks are affected, it takes back what comments on the others say, and says of which of them there is no record.
 *
 * @throws UsageError where a record is none; UnobservedError where GitHub does not take it
 */
export async function writeComment(options: CommentOptions, terminal: Terminal): Promise<ExitCode> {
  const pull = wholeNumber("--pull", options.pull, 1_000_000_000, 1);
  const { commit, affected } = options;
  const stacks = affected === undefined ? undefined : stacksIn(affected);
  const path = resolve(terminal.folder, options.record);
  const written = new Map<string, string>();
  for (const stack of stacks ?? []) written.set(stack, notPreviewed(stack, commit));
  for (const facts of recordsIn(path, stacks === undefined)) written.set(facts.stack, comment(facts));
  const there = gitHub();
  try {
    // A person could write the marker too, and then the text that they see as ours.
    const before = (await there.comments(pull)).filter(({ byApp }) => byApp);
    for (const [stack, text] of written) {
      const found = before.find(({ body }) => commentedOn(body) === stack);
      if (found) await there.changeComment(found.id, text);
      else await there.addComment(pull, text);
      terminal.print(`${stack}: the comment is ${found ? "up to date" : "written"}`);
    }
    for (const { id, body } of stacks === undefined ? [] : before) {
      const stack = commentedOn(body);
      if (stack === undefined || written.has(stack)) continue;
      await there.changeComment(id, untouched(stack, commit));
      terminal.print(`${stack}: the comment is taken back`);
    }
  } catch (error) {
    throw new UnobservedError(reasonOf(error));
  }
  return EXIT.done;
}

/** It comes from another job: data, of which nothing is believed. @throws UsageError where it is none */
function stacksIn(affected: string): string[] {
  try {
    const { stacks } = JSON.parse(affected) as { stacks: readonly { stack: unknown }[] };
    return stacks.map(({ stack }) => {
      if (typeof stack !== "string" || !/^[\w.-]{1,100}$/.test(stack))
        throw new Error("found no stack's name");
      return stack;
    });
  } catch (error) {
    throw new UsageError(`--affected: ${reasonOf(error)}; it takes what sluice affected --json told`);
  }
}

/** @throws UsageError where one is none, or there are none and there must be */
function recordsIn(path: string, isNeeded: boolean): PreviewFacts[] {
  if (!isNeeded && !existsSync(path)) return [];
  const files = filesIn(path);
  if (files.length === 0 && isNeeded)
    throw new UsageError(`--record ${path}: found no file that ends in .json`);
  return files.map((file) => {
    try {
      if (statSync(file).size > LARGEST) throw new Error(`found more than ${LARGEST} bytes`);
      return factsIn(readFileSync(file, "utf8"));
    } catch (error) {
      throw new UsageError(`--record ${file}: ${reasonOf(error)}`);
    }
  });
}

function filesIn(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".json"))
      .sort()
      .map((name) => join(path, name));
  } catch (error) {
    throw new UsageError(`--record ${path}: ${reasonOf(error)}`);
  }
}
