import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ElasticLoadBalancingV2Client, ModifyRuleCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { DeleteParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { Parameters } from "../../cloud/parameters";
import { WeightedRules } from "../../cloud/weightedRules";
import { parseMessage } from "../../model/message";
import { greenAt } from "../../model/release";
import { shiftUrns } from "../../rehearsal/urns";
import { settingsIn } from "../../rollout/configuration";
import { type Closing, type LocalStack, PATIENCE, PROJECT, atCloud, closeAll, localStack } from "./fixture";
import { type Running, start, watched } from "./rollback-fixture";

const FENCE = "/sluice/voiceassist/dev/fence";
const SERVICES = ["admin-panel", "api-gateway", "voice-service"];
const SLUICE = join(PROJECT, "bin", "sluice.js");

/** How the stack is named where there is no project. */
const BARE = ["--app", "voiceassist", "--environment", "dev"];

/** Far above the second that it should take: this machine does other things too. */
const MOST_MILLISECONDS = 5_000;

/** One release and its rollbacks; each test goes on where the one before it ended. */
describe("sluice rollback, status and verify on the real engine", function () {
  this.timeout(PATIENCE);
  const opened: Closing[] = [];
  let local: LocalStack;
  let bare: string;
  let cloudEnv: Record<string, string>;

  before(async () => {
    local = await localStack();
    opened.push(local);
    bare = await mkdtemp(join(tmpdir(), "sluice-bare-"));
    opened.push({ close: () => rm(bare, { recursive: true, force: true }) });
    cloudEnv = atCloud(local.cloud, opened);
    await up();
    await local.edit({ green: { version: "2.4.0" } });
    await up();
    await local.edit({ traffic: greenAt(10) });
    await up();
  });
  after(() => closeAll(opened));

  const up = async () => {
    const outcome = await local.stack.up();
    assert.equal(outcome.result, "succeeded", outcome.diagnostics.join("\n"));
    return outcome;
  };

  const rules = () => new WeightedRules("us-east-1").of("voiceassist", "dev");
  const greens = async () => (await rules()).map(({ shares }) => shares.green);
  const fence = async () => {
    const value = await new Parameters("us-east-1").get(FENCE);
    return value === undefined ? undefined : (JSON.parse(value) as Record<string, string>);
  };

  /** Calls sluice in a folder that has nothing, with credentials and nothing else in the environment. */
  const fromBare = (...args: string[]): Running => {
    const { PATH, NODE_PATH } = process.env;
    return start(process.execPath, [SLUICE, ...args], bare, { PATH: PATH ?? "", NODE_PATH, ...cloudEnv });
  };

  /** Runs a line in the working copy, as a person would who has read `env`. */
  const inProject = async (line: string): Promise<Running> => {
    await local.byHand("true");
    return start("sh", ["-c", `. ./env && exec ${line}`], local.copy.dir, process.env);
  };
  const sluice = async (...args: string[]) => {
    const quoted = args.map((arg) => `'${arg}'`).join(" ");
    const running = await inProject(`${process.execPath} ${SLUICE} ${quoted}`);
    return { code: await running.ended, printed: running.printed() };
  };

  /** An update that holds the stack's lock, and is stopped there until it is let go. */
  const pausedUpdate = async () => {
    const locks = join(local.copy.dir, "state", ".pulumi", "locks");
    const held = async () =>
      (await readdir(locks, { recursive: true }).catch(() => [])).some((name) => name.endsWith(".json"));
    const running = await inProject("pulumi up -s dev --yes --skip-preview --non-interactive --color never");
    while (!(await held())) {
      assert.equal(running.child.exitCode, null, running.printed());
      await pause(20);
    }
    running.child.kill("SIGSTOP");
    opened.push({ close: async () => void running.child.kill("SIGKILL") });
    return { ...running, goOn: () => running.child.kill("SIGCONT") };
  };

  it("moves traffic from a folder with nothing but credentials, while another update holds the lock", async () => {
    await local.edit({ traffic: greenAt(50) });
    const update = await pausedUpdate();
    const traffic = await watched(local.cloud);
    while (traffic.green() < 20) await pause(20);
    const began = performance.now();
    const call = fromBare("rollback", ...BARE, "--reason", "loses calls");
    assert.equal(await call.ended, 0, call.printed());
    await pause(500);
    const counts = await traffic.stop();
    const moved = Math.round(traffic.lastGreen() - began);
    const told = Number(/traffic moved after (\d+) ms\n$/.exec(call.printed())?.[1]);
    process.stdout.write(
      `      rollback from a bare folder, lock held: ${moved} ms until users saw it, ${told} ms by its own clock\n`,
    );
    assert.ok(moved < MOST_MILLISECONDS, `${moved} ms`);
    assert.ok(told < MOST_MILLISECONDS, call.printed());
    assert.equal(counts.failed.blue + counts.failed.green, 0);
    assert.deepEqual(
      (await rules()).map(({ service, shares, sticky }) => [service, shares.green, sticky]),
      SERVICES.map((service) => [service, 0, false]),
    );
    const { at, ...rest } = (await fence())!;
    assert.deepEqual(rest, {
      version: "2.4.0",
      reason: "loses calls",
      by: "arn:aws:iam::123456789012:user/rehearsal",
    });
    assert.ok(Math.abs(Date.now() - Date.parse(at!)) < 60_000);

    update.goOn();
    assert.notEqual(await update.ended, 0);
    assert.match(update.printed(), /guard refuses .* green 2\.4\.0: 10 % → 50 %.*fenced since/s);
    assert.deepEqual(await greens(), [0, 0, 0], "the update that was raising the share raised nothing");
  });

  it("does nothing the second time", async () => {
    const before = await fence();
    const call = fromBare("rollback", ...BARE, "--reason", "again");
    assert.equal(await call.ended, 0, call.printed());
    assert.match(call.printed(), /nothing to move: blue has its share at every rule\n$/);
    assert.deepEqual(await fence(), before);
  });

  it("is seen by verify: each rule that has less than the state, and what mends it", async () => {
    const { code, printed } = await sluice("verify", "-s", "dev");
    assert.equal(code, 5, printed);
    for (const service of SERVICES) {
      assert.match(
        printed,
        new RegExp(`^${service}: green has 0 % at the load balancer and 10 % in state`, "m"),
      );
    }
    assert.match(printed, /^traffic: configuration asks for blue 50 %, green 50 %; the state has/m);
    const shown = await sluice("status", "-s", "dev");
    assert.equal(shown.code, 0, shown.printed);
    assert.match(shown.printed, /^version +2\.3\.1 +2\.4\.0 \(fenced\)$/m);
    assert.match(shown.printed, /^configured +50 % +50 %$/m);
    assert.match(shown.printed, /^in state +90 % +10 %$/m);
    assert.match(shown.printed, /^api-gateway +100 %, (\d+)\/\1 healthy +0 %, (\d+)\/\2 healthy$/m);
    for (const line of shown.printed.split("\n")) assert.ok(line.length <= 80, line);
  });

  it("cannot be undone by the next update of the stale configuration, nor after a refresh", async () => {
    const stale = await local.stack.up();
    assert.equal(stale.result, "failed");
    assert.match(stale.diagnostics.join("\n"), /version 2\.4\.0 is fenced since .*: loses calls/);
    const refreshed = await local.stack.up({ refresh: true });
    assert.equal(refreshed.result, "failed");
    assert.match(refreshed.diagnostics.join("\n"), /guard refuses .*0 % → 50 %.* fenced since/s);
    assert.deepEqual(await greens(), [0, 0, 0]);
  });

  it("brings configuration and state in line from the project, and says so when asked", async () => {
    const call = await sluice("rollback", "-s", "dev", "--reason", "loses calls", "--json");
    assert.equal(call.code, 0, call.printed);
    const told = JSON.parse(call.printed) as { state: string; rules: unknown[]; to: string };
    assert.deepEqual([told.state, told.rules, told.to], ["updated", [], "blue"]);
    assert.deepEqual(settingsIn(await local.copy.read()).release.traffic, { blue: 100, green: 0 });
    const verified = await sluice("verify", "-s", "dev");
    assert.equal(verified.code, 0, verified.printed);
    const text = await local.copy.read();
    const again = await sluice("rollback", "-s", "dev", "--reason", "loses calls");
    assert.equal(again.code, 0, again.printed);
    assert.match(again.printed, /asks for it already.*the state has it already.*nothing to move/s);
    assert.equal(await local.copy.read(), text);
  });

  it("in the project moves traffic at once while the lock is held, and converges when it is free", async () => {
    await new SSMClient({}).send(new DeleteParameterCommand({ Name: FENCE }));
    await local.edit({ traffic: greenAt(10) });
    const again = await local.stack.up();
    assert.match(again.diagnostics.join("\n"), /T12 .* which was taken back/);
    const expires = new Date(Date.now() + 3_600_000).toISOString();
    const retry = { rule: "T12", by: "ana@example.com", reason: "the provider was down", expires };
    await local.set(["sluice:overrides"], [retry]);
    await up();
    await local.edit({ traffic: greenAt(50) });
    const update = await pausedUpdate();
    const traffic = await watched(local.cloud);
    while (traffic.green() < 20) await pause(20);
    const began = performance.now();
    const call = await inProject(`${process.execPath} ${SLUICE} rollback -s dev --reason slow`);
    while (!call.printed().includes("waiting, and keeping traffic")) {
      assert.equal(call.child.exitCode, null, call.printed());
      await pause(50);
    }
    await traffic.stop();
    const moved = Math.round(traffic.lastGreen() - began);
    process.stdout.write(`      rollback in the project, lock held: ${moved} ms until users saw it\n`);
    assert.ok(moved < MOST_MILLISECONDS, `${moved} ms`);
    // Somebody else's update raises a rule once more, as one that had passed its guard would.
    const [first] = await rules();
    await raise(first!.arn, first!.targetGroups);
    const end = performance.now() + 30_000;
    while ((await greens()).some((share) => share > 0)) {
      assert.ok(performance.now() < end, call.printed());
      await pause(100);
    }
    update.goOn();
    await update.ended;
    assert.equal(await call.ended, 0, call.printed());
    assert.match(call.printed(), /somebody else's update moved admin-panel/);
    assert.match(call.printed(), /the state has followed.*traffic moved after \d+ ms\n$/s);
    assert.deepEqual(await greens(), [0, 0, 0]);
    const verified = await sluice("verify", "-s", "dev");
    assert.equal(verified.code, 0, verified.printed);
  });

  it("updates rules and transition, and nothing else", async () => {
    const history = JSON.parse(await local.byHand("pulumi stack history -s dev --json")) as {
      message: string;
      result: string;
      resourceChanges?: Record<string, number>;
    }[];
    const last = history.find(({ message }) => parseMessage(message)?.reasons[0]?.text === "slow");
    assert.equal(last?.result, "succeeded");
    const { update: updated = 0, create = 0, delete: deleted = 0, replace = 0 } = last.resourceChanges ?? {};
    assert.deepEqual(
      [updated, create, deleted, replace],
      [shiftUrns("dev", "sluice", SERVICES).length, 0, 0, 0],
    );
  });

  const raise = async (RuleArn: string, groups: Readonly<Record<"blue" | "green", string>>) => {
    const client = new ElasticLoadBalancingV2Client({});
    const TargetGroups = [
      { TargetGroupArn: groups.blue, Weight: 50 },
      { TargetGroupArn: groups.green, Weight: 50 },
    ];
    await client.send(
      new ModifyRuleCommand({ RuleArn, Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }] }),
    );
    client.destroy();
  };
});
