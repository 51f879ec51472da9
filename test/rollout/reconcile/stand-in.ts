import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { WeightedRules } from "../../../cloud/weightedRules";
import { Parameters } from "../../../cloud/parameters";
import { flagParameter } from "../../../model/flags/parameter";
import { formatFlag } from "../../../model/flags/value";
import { circumstances } from "../../../model/circumstances";
import { type StateResource, recordedFrom } from "../../../model/recorded";
import { judge, next } from "../../../model/transition";
import { settingsIn } from "../../../rollout/configuration";
import { LOCK, STATE, UPDATES, exportOf } from "./stack-fixture";

/**
 * Stands in for `pulumi` where what is tested is whoever calls it: an export, and an update that keeps the rules,
 * changes the load balancer and flags, records what the program would, and is refused while a lock is there. What the real
 * engine makes of the real program is tested in test/program.
 */
async function up(): Promise<void> {
  const lock = join(process.cwd(), LOCK);
  if (existsSync(lock)) fail("error: the stack is currently locked by 1 lock(s).");
  mkdirSync(dirname(lock), { recursive: true });
  writeFileSync(lock, "{}");
  try {
    const settings = settingsIn(readFileSync("Pulumi.dev.yaml", "utf8"));
    const { deployment } = JSON.parse(readFileSync(STATE, "utf8")) as {
      deployment: { resources: StateResource[] };
    };
    const from = recordedFrom(deployment.resources);
    const now = new Date().toISOString();
    const intent = { ...circumstances(settings), from, to: settings.release, now };
    const violations = judge(intent);
    if (violations.length > 0) {
      rmSync(lock);
      fail(`error: ${violations.map(({ message }) => message).join("\n")}`);
    }
    const rules = new WeightedRules("us-east-1");
    for (const rule of await rules.of("app", "dev")) {
      const { traffic } = settings.release;
      if (rule.shares.green !== traffic.green) await rules.share(rule, traffic);
    }
    const parameters = new Parameters("us-east-1");
    for (const [name, flag] of Object.entries(settings.flags))
      await parameters.put(flagParameter("app", "dev", name), formatFlag(flag));
    writeFileSync(STATE, JSON.stringify(exportOf(next(intent))));
    const message = process.argv[process.argv.indexOf("--message") + 1] ?? "";
    const targets = process.argv.filter((arg) => arg === "--target").length;
    appendFileSync(UPDATES, `${JSON.stringify({ subject: message.split("\n")[0], targets })}\n`);
  } finally {
    rmSync(lock, { force: true });
  }
}

function fail(text: string): never {
  console.error(text);
  process.exit(255);
}

if (process.argv[2] === "stack") process.stdout.write(readFileSync(STATE, "utf8"));
else void up();
