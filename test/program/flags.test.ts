import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { SSMClient } from "@aws-sdk/client-ssm";
import { Flag, PARTIAL_RESULTS, isAmong } from "../../client/index";
import { Parameters } from "../../cloud/parameters";
import { flagParameter } from "../../model/flags/parameter";
import { flagsParameter, parsePublished } from "../../model/flags/published";
import { type Closing, type LocalStack, PATIENCE, PROJECT, atCloud, closeAll, localStack } from "./fixture";
import { start } from "./rollback-fixture";

const SLUICE = join(PROJECT, "bin", "sluice.js");
const NAME = "partial-results";
const PARAMETER = flagParameter("voiceassist", "dev", NAME);
const ALARM = "partial-results-latency";
const REGION = "us-east-1";

/** One flag and its kill switch; each test goes on where the one before it ended. */
describe("a flag on the real engine", function () {
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
    await share(10);
  });
  after(() => closeAll(opened));

  const share = (percentage: number) =>
    local.set(["sluice:flags"], {
      [NAME]: { rollout_percentage: percentage, max_buffer_timeout: 5, alarms: [ALARM] },
    });
  const held = async () => {
    const text = await new Parameters(REGION).get(PARAMETER);
    return text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>);
  };
  /** By what a watcher would take it back. */
  const published = async () => {
    const text = await new Parameters(REGION).get(flagsParameter("voiceassist", "dev"));
    const { percentage, stops, alarms } = parsePublished(text!)[NAME]!;
    return { percentage, stops, alarms };
  };
  const watched = { stops: [100], alarms: [{ name: ALARM, retreat: "step" }] };
  const inProject = async (line: string) => {
    await local.byHand("true");
    const running = start("sh", ["-c", `. ./env && exec ${line}`], local.copy.dir, process.env);
    return { ...running, code: running.ended };
  };
  const call = async (line: string) => {
    const { code, printed } = await inProject(line);
    return { code: await code, printed: printed() };
  };
  const up = (...options: string[]) =>
    call(["pulumi up -s dev --yes --skip-preview --non-interactive --color never", ...options].join(" "));
  const exported = async () => {
    const { deployment } = JSON.parse(await local.byHand("pulumi stack export -s dev")) as {
      deployment: { resources: { urn: string; dependencies?: string[]; outputs?: object }[] };
    };
    return deployment.resources;
  };

  it("is a parameter that applications read, and is recorded with the release", async () => {
    const { result, diagnostics } = await local.stack.up();
    assert.equal(result, "succeeded", diagnostics.join("\n"));
    assert.deepEqual(await held(), { enabled: true, rollout_percentage: 10, max_buffer_timeout: 5 });
    const resources = await exported();
    const { release } = resources.find(({ urn }) => urn.endsWith("::sluice-dev"))!.outputs as {
      release: { flags: Record<string, { percentage: number; settled: boolean; since: string }> };
    };
    const { since, ...flag } = release.flags[NAME]!;
    assert.deepEqual(flag, { percentage: 10, settled: false });
    assert.deepEqual(await published(), { percentage: 10, ...watched });
    assert.ok(Math.abs(Date.now() - Date.parse(since)) < PATIENCE);
    const flagged = resources.find(({ urn }) => urn.endsWith(`::flag-${NAME}`))!;
    const rules = flagged.dependencies!.filter((urn) => urn.endsWith("-weighted"));
    assert.equal(rules.length, 3, "what rises waits for every rule");

    const client = new SSMClient({ region: REGION });
    const logger = { info: () => undefined, warn: (line: string) => assert.fail(line) };
    const asked = new Flag({ parameter: PARAMETER, settings: PARTIAL_RESULTS, client, logger });
    for (let index = 0; index < 200; index += 1) {
      assert.equal(await asked.isEnabled(`session-${index}`), isAmong(`session-${index}`, 10));
    }
    client.destroy();
  });

  it("is off within moments of the kill switch, from a bare folder, while an update that raises it holds the lock", async () => {
    await share(50);
    const locks = join(local.copy.dir, "state", ".pulumi", "locks");
    const isLocked = async () =>
      (await readdir(locks, { recursive: true }).catch(() => [])).some((name) => name.endsWith(".json"));
    const update = await inProject("pulumi up -s dev --yes --skip-preview --non-interactive --color never");
    opened.push({ close: async () => void update.child.kill("SIGKILL") });
    while (!(await isLocked())) {
      assert.equal(update.child.exitCode, null, update.printed());
      await pause(20);
    }
    update.child.kill("SIGSTOP");

    const { PATH, NODE_PATH } = process.env;
    const args = ["--app", "voiceassist", "--environment", "dev", "--reason", "latency"];
    const off = start(process.execPath, [SLUICE, "flags", "disable", NAME, ...args], bare, {
      ...{ PATH: PATH ?? "", NODE_PATH },
      ...cloudEnv,
    });
    assert.equal(await off.ended, 0, off.printed());
    const told = Number(/disabled after (\d+) ms\n$/.exec(off.printed())?.[1]);
    process.stdout.write(`      flags disable from a bare folder, lock held: ${told} ms by its own clock\n`);
    assert.ok(told < 5_000, off.printed());
    const isOff = { enabled: false, rollout_percentage: 10, max_buffer_timeout: 5 };
    assert.deepEqual(await held(), isOff);

    update.child.kill("SIGCONT");
    assert.notEqual(await update.code, 0);
    assert.match(
      update.printed(),
      /flag guard refuses partial-results: .* would rise to 50 % .* It has 0 %/s,
    );
    assert.deepEqual(await held(), isOff);
  });

  it("is not turned on by configuration that has not heard of it, a refresh of the state or not", async () => {
    await share(10);
    const plain = await up();
    assert.equal(plain.code, 0, plain.printed);
    assert.equal((await held())?.["enabled"], false);
    const refreshed = await up("--refresh");
    assert.notEqual(refreshed.code, 0, refreshed.printed);
    assert.match(refreshed.printed, /flag guard refuses partial-results: .*the last update left 10 %/s);
    assert.equal((await held())?.["enabled"], false);
  });

  it("is off in configuration and state once somebody calls the switch in the project, and may be raised again", async () => {
    const off = await call(`${process.execPath} ${SLUICE} flags disable ${NAME} -s dev --reason latency`);
    assert.equal(off.code, 0, off.printed);
    assert.match(await local.copy.read(), /enabled: false/);
    const on = await call(`${process.execPath} ${SLUICE} flags set ${NAME} -s dev --enable --percentage 50`);
    assert.equal(on.code, 0, on.printed);
    assert.deepEqual(await held(), { enabled: true, rollout_percentage: 50, max_buffer_timeout: 5 });
    assert.deepEqual(
      await published(),
      { percentage: 50, ...watched },
      "an update of flags alone says it too",
    );
    const listed = await call(`${process.execPath} ${SLUICE} flags list -s dev`);
    assert.deepEqual(
      [listed.code, listed.printed],
      [0, "partial-results  on, 50 %          next stop 100 %\n"],
    );
    const again = await local.stack.up();
    assert.equal(again.result, "succeeded", again.diagnostics.join("\n"));
    assert.equal((await held())?.["rollout_percentage"], 50);
  });
});
