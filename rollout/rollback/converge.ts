import { renameSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { Release } from "../../model/release";
import { editRelease } from "../configuration";
import { type Engine, NoEngineError, type State } from "../engine";
import { reasonOf } from "../failure";
import type { StackFile } from "../project";
import { EVERY, type Hold } from "./hold";
import type { Journal } from "./journal";

/** How far configuration and state have followed traffic. */
export type Converged = "updated" | "left" | "failed" | "locked";

/** A stack file that asks for what traffic does now; the file is replaced as a whole or not at all. */
export function writeConfiguration(
  { path, text }: StackFile,
  edit: Pick<Release, "live" | "traffic">,
  journal: Journal,
): void {
  const edited = editRelease(text, edit);
  if (edited === text) {
    journal.tell(`${path} asks for it already`);
    return;
  }
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, edited);
  renameSync(unfinished, path);
  journal.tell(`${path}: live ${edit.live}, traffic blue ${edit.traffic.blue}, green ${edit.traffic.green}`);
}

/**
 * Brings the state to where traffic is, by an update of rules and transition alone. While somebody else's update
 * holds the stack it keeps traffic where it is; it never cancels that update.
 *
 * @param waitSeconds how long to wait for the lock
 */
export async function updateState(
  engine: Engine,
  read: State | undefined,
  {
    hold,
    journal,
    message,
    waitSeconds,
  }: { hold: Hold; journal: Journal; message: string; waitSeconds: number },
): Promise<Converged> {
  const end = performance.now() + waitSeconds * 1000;
  let told = false;
  try {
    const { shifted } = read ?? (await engine.state());
    if (shifted.length === 0) {
      journal.tell("the state has no weighted rules yet: there is nothing to update");
      return "left";
    }
    for (;;) {
      const { outcome, said } = await engine.update(shifted, message);
      await hold.reassert();
      if (outcome === "succeeded") {
        journal.tell("the state has followed: rules and transition are updated");
        return "updated";
      }
      if (outcome === "failed") {
        journal.tell(`the update failed; traffic stays where it is:\n${said}`);
        return "failed";
      }
      if (performance.now() >= end) {
        journal.tell(`the stack is still locked after ${waitSeconds} s; run this again, or: pulumi up`);
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
