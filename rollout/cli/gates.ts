import { createRequire } from "node:module";
import type * as Approve from "../commands/approve";
import type * as Validate from "../commands/validate";
import { type Cli, examples } from "./cli";

/** A command's module is read when it is called: `--help` waits for none of them. */
const load = createRequire(__filename);

/** Commands about what a release has to pass. */
export function gates({ command, terminal, ended }: Cli): void {
  command("validate", "ask a colour for its health by the preview header")
    .requiredOption("-s, --stack <stack>", "the stack, by the name of its file")
    .option(
      "--colour <colour>",
      "blue or green; default: the one that is not live,\nor the live one where nothing else runs",
    )
    .option("--json", "print the finding as JSON")
    .addHelpText(
      "after",
      examples("sluice validate -s prod", "sluice validate -s prod --colour blue --json") +
        "\nEnds with 0 where it passed, 3 where it failed, and 6 where nothing shows that\n" +
        "it was this colour that answered. SLUICE_BALANCER_URL names where the load\n" +
        "balancer is reached, where that is not by its own name.\n",
    )
    .action(async (options: Validate.ValidateOptions) =>
      ended(await (load("../commands/validate") as typeof Validate).validate(options, terminal)),
    );

  command("approve", "give your word for a manual gate of the step that the release is at")
    .argument("<gate>", "its name in the plan")
    .requiredOption("-s, --stack <stack>", "the stack, by the name of its file")
    .requiredOption("--reason <reason>", "why, for whoever reads it later")
    .option("--flag <name>", "the gate is in the plan of this flag")
    .option("--json", "print the approval as JSON")
    .addHelpText(
      "after",
      examples('sluice approve accuracy -s prod --reason "read 200 transcripts"') +
        "\nCounts for the version and the step that are there now. Ends with 0 where it\n" +
        "counts, 3 where it is not yours to give or comes too late, and 6 where the\n" +
        "state, or who you are, could not be observed.\n",
    )
    .action(async (gate: string, options: Approve.ApproveOptions) =>
      ended(await (load("../commands/approve") as typeof Approve).approve(gate, options, terminal)),
    );
}
