import type { Command } from "commander";
import { createRequire } from "node:module";
import type * as Flags from "../commands/flags";
import type * as FlagsDisable from "../commands/flagsDisable";
import type * as FlagsSet from "../commands/flagsSet";
import { type Cli, examples } from "./cli";

/** A command's module is read when it is called: `--help` waits for none of them. */
const load = createRequire(__filename);

const STACK = ["-s, --stack <stack>", "the stack, by the name of its file"] as const;

/** How a stack is named on a machine that has credentials and nothing else. */
const named = (command: Command): Command =>
  command
    .option(...STACK)
    .option("--app <app>", "without a project: the application")
    .option("--environment <environment>", "without a project: dev, staging or prod")
    .option("--region <region>", "without a project; default: AWS_REGION");

const looks =
  "\nEnds with 0 where configuration and SSM say the same, 5 where they do not, and\n" +
  "6 where SSM could not be observed.\n";

/** Commands about percentage flags. */
export function flags({ command, terminal, ended }: Cli): void {
  const group = command("flags", "percentage flags: who has one, more or fewer sessions, off").helpCommand(
    false,
  );
  group.addHelpText(
    "after",
    examples(
      "sluice flags list -s prod",
      "sluice flags set partial-results --percentage 10 -s prod",
      'sluice flags disable partial-results -s prod --reason "latency"',
    ),
  );

  named(group.command("list").description("every flag, as configuration and SSM have it"))
    .option("--json", "print them as JSON")
    .addHelpText(
      "after",
      examples("sluice flags list -s prod", "sluice flags list --app voiceassist --environment prod") + looks,
    )
    .action(async (options: Flags.FlagsOptions) =>
      ended(await (load("../commands/flags") as typeof Flags).list(options, terminal)),
    );

  named(group.command("get <name>").description("all that is known of one flag"))
    .option("--json", "print it as JSON")
    .addHelpText("after", examples("sluice flags get partial-results -s prod") + looks)
    .action(async (name: string, options: Flags.FlagsOptions) =>
      ended(await (load("../commands/flags") as typeof Flags).get(name, options, terminal)),
    );

  group
    .command("set <name>")
    .description("change a flag in configuration, then update it")
    .requiredOption(...STACK)
    .option("--percentage <percent>", "of the sessions that have it, 0-100")
    .option("--enable", "turn on again what was disabled")
    .option(
      "--setting <name=number>",
      "min_stability_threshold 0.70-0.95,\nmax_buffer_timeout 2.0-10.0; as often as needed",
      (one: string, before: readonly string[] | undefined) => [...(before ?? []), one],
    )
    .option("--anyway", "before the plan's bake time is over")
    .option("--write-only", "leave the update to whoever applies configuration")
    .option("--wait <seconds>", "for another's update to end", "0")
    .option("--json", "print what was done as JSON, at the end")
    .addHelpText(
      "after",
      examples(
        "sluice flags set partial-results --percentage 10 -s prod",
        "sluice flags set partial-results --setting max_buffer_timeout=3 -s prod",
      ) +
        "\nEnds with 0 where all is done, 3 where the plan or T11 holds the rise, 5 where\n" +
        "somebody has set the flag in SSM since or a part failed, 6 where SSM could not\n" +
        "be observed, and 7 where another's update holds the stack.\n",
    )
    .action(async (name: string, options: FlagsSet.SetOptions) =>
      ended(await (load("../commands/flagsSet") as typeof FlagsSet).set(name, options, terminal)),
    );

  named(
    group.command("disable <name>").description("the kill switch: SSM first, then configuration and state"),
  )
    .requiredOption("--reason <reason>", "why, for whoever reads the history")
    .option("--write-only", "leave the update to whoever applies configuration")
    .option("--wait <seconds>", "for another's update to end", "900")
    .option("--json", "print what was done as JSON, at the end")
    .addHelpText(
      "after",
      examples(
        'sluice flags disable partial-results -s prod --reason "latency"',
        "sluice flags disable partial-results --app voiceassist --environment prod \\",
        "  --reason latency",
      ) +
        "\nIt needs credentials and nothing else, and does not wait for a lock. Ends with\n" +
        "0 where all is done, 5 where a part failed, 6 where the flag could not be\n" +
        "observed, and 7 where another's update still holds the stack. Run it again: it\n" +
        "does what is missing.\n",
    )
    .action(async (name: string, options: FlagsDisable.DisableOptions) =>
      ended(await (load("../commands/flagsDisable") as typeof FlagsDisable).disable(name, options, terminal)),
    );
}
