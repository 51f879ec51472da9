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
import { configurationOf, findProject, readStackFile } from "../../../rollout/project";
import { HISTORY, LOCK, STATE, UPDATES, exportOf } from "./stack-fixture";

/**
 * Stands in for `pulumi up` where what is tested is whoever calls it: an update that keeps the rules, changes the load
 * balancer and flags, records what the program would, and is refused while a lock is there. What the real engine makes of
 * the real program is tested in test/program.
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
    record(message, targets);
    appendFileSync(UPDATES, `${JSON.stringify({ subject: message.split("\n")[0], targets })}\n`);
  } finally {
    rmSync(lock, { force: true });
  }
}

/** As the real engine's history has an update, its options by name and the values of secrets withheld. */
function record(message: string, targets: number): void {
  const project = findProject(process.cwd());
  const { values, secret } = configurationOf(project, readStackFile(project, "dev"));
  const config = Object.entries(values).map(([key, value]) => [
    key,
    secret.includes(key) ? { secret: true } : { value, secret: false },
  ]);
  const update = {
    ...{ version: 0, kind: "update", result: "succeeded", startTime: new Date().toISOString(), message },
    environment: { "pulumi.version": "v3.250.0", ...(targets > 0 && { "pulumi.flag.target": "set" }) },
    config: Object.fromEntries(config),
  };
  const before = JSON.parse(readFileSync(HISTORY, "utf8")) as unknown[];
  writeFileSync(HISTORY, JSON.stringify([update, ...before]));
}

function fail(text: string): never {
  console.error(text);
  process.exit(255);
}

void up();
