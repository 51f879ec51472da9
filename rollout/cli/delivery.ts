import { createRequire } from "node:module";
import type * as AffectedStacks from "../delivery/affected";
import type * as Carry from "../delivery/carry";
import type * as Comment from "../delivery/comment";
import type * as Deploy from "../delivery/deploy";
import type * as Dispatch from "../delivery/dispatch";
import type * as Drift from "../delivery/drift";
import type * as Preview from "../delivery/preview";
import type * as Publish from "../delivery/publish";
import { type Cli, examples } from "./cli";

/** A command's module is read when it is called: `--help` waits for none of them. */
const load = createRequire(__filename);

const STACK = ["-s, --stack <stack>", "the stack, by the name of its file"] as const;

/** Commands by which a change comes to a stack; the workflows in .github/workflows call them. */
export function delivery({ command, terminal, ended }: Cli): void {
  command("affected", "tell the stacks whose configuration or code a change touches")
    .option("--base <ref>", "branch, tag or commit to compare with; default: every stack")
    .option("--json", "print them as JSON, each with its branch and the runner of its jobs")
    .addHelpText("after", examples("sluice affected --base origin/main"))
    .action(async (options: AffectedStacks.AffectedOptions) =>
      ended(await (load("../delivery/affected") as typeof AffectedStacks).affectedStacks(options, terminal)),
    );

  command("preview", "preview a stack with both policy packs, and write what a reviewer must know")
    .requiredOption(...STACK)
    .option("-o, --out <file>", "write the comment there, instead of printing it")
    .option("--record <file>", "also write what it is made from, as JSON")
    .option("--commit <sha>", "of the previewed text, to be named")
    .option("--drift", "look at what really exists first; whatever differs is drift")
    .option("--json", "print what it is made from")
    .addHelpText(
      "after",
      examples("sluice preview -s prod", "sluice preview -s prod --out comment.md") +
        "\nEnds with 0 where it may be merged, 2 for a fault of settings, 3 where it is\n" +
        "refused, 6 where it failed by anything else, and with --drift 5 where something\n" +
        "differs.\n",
    )
    .action(async (options: Preview.PreviewOptions) =>
      ended(await (load("../delivery/preview") as typeof Preview).preview(options, terminal)),
    );

  command("comment", "write what previews said beside a pull request, or change what is there")
    .requiredOption("--record <path>", "what preview --record wrote, or a folder of such files")
    .requiredOption("--pull <number>", "the pull request")
    .option("--affected <json>", "what affected --json told: comments on other stacks are taken back")
    .option("--commit <sha>", "that was previewed, to be named where there is no record of it")
    .addHelpText(
      "after",
      examples("sluice comment --record previews --pull 12") +
        "\nGITHUB_REPOSITORY and GITHUB_TOKEN say where and as whom. Ends with 0, and with\n6 " +
        "where GitHub does not take it.\n",
    )
    .action(async (options: Comment.CommentOptions) =>
      ended(await (load("../delivery/comment") as typeof Comment).writeComment(options, terminal)),
    );

  command("deploy", "update a stack as configuration has it, with both policy packs")
    .requiredOption(...STACK)
    .option("--message <text>", "why, for the stack's history")
    .addHelpText(
      "after",
      examples("sluice deploy -s dev") +
        "\nEnds with 0, with 3 where it is refused or fails, and with 7 where another's\n" +
        "update holds the stack.\n",
    )
    .action(async (options: Deploy.DeployOptions) =>
      ended(await (load("../delivery/deploy") as typeof Deploy).deploy(options, terminal)),
    );

  command("carry", "write what has baked in the environment before into a stack file")
    .requiredOption(...STACK)
    .option("--version <version>", "which; default: the newest")
    .option("--pack <file>", "only write what this stack publishes, for another account")
    .option("--unpack <file>", "first publish such a file here; carry nothing but what it has")
    .option("--approved <commit>", "carry nothing where configuration asks for more than it did then")
    .option("--json", "print what was done as JSON")
    .addHelpText(
      "after",
      examples("sluice carry -s prod", "sluice carry -s staging --pack staging.json") +
        "\nVersion, images by digest and migration go to the colour without traffic. Ends\n" +
        "with 0 where it is there, 3 where it has to wait, 5 where the program has\n" +
        "changed since the packed stack was deployed with it, or configuration since it\n" +
        "was approved, and 6 where what has baked, or any of that, could not be read.\n",
    )
    .action(async (options: Carry.CarryOptions) =>
      ended(await (load("../delivery/carry") as typeof Carry).carryOver(options, terminal)),
    );

  command("publish", "commit a stack file that a step of a release has changed, and push it")
    .requiredOption(...STACK)
    .requiredOption("--branch <branch>", "of origin, from which configuration is read")
    .option("--message <text>", "the commit's first line; default: live colour and shares")
    .addHelpText(
      "after",
      examples("sluice publish -s prod --branch main") +
        "\nEnds with 0, and with 5 where somebody has changed the same keys meanwhile.\n",
    )
    .action(async (options: Publish.PublishOptions) =>
      ended(await (load("../delivery/publish") as typeof Publish).publish(options, terminal)),
    );

  command("dispatch", "do what somebody chose in the form of rollout.yml")
    .option("--plan", "only say what that is, and who approves it, as JSON")
    .addHelpText(
      "after",
      examples("sluice dispatch --plan") +
        "\nWhat was chosen is in the environment: STACK, DEPLOYMENT_STRATEGY (blue-green,\n" +
        "canary or rollback), CANARY_PERCENTAGE, FORCE_ROLLBACK, ROLLBACK_TO, KIND and\n" +
        "REASON. Ends as the command does that it comes to; with 0 where run is held, for\n" +
        "the schedule's ticks go on with that.\n",
    )
    .action(async (options: Dispatch.DispatchOptions) =>
      ended(await (load("../delivery/dispatch") as typeof Dispatch).dispatch(options, terminal)),
    );

  command("drift", "compare what is live with what is configured, and say what differs")
    .requiredOption(...STACK)
    .option("--record <file>", "write what was seen there, as JSON")
    .addHelpText(
      "after",
      examples("sluice drift -s prod") +
        "\nEnds with 0, and with 5 where something differs or could not be seen.\n",
    )
    .action(async (options: Drift.DriftOptions) =>
      ended(await (load("../delivery/drift") as typeof Drift).drift(options, terminal)),
    );

  command("issue", "open, change or close the issue about a stack's drift")
    .requiredOption("--record <file>", "what drift --record wrote")
    .option("-s, --stack <stack>", "the stack, which counts as not seen where there is no record")
    .addHelpText("after", examples("sluice issue --record drift.json"))
    .action(async (options: Drift.IssueOptions) =>
      ended(await (load("../delivery/drift") as typeof Drift).issue(options, terminal)),
    );
}
