import { Command, CommanderError } from "commander";
import { ClockError, paceIn } from "../cloud/clock";
import { delivery } from "./cli/delivery";
import { flags } from "./cli/flags";
import { gates } from "./cli/gates";
import { history } from "./cli/history";
import { looking } from "./cli/looking";
import { pages } from "./cli/pages";
import { reconcile } from "./cli/reconcile";
import { traffic } from "./cli/traffic";
import { upkeep } from "./cli/upkeep";
import { EXIT, type ExitCode } from "./exit";
import { UnobservedError, UsageError } from "./failure";
import type { Terminal } from "./terminal";

/**
 * The command line, as it is called from a folder.
 *
 * @param ended told how a command ended that has more than one way to
 */
export function commandLine(terminal: Terminal, ended: (code: ExitCode) => void = () => undefined): Command {
  const program = new Command("sluice")
    .description("Looks at and changes releases, where configuration describes them.")
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureHelp({ helpWidth: 80 });
  const command = (name: string, description: string) =>
    program.command(name).description(description).configureHelp({ helpWidth: 80 }).exitOverride();
  const cli = { command, terminal, ended };
  program.commandsGroup("Look:");
  looking(cli);
  history(cli);
  program.commandsGroup("Go the plan's way:");
  reconcile(cli);
  program.commandsGroup("Move traffic:");
  traffic(cli);
  program.commandsGroup("Flags:");
  flags(cli);
  program.commandsGroup("Ask and approve:");
  gates(cli);
  program.commandsGroup("Deliver:");
  delivery(cli);
  program.commandsGroup("Keep in order:");
  upkeep(cli);
  program.commandsGroup("Describe:");
  pages(cli);
  return program;
}

/** What the caller can mend. */
const MENDED = [UsageError, UnobservedError, ClockError];

/**
 * Calls the command that the arguments name.
 *
 * @param args without the interpreter and the script
 * @returns the exit code
 * @throws whatever is no fault of the caller
 */
export async function run(
  args: readonly string[],
  terminal: Terminal,
  complain: (text: string) => void,
): Promise<number> {
  let code: ExitCode = EXIT.done;
  try {
    paceIn(process.env);
    await commandLine(terminal, (ended) => (code = ended)).parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    // Commander has printed its own complaints, and its help is no fault.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!MENDED.some((kind) => error instanceof kind)) throw error;
    complain((error as Error).message);
    return error instanceof UnobservedError ? EXIT.unobserved : EXIT.usage;
  }
}
