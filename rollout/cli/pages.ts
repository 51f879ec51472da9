import { createRequire } from "node:module";
import type * as Alerts from "../commands/alerts";
import type * as Controls from "../commands/controls";
import type * as Cost from "../commands/cost";
import type * as Manifests from "../commands/manifests";
import type { PageOptions } from "../commands/page";
import type * as Rules from "../commands/rules";
import { type Cli, examples } from "./cli";

/** A command's module is read when it is called: `--help` waits for none of them. */
const load = createRequire(__filename);

/** Commands that describe what the program is, without looking at what runs. */
export function pages({ command, terminal }: Cli): void {
  command("manifests", "write every Kubernetes object that a stack would create, one file an object")
    .requiredOption("-s, --stack <stack>", "the stack, by the name of its file")
    .requiredOption("-o, --out <dir>", "folder to write to; made where it is not there")
    .option("--json", "print what was written as JSON")
    .addHelpText("after", examples("sluice manifests -s prod --out /tmp/prod"))
    .action((options: Manifests.ManifestsOptions) =>
      (load("../commands/manifests") as typeof Manifests).manifests(options, terminal),
    );

  command("cost", "estimate what a stack costs a month, with one and with both colours warm")
    .requiredOption("-s, --stack <stack>", "the stack, by the name of its file")
    .option("--json", "print the estimate as JSON")
    .addHelpText("after", examples("sluice cost -s prod", "sluice cost -s prod --json | jq .total"))
    .action((options: Cost.CostOptions) => (load("../commands/cost") as typeof Cost).cost(options, terminal));

  command("controls", "write the table of security controls, from the code that checks them")
    .option("-o, --out <file>", "file to write to", "docs/controls.md")
    .option("--check", "write nothing, and fail where the file is not what would be written")
    .addHelpText("after", examples("sluice controls", "sluice controls --check"))
    .action((options: PageOptions) =>
      (load("../commands/controls") as typeof Controls).controls(options, terminal),
    );

  command("rules", "write the page of rules, with their limits, from the code that judges by them")
    .option("-o, --out <file>", "file to write to", "docs/rules.md")
    .option("--check", "write nothing, and fail where the file is not what would be written")
    .addHelpText("after", examples("sluice rules", "sluice rules --check"))
    .action((options: PageOptions) => (load("../commands/rules") as typeof Rules).rules(options, terminal));

  command("alerts", "write the page of alerts; or a stack's rules and routing, for a Prometheus of your own")
    .option("-s, --stack <stack>", "the stack whose rules and routing are written, by the name of its file")
    .option("-o, --out <path>", "file of the page, or with --stack folder to write to", "docs/alerts.md")
    .option("--check", "write nothing, and fail where the page is not what would be written")
    .addHelpText(
      "after",
      examples("sluice alerts", "sluice alerts --check", "sluice alerts -s prod --out /tmp/alerts"),
    )
    .action((options: Alerts.AlertsOptions) =>
      (load("../commands/alerts") as typeof Alerts).alerts(options, terminal),
    );
}
