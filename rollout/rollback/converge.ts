import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { FlagEdit } from "../../model/flags/action";
import { type ReleaseEdit, editConfiguration, editRelease } from "../configuration";
import { NoEngineError, type Updated } from "../engine";
import { reasonOf } from "../failure";
import { editText as flagsText, flagsEdit } from "../flags/edit";
import type { StackFile } from "../project";
import { EVERY, type Hold } from "./hold";
import type { Journal } from "./journal";
import { sharesText } from "./traffic";

/** How far configuration and state have followed traffic. */
export type Converged = "updated" | "left" | "failed" | "locked";

/**
 * A stack file that asks for what traffic does now; the file is replaced as a whole or not at all.
 *
 * @param flags what it is to say of flags that fell with traffic. Default: what it says
 * @returns its text
 */
export function writeConfiguration(
  { path }: Pick<StackFile, "path">,
  edit: ReleaseEdit,
  journal: Journal,
  flags: Readonly<Record<string, FlagEdit>> = {},
): string {
  // As it is now: somebody may have written another key since it was read first.
  const text = readFileSync(path, "utf8");
  const beside = flagsEdit(text, flags);
  const edited = editConfiguration(editRelease(text, edit), beside);
  if (edited === text) {
    journal.tell(`${basename(path)} asks for it already`);
    return text;
  }
  replaceFile(path, edited);
  const told = [editText(edit), flagsText(beside)].filter(Boolean).join(", ");
  journal.did("write", `${basename(path)}: ${told}`);
  return edited;
}

/** Puts a text in a file's place, as a whole or not at all. */
export function replaceFile(path: string, text: string): void {
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, path);
}

const editText = ({ live, traffic, capacity }: ReleaseEdit): string =>
  [
    ...(live === undefined ? [] : [`live ${live}`]),
    ...(traffic ? [`traffic ${sharesText(traffic)}`] : []),
    ...(capacity ? [`capacity ${sharesText({ blue: 100, green: 100, ...capacity })}`] : []),
  ].join(", ");

/** An update that is to be made, and what is done meanwhile. */
export interface Updating {
  /** Makes it; it tells at once where somebody else's holds the stack. */
  readonly update: () => Promise<Updated>;
  readonly hold?: Hold;
  readonly journal: Journal;
  /** How long to wait for the lock. */
  readonly waitSeconds: number;
}

/**
 * Brings the state to where traffic is. While somebody else's update holds the stack it keeps traffic where it is; it
 * never cancels that update.
 */
export async function updateState({ update, hold, journal, waitSeconds }: Updating): Promise<Converged> {
  const end = performance.now() + waitSeconds * 1000;
  let told = false;
  try {
    for (;;) {
      const { outcome, said } = await update();
      if (outcome === "succeeded") journal.did("update", "the state has followed");
      if (outcome === "failed") journal.did("update", `the update failed:\n${said}`);
      await hold?.reassert();
      if (outcome !== "locked") return outcome === "succeeded" ? "updated" : "failed";
      if (performance.now() >= end) {
        const waited = waitSeconds === 0 ? "is locked" : `is still locked after ${waitSeconds} s`;
        journal.tell(`the stack ${waited}; run this again, or: pulumi up`);
        return "locked";
      }
      if (!told)
        journal.tell("somebody else's update holds the stack: waiting, and keeping traffic where it is");
      told = true;
      await pause(EVERY);
    }
  } catch (error) {
    if (error instanceof NoEngineError) {
      journal.tell("no pulumi on PATH: the update is left to whoever applies configuration");
      return "left";
    }
    journal.tell(`the state could not be observed: ${reasonOf(error)}`);
    return "failed";
  }
}
