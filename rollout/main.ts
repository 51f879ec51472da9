import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import type * as Controls from "./commands/controls";
import type * as Cost from "./commands/cost";
import type * as Manifests from "./commands/manifests";
import { UsageError } from "./failure";
import type { Terminal } from "./terminal";

/** Exit codes: done, and a fault of usage or settings, which the caller can mend. */
export const EXIT = { done: 0, usage: 2 } as const;

/** A command's module is read when it is called: `--help` waits for none of them. */
const load = createRequire(__filename);

const examples = (...lines: string[]): string =>
  `\nExample${lines.length > 1 ? "s" : ""}:\n${lines.map((line) => `  ${line}`).join("\n")}\n`;

/** The command line, as it is called from a folder. */
export function commandLine(terminal: Terminal): Command {
  const program = new Command("sluice")
    .description("Looks at and changes releases, where configuration describes them.")
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureHelp({ helpWidth: 80 });
  const command = (name: string, description: string) =>
    program.command(name).description(description).configureHelp({ helpWidth: 80 }).exitOverride();

  command("manifests", "write every Kubernetes object that a stack would create, one file an object")
    .requiredOption("-s, --stack <stack>", "the stack, by the name of its file")
    .requiredOption("-o, --out <dir>", "folder to write to; made where it is not there")
    .option("--json", "print what was written as JSON")
    .addHelpText("after", examples("sluice manifests -s prod --out /tmp/prod"))
    .action((options: Manifests.ManifestsOptions) =>
      (load("./commands/manifests") as typeof Manifests).manifests(options, terminal),
    );

  command("cost", "estimate what a stack costs a month, with one and with both colours warm")
    .requiredOption("-s, --stack <stack>", "the stack, by the name of its file")
    .option("--json", "print the estimate as JSON")
    .addHelpText("after", examples("sluice cost -s prod", "sluice cost -s prod --json | jq .total"))
    .action((options: Cost.CostOptions) => (load("./commands/cost") as typeof Cost).cost(options, terminal));

  command("controls", "write the table of security controls, from the code that checks them")
    .option("-o, --out <file>", "file to write to", "docs/controls.md")
    .option("--check", "write nothing, and fail where the file is not what would be written")
    .addHelpText("after", examples("sluice controls", "sluice controls --check"))
    .action((options: Controls.ControlsOptions) =>
      (load("./commands/controls") as typeof Controls).controls(options, terminal),
    );
  return program;
}

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
  try {
    await commandLine(terminal).parseAsync([...args], { from: "user" });
    return EXIT.done;
  } catch (error) {
    // Commander has printed its own complaints, and its help is no fault.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!(error instanceof UsageError)) throw error;
    complain(error.message);
    return EXIT.usage;
  }
}
