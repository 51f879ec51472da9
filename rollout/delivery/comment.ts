import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { comment, markerOf } from "../../model/delivery/comment";
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
}

/** Bytes: whoever wrote a record may have written anything. */
const LARGEST = 5_000_000;

/**
 * Writes a comment for each record beside a pull request, or changes the one that there is.
 *
 * @throws UsageError where a record is none; UnobservedError where GitHub does not take it
 */
export async function writeComment(options: CommentOptions, terminal: Terminal): Promise<ExitCode> {
  const pull = wholeNumber("--pull", options.pull, 1_000_000_000, 1);
  const records = recordsIn(resolve(terminal.folder, options.record));
  const there = gitHub();
  try {
    const before = await there.comments(pull);
    for (const facts of records) {
      const marker = markerOf(facts.stack);
      // A person could write the marker too, and then the text that they see as ours.
      const found = before.find(({ body, byApp }) => byApp && body.startsWith(marker));
      if (found) await there.changeComment(found.id, comment(facts));
      else await there.addComment(pull, comment(facts));
      terminal.print(`${facts.stack}: the comment is ${found ? "up to date" : "written"}`);
    }
  } catch (error) {
    throw new UnobservedError(reasonOf(error));
  }
  return EXIT.done;
}

/** @throws UsageError where one is none, or there are none */
function recordsIn(path: string): PreviewFacts[] {
  const files = filesIn(path);
  if (files.length === 0) throw new UsageError(`--record ${path}: found no file that ends in .json`);
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
