import { createRequire } from "node:module";
import type * as Rollback from "../commands/rollback";
import type * as Shift from "../commands/shift";
import type * as Tick from "../commands/tick";
import { type Cli, examples } from "./cli";

/** A command's module is read when it is called: `--help` waits for none of them. */
const load = createRequire(__filename);

/** Commands by which a person moves traffic. */
export function traffic({ command, terminal, ended }: Cli): void {
  command("shift", "give the candidate a share, whatever the plan's times and gates say")
    .argument("<percent>", "the candidate's share from then on, 0–100")
    .requiredOption("-s, --stack <stack>", "the stack, by the name of its file")
    .option("--timeout <seconds>", "how long to wait for pods on their way", "600")
    .option("--begun", "only share what was deployed: deploy nothing new")
    .option("--write-only", "take one step, and leave the update to CI")
    .option("--json", "print each tick as a line of JSON")
    .addHelpText(
      "after",
      examples("sluice shift 25 -s prod", "sluice shift 0 -s prod") +
        "\nThe rules count as ever, and so does what can be seen of the candidate. Ends\n" +
        "with 0 once the share is reached, and otherwise as tick does: 3 where it is\n" +
        "refused or held, 4 where traffic was taken back, 5, 6 and 7.\n",
    )
    .action(async (share: string, options: Shift.ShiftOptions) =>
      ended(await (load("../commands/shift") as typeof Shift).shift(share, options, terminal)),
    );

  command("promote", "make the candidate live, once it has had all traffic for long enough")
    .requiredOption("-s, --stack <stack>", "the stack, by the name of its file")
    .option("--write-only", "leave the update to whoever applies configuration")
    .option("--json", "print what was seen, decided and done as JSON")
    .addHelpText(
      "after",
      examples("sluice promote -s prod") +
        "\nEnds with 0 where it is live, and otherwise as tick does: 3 where it is held, or\n" +
        "something else comes first.\n",
    )
    .action(async (options: Tick.TickOptions) =>
      ended(await (load("../commands/tick") as typeof Tick).promote(options, terminal)),
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
      ended(await (load("../commands/rollback") as typeof Rollback).rollback(options, terminal)),
    );
}
