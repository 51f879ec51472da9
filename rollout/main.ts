import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import type * as Controls from "./commands/controls";
import type * as Cost from "./commands/cost";
import type * as Manifests from "./commands/manifests";
import type { PageOptions } from "./commands/page";
import type * as Rollback from "./commands/rollback";
import type * as Rules from "./commands/rules";
import type * as Status from "./commands/status";
import type * as Verify from "./commands/verify";
import { EXIT, type ExitCode } from "./exit";
import { UnobservedError, UsageError } from "./failure";
import type { Terminal } from "./terminal";

/** A command's module is read when it is called: `--help` waits for none of them. */
const load = createRequire(__filename);

const examples = (...lines: string[]): string =>
  `\nExample${lines.length > 1 ? "s" : ""}:\n${lines.map((line) => `  ${line}`).join("\n")}\n`;

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
    .action((options: PageOptions) =>
      (load("./commands/controls") as typeof Controls).controls(options, terminal),
    );

  command("rules", "write the page of rules, with their limits, from the code that judges by them")
    .option("-o, --out <file>", "file to write to", "docs/rules.md")
    .option("--check", "write nothing, and fail where the file is not what would be written")
    .addHelpText("after", examples("sluice rules", "sluice rules --check"))
    .action((options: PageOptions) => (load("./commands/rules") as typeof Rules).rules(options, terminal));

  command("status", "show a release at a glance: colours, shares, targets, fence, what is next")
    .requiredOption("-s, --stack <stack>", "the stack, by the name of its file")
    .option("--json", "print it as JSON")
    .addHelpText("after", examples("sluice status -s prod", "sluice status -s prod --json | jq .colours"))
    .action(async (options: Status.StatusOptions) =>
      ended(await (load("./commands/status") as typeof Status).status(options, terminal)),
    );

  command("verify", "compare configuration, state, live weights and target health")
    .requiredOption("-s, --stack <stack>", "the stack, by the name of its file")
    .option("--json", "print the differences as JSON")
    .addHelpText(
      "after",
      examples("sluice verify -s prod") +
        "\nEnds with 0 where all say the same, 5 where they differ, and 6 where one of\n" +
        "them could not be observed.\n",
    )
    .action(async (options: Verify.VerifyOptions) =>
      ended(await (load("./commands/verify") as typeof Verify).verify(options, terminal)),
    );

  command("rollback", "take traffic back: fence, rules, then configuration and state")
    .option("-s, --stack <stack>", "the stack, by the name of its file")
    .option("--app <app>", "without a project: the application")
    .option("--environment <environment>", "without a project: dev, staging or prod")
    .option("--region <region>", "without a project; default: AWS_REGION")
    .requiredOption("--reason <reason>", "why, for whoever reads the fence")
    .option(
      "--to <colour>",
      "blue or green; default: the live colour, or its\npredecessor where the live version is fenced",
    )
    .option("--share <percent>", "of the colour that traffic goes to; default: 100")
    .option("--version <version>", "to fence; default: what the other colour runs")
    .option("--anyway", "go where too few targets are healthy")
    .option("--dry-run", "say what would be done, and do nothing")
    .option("--write-only", "leave the update to whoever applies configuration")
    .option("--wait <seconds>", "for another's update to end", "900")
    .option("--json", "print what was done as JSON, at the end")
    .addHelpText(
      "after",
      examples(
        'sluice rollback -s prod --reason "checkout fails"',
        'sluice rollback -s prod --to blue --reason "2.4.0 loses calls"',
        "sluice rollback --app voiceassist --environment prod --to blue --reason errors",
      ) +
        "\nEnds with 0 where all is done, 3 where the target is not healthy enough, 5 where\n" +
        "a part failed, 6 where the rules could not be observed, and 7 where another's\n" +
        "update still holds the stack. Run it again: it does what is missing.\n",
    )
    .action(async (options: Rollback.RollbackOptions) =>
      ended(await (load("./commands/rollback") as typeof Rollback).rollback(options, terminal)),
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
  let code: ExitCode = EXIT.done;
  try {
    await commandLine(terminal, (ended) => (code = ended)).parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    // Commander has printed its own complaints, and its help is no fault.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!(error instanceof UsageError || error instanceof UnobservedError)) throw error;
    complain(error.message);
    return error instanceof UsageError ? EXIT.usage : EXIT.unobserved;
  }
}
