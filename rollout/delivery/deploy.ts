import { Engine } from "../engine";
import { EXIT, type ExitCode } from "../exit";
import { settingsOf } from "../settingsOf";
import { stackSubject } from "../subject";
import type { Terminal } from "../terminal";
import { packs } from "./preview";

export interface DeployOptions {
  readonly stack: string;
  /** Why, for the stack's history. */
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
  const { code, out, err } = await engine.call([
    ...["up", "--yes", "--skip-preview", "--suppress-progress"],
    ...(options.message === undefined ? [] : ["--message", options.message]),
    ...packs(subject),
  ]);
  for (const text of [out, err]) if (text.trim() !== "") terminal.print(text.trimEnd());
  if (code === 0) return EXIT.done;
  return LOCKED.test(out + err) ? EXIT.locked : EXIT.held;
}
