import { withProgram } from "../../model/delivery/program";
import { Engine } from "../engine";
import { EXIT, type ExitCode } from "../exit";
import { packs } from "../packs";
import { settingsOf } from "../settingsOf";
import { stackSubject } from "../subject";
import type { Terminal } from "../terminal";
import { git } from "./git";
import { programHere } from "./program";

export interface DeployOptions {
  readonly stack: string;
  /** Why, for the stack's history. Default: the newest commit's title. */
  readonly message?: string;
}

/** How the engine says that somebody else's update is running. */
const LOCKED = /currently locked by|another update is currently in progress/i;

/**
 * Updates a stack as configuration has it, with both policy packs.
 *
 * @returns 3 where it is refused or fails, 7 where another's update holds the stack
 * @throws UsageError where its settings are at fault
 */
export async function deploy(options: DeployOptions, terminal: Terminal): Promise<ExitCode> {
  const subject = stackSubject(terminal.folder, options.stack);
  settingsOf(subject.stack);
  const engine = new Engine(subject.project.folder, subject.stack.name);
  const why = options.message ?? (await titleOf(subject.project.folder));
  const message = withProgram(why, await programHere(subject));
  const { code, out, err } = await engine.call(
    ["up", "--yes", "--skip-preview", "--suppress-progress", "--message", message, ...packs(subject)],
    {},
    // A job that is ended in its middle has told by then how far it came.
    (line) => terminal.print(line.trimEnd()),
  );
  if (code === 0) return EXIT.done;
  return LOCKED.test(out + err) ? EXIT.locked : EXIT.held;
}

const titleOf = async (folder: string): Promise<string> =>
  (await git(folder, "log", "-1", "--format=%s").catch(() => "")).trim() || "deploy";
