import { createRequire } from "node:module";
import type * as Status from "../commands/status";
import type * as Verify from "../commands/verify";
import { type Cli, examples } from "./cli";

/** A command's module is read when it is called: `--help` waits for none of them. */
const load = createRequire(__filename);

/** Commands that look, and change nothing. */
export function looking({ command, terminal, ended }: Cli): void {
  command("status", "show a release at a glance: colours, shares, targets, fence, what is next")
    .requiredOption("-s, --stack <stack>", "the stack, by the name of its file")
    .option("--watch", "look again and again; elsewhere than on a screen, print changes")
    .option("--interval <seconds>", "with --watch, between two looks", "10")
    .option("--notify", "tell it to whoever sluice:notifications names, as a summary")
    .option("--json", "print it as JSON; with --watch, a line for each change")
    .addHelpText(
      "after",
      examples(
        "sluice status -s prod",
        "sluice status -s prod --watch",
        "sluice status -s prod --json | jq .colours",
      ) +
        "\nEnds with 0, and with 6 where something could not be observed; the rest is\n" +
        "shown all the same.\n",
    )
    .action(async (options: Status.StatusOptions) =>
      ended(await (load("../commands/status") as typeof Status).status(options, terminal)),
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
      ended(await (load("../commands/verify") as typeof Verify).verify(options, terminal)),
    );
}
