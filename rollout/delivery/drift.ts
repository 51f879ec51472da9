import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  type Difference,
  type Looked,
  driftIssue,
  driftTitle,
  isDrift,
} from "../../model/delivery/driftIssue";
import { factsOf } from "../../model/delivery/preview";
import { factsIn } from "../../model/delivery/record";
import { verify } from "../commands/verify";
import { EXIT, type ExitCode } from "../exit";
import { UnobservedError, UsageError, reasonOf } from "../failure";
import { type StackSubject, stackSubject } from "../subject";
import type { Terminal } from "../terminal";
import { gitHub } from "./github";
import { previewed } from "./preview";

export interface DriftOptions {
  readonly stack: string;
  /** File for what was seen, as JSON. Default: the text is printed. */
  readonly record?: string;
}

/**
 * Compares what is live with what is configured: traffic as `verify` does, and everything else by a preview that looks
 * at what really exists.
 *
 * @returns 5 where something differs, the transition aside, or could not be seen
 * @throws UsageError where there is no such stack
 */
export async function drift(options: DriftOptions, terminal: Terminal): Promise<ExitCode> {
  const subject = stackSubject(terminal.folder, options.stack);
  const looked = await compared(subject, terminal.folder);
  if (options.record !== undefined) {
    writeFileSync(resolve(terminal.folder, options.record), JSON.stringify(looked, null, 2));
  }
  const text = driftIssue(looked);
  const same = `${looked.stack}: what is live is what is configured`;
  terminal.print(
    options.record !== undefined && text !== undefined ? `${looked.stack}: drift` : (text ?? same),
  );
  return isDrift(looked) ? EXIT.drift : EXIT.done;
}

/** What cannot be compared, by a fault of settings say, is told as any difference is: somebody must look. */
async function compared(subject: StackSubject, folder: string): Promise<Looked> {
  const stack = subject.stack.name;
  const told: string[] = [];
  try {
    await verify({ stack, json: true }, { folder, print: (text) => void told.push(text) });
    const { differences, unseen } = JSON.parse(told.join("\n")) as Looked;
    return { stack, differences, unseen, preview: factsOf(await previewed(subject, { drift: true })) };
  } catch (error) {
    return { stack, differences: [], unseen: [reasonOf(error)] };
  }
}

export interface IssueOptions {
  /** What `sluice drift --record` wrote. */
  readonly record: string;
  /** The stack that was to be looked at. Absent: there must be a record. */
  readonly stack?: string;
}

/**
 * Opens an issue for a stack that has drifted or was not looked at, keeps it up to date, and closes it once it has not.
 *
 * @throws UsageError where the record is none; UnobservedError where GitHub does not take it
 */
export async function issue(options: IssueOptions, terminal: Terminal): Promise<ExitCode> {
  const file = resolve(terminal.folder, options.record);
  const { stack } = options;
  const looked = stack !== undefined && !existsSync(file) ? notLooked(stack) : lookedIn(file);
  const text = driftIssue(looked);
  const title = driftTitle(looked.stack);
  const there = gitHub();
  try {
    // Others may write an issue of that title, too.
    const found = (await there.openIssues()).find((one) => one.byApp && one.title === title);
    if (text !== undefined && found) await there.changeIssue(found.id, { body: text });
    else if (text !== undefined) await there.openIssue(title, text);
    else if (found) await there.changeIssue(found.id, { state: "closed" });
    const done = text === undefined ? (found ? "closed" : "not needed") : found ? "up to date" : "opened";
    terminal.print(`${title}: the issue is ${done}`);
  } catch (error) {
    throw new UnobservedError(reasonOf(error));
  }
  return EXIT.done;
}

/** A job that ends before it can look leaves nothing behind. */
function notLooked(stack: string): Looked {
  if (!STACK.test(stack))
    throw new UsageError(`--stack: found ${JSON.stringify(stack)}; allowed: a stack's name`);
  const why = "the job that compares ended before it could, and has left no record; its log says why";
  return { stack, differences: [], unseen: [why] };
}

const STACK = /^[\w.-]{1,100}$/;

/** It comes from another job: data, of which nothing is believed. */
function lookedIn(file: string): Looked {
  try {
    const { stack, differences, unseen, preview } = JSON.parse(readFileSync(file, "utf8")) as Partial<Looked>;
    const isText = (value: unknown): value is string => typeof value === "string";
    const isDifference = (one: unknown): one is Difference => {
      const { where, what, mend } = (one ?? {}) as Partial<Difference>;
      return [where, what, mend].every(isText);
    };
    if (
      !isText(stack) ||
      !STACK.test(stack) ||
      !Array.isArray(differences) ||
      !differences.every(isDifference) ||
      !Array.isArray(unseen) ||
      !unseen.every(isText)
    ) {
      throw new Error("it is not what sluice drift --record writes");
    }
    const facts = preview && factsIn(JSON.stringify(preview));
    return { stack, differences, unseen, ...(facts && { preview: facts }) };
  } catch (error) {
    throw new UsageError(`--record ${file}: ${reasonOf(error)}`);
  }
}
