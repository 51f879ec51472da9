import { createRequire } from "node:module";
import type * as Abort from "../commands/abort";
import type * as Plan from "../commands/plan";
import type * as Run from "../commands/run";
import type * as Tick from "../commands/tick";
import type * as Watch from "../commands/watch";
import { type Cli, examples } from "./cli";

/** A command's module is read when it is called: `--help` waits for none of them. */
const load = createRequire(__filename);

const STACK = ["-s, --stack <stack>", "the stack, by the name of its file"] as const;

/** How whatever reconciles ends. */
const CODES =
  "\nEnds with 0 where nothing is left to be done now, 3 where it is held, 4 where\n" +
  "traffic or a flag was taken back, 5 where live weights are not the configured\n" +
  "ones, 6 where something could not be observed, and 7 where another's update\n" +
  "holds the stack. Run it again at any time, also after it was killed: it does\n" +
  "what is missing.\n";

/** Commands by which a release goes its plan's way. */
export function reconcile({ command, terminal, ended }: Cli): void {
  command("tick", "observe, decide and act once: the plan's next step, or the way back")
    .requiredOption(...STACK)
    .option("--dry-run", "say what would be done, and do nothing")
    .option("--begun", "only go on with what was deployed: deploy nothing new")
    .option("--write-only", "leave the update to whoever applies configuration")
    .option("--json", "print what was seen, decided and done as JSON")
    .addHelpText("after", examples("sluice tick -s prod", "sluice tick -s prod --dry-run") + CODES)
    .action(async (options: Tick.TickOptions) =>
      ended(await (load("../commands/tick") as typeof Tick).tick(options, terminal)),
    );

  command("run", "tick until the release is done, taken back, or waits for a person")
    .requiredOption(...STACK)
    .option("--interval <seconds>", "between two looks", "30")
    .option("--timeout <seconds>", "default: as long as that takes")
    .option("--begun", "only go on with what was deployed: deploy nothing new")
    .option("--json", "print each tick that found something new as a line of JSON")
    .addHelpText(
      "after",
      examples("sluice run -s staging", "sluice run -s prod --interval 60 --timeout 86400") +
        CODES +
        "Ctrl-C ends it between two effects; what has begun is finished.\n",
    )
    .action(async (options: Run.RunOptions) =>
      ended(await (load("../commands/run") as typeof Run).run(options, terminal)),
    );

  command("watch", "look at what is live, and take traffic back where it is urgent")
    .option(...STACK)
    .option("--app <app>", "without a project: the application")
    .option("--environment <environment>", "without a project: dev, staging or prod")
    .option("--region <region>", "without a project; default: AWS_REGION")
    .option("--interval <seconds>", "between two looks", "30")
    .option("--timeout <seconds>", "default: until somebody ends it")
    .option("--once", "look once")
    .option("--json", "print each look that found something new as a line of JSON")
    .addHelpText(
      "after",
      examples("sluice watch -s prod", "sluice watch --app voiceassist --environment prod --interval 10") +
        "\nIt needs credentials and nothing else, raises nothing, and changes neither\n" +
        "configuration nor state: the next tick follows. Ends with 4 once traffic was\n" +
        "taken back. With --once or after --timeout also with 0 where nothing is urgent,\n" +
        "3 where nothing may be moved, 5 where a part failed, and 6 where it was blind.\n",
    )
    .action(async (options: Watch.WatchOptions) =>
      ended(await (load("../commands/watch") as typeof Watch).watch(options, terminal)),
    );

  command("advance", "take the plan's next step, if everything that it needs is good")
    .requiredOption(...STACK)
    .option("--write-only", "leave the update to whoever applies configuration")
    .option("--json", "print what was seen, decided and done as JSON")
    .addHelpText("after", examples("sluice advance -s prod") + CODES)
    .action(async (options: Tick.TickOptions) =>
      ended(await (load("../commands/tick") as typeof Tick).advance(options, terminal)),
    );

  command("plan", "show the plan: its steps, where the release is, when it may be done")
    .requiredOption(...STACK)
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      examples("sluice plan -s prod") + "\nEnds with 0, and with 6 where the state could not be observed.\n",
    )
    .action(async (options: Plan.PlanOptions) =>
      ended(await (load("../commands/plan") as typeof Plan).plan(options, terminal)),
    );

  command("abort", "hold the plan where it is: nothing rises from then on")
    .requiredOption(...STACK)
    .requiredOption("--reason <reason>", "why, for whoever goes on later")
    .option("--json", "print what was done as JSON")
    .addHelpText(
      "after",
      examples('sluice abort -s prod --reason "support sees failed calls"') +
        "\nIt writes sluice:plan.hold into the stack file, and says how to go on again.\n" +
        "Traffic stays where it is: to take it back, sluice rollback. Ends with 0.\n",
    )
    .action(async (options: Abort.AbortOptions) =>
      ended(await (load("../commands/abort") as typeof Abort).abort(options, terminal)),
    );
}
