import { createRequire } from "node:module";
import type * as History from "../commands/history";
import { type Cli, examples } from "./cli";

/** A command's module is read when it is called: `--help` waits for none of them. */
const load = createRequire(__filename);

/** The command that looks back. */
export function history({ command, terminal, ended }: Cli): void {
  command("history", "who changed a release, what, when and why, the newest first")
    .requiredOption("-s, --stack <stack>", "the stack, by the name of its file")
    .option("--limit <updates>", "how many to show; default: 20, with --json all")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      examples("sluice history -s prod", "sluice history -s prod --json | jq '.entries[0].event'") +
        "\nEnds with 0, or 6 where the history, the state or the fence could not be\n" +
        "observed. An update whose engine was killed leaves no entry: where one must be\n" +
        "missing, it says HOLE.\n",
    )
    .action(async (options: History.HistoryOptions) =>
      ended(await (load("../commands/history") as typeof History).history(options, terminal)),
    );
}
