import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Parameters } from "../../cloud/parameters";
import { greenAt } from "../../model/release";
import { sum } from "../../rehearsal/traffic/counts";
import type { Traffic } from "../../rehearsal/traffic/traffic";
import { type Closing, PATIENCE, closeAll, stoppedClock } from "./fixture";
import type { Running } from "./rollback-fixture";
import { type Dev, startDev } from "./tick-fixture";

const VERSION = "2.4.0";
const FENCE = "/sluice/voiceassist/dev/fence";
const MINUTE = 60_000;

/** Metrics are there at once here, so that it takes longer than so many seconds is no slow machine's fault. */
const MOST_SECONDS = 120;

/** One candidate on its way into a bad end; each test goes on where the one before it ended. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("faults around sluice run on the real engine", function () {
  this.timeout(PATIENCE);
  const opened: Closing[] = [];
  let dev: Dev;
  let traffic: Traffic;
  let run: Running;

  before(async () => {
    const clock = await stoppedClock();
    opened.push(clock);
    dev = await startDev(opened);
    // Of an hour ago: requests that metrics say were made minutes ago are the candidate's then, and not older.
    await clock.stopAt(new Date(Date.now() - 60 * MINUTE).toISOString());
    const deployed = await (await dev.local.openedWith(clock.env)).up();
    assert.equal(deployed.result, "succeeded", deployed.diagnostics.join("\n"));
    // Minutes that are settled as soon as they are made, so that nobody has to wait for them.
    await dev.local.cloud.publishMetrics({ backdateSeconds: 180 });
    await planned("12h");
    traffic = await dev.traffic();
    opened.push({ close: () => traffic.stop() });
  });
  after(() => closeAll(opened));

  /** The plan: 10 % for so long, then 50 %. */
  const planned = (bake: string) => {
    const steps = [{ share: 10, bake }, { share: 50, bake: "12h" }, { share: 100 }];
    return dev.local.set(["sluice:plan"], { steps });
  };
  const everywhere = (green: number) => [green, green, green];

  /** Where a process has been caught while an update holds the stack. */
  const caught = async (line: string, isThere: () => Promise<boolean>): Promise<Running> => {
    const running = await dev.shell(line);
    opened.push({
      close: async () => {
        if (running.child.exitCode === null && running.child.signalCode === null) kill(running, "SIGKILL");
        await running.ended;
      },
    });
    while (!(await isThere())) {
      assert.equal(running.child.exitCode, null, running.printed());
      await pause(1);
    }
    return running;
  };
  const kill = ({ child }: Running, signal: NodeJS.Signals) => process.kill(-child.pid!, signal);
  const isLocked = async () =>
    (await readdir(dev.local.copy.dir, { recursive: true })).some((path) => /locks.*\.json$/.test(path));
  /** Whether the state has an operation that has begun and not ended; no while a folder's state is being written. */
  const isUpdating = () => {
    const text = readFileSync(join(dev.local.copy.dir, "state/.pulumi/stacks/sluice/dev.json"), "utf8");
    return /"type": ?"updating"/.test(text) && isJson(text);
  };
  const told = async (running: Running, what: RegExp) => {
    while (!what.test(running.printed())) {
      assert.equal(running.child.exitCode, null, running.printed());
      await pause(10);
    }
  };

  it("waits for a real update that is paused, changes nothing meanwhile, and goes on when it does", async () => {
    await dev.local.edit({ green: { version: VERSION } });
    const text = await dev.local.copy.read();
    const update = await caught("pulumi up -s dev --yes --skip-preview", isLocked);
    kill(update, "SIGSTOP");
    const tick = await dev.sluice("tick");
    assert.equal(tick.code, 7, tick.printed);
    assert.match(tick.printed, /^hold +an update by .* holds the stack$/ms);
    const waiting = await dev.start("run", "--interval", "1");
    await told(waiting, /holds the stack/);
    assert.deepEqual([await dev.greens(), await dev.local.copy.read()], [everywhere(0), text]);

    kill(update, "SIGCONT");
    await told(waiting, /^hold +.*bake/ms);
    assert.equal(await update.ended, 0, update.printed());
    assert.deepEqual([await dev.greens(), await dev.configured()], [everywhere(10), 10]);
    kill(waiting, "SIGINT");
    assert.equal(await waiting.ended, 3, waiting.printed());
  });

  it("goes on where the engine was killed in the midst of raising the share", async () => {
    await planned("0s");
    await dev.local.edit({ traffic: greenAt(50) });
    const update = await caught(
      "pulumi up -s dev --yes --skip-preview --parallel 1",
      // Last what passes soonest: an operation that was under way a moment ago may be over.
      async () => (await dev.greens()).includes(50) && isUpdating(),
    );
    // Killed while it writes to the folder, it would leave no state at all, which is another fault.
    for (kill(update, "SIGSTOP"); !isUpdating(); kill(update, "SIGSTOP")) {
      kill(update, "SIGCONT");
      await pause(1);
    }
    kill(update, "SIGKILL");
    await update.ended;
    const left = await dev.greens();
    assert.ok(left.includes(10) && left.includes(50), `some rules have risen: ${left.join(", ")}`);

    const locked = await dev.sluice("tick");
    assert.equal(locked.code, 7, locked.printed);
    assert.match(locked.printed, /sluice unlock/);
    assert.deepEqual(await dev.greens(), left);
    const unlocked = await dev.sluice("unlock");
    assert.equal(unlocked.code, 0, unlocked.printed);
    assert.match(unlocked.printed, /^ {2}updating urn:pulumi:dev::sluice::/m);

    const levelled = await dev.sluice("tick");
    assert.equal(levelled.code, 0, levelled.printed);
    assert.match(levelled.printed, /^level /m);
    assert.deepEqual([await dev.greens(), await dev.configured()], [everywhere(10), 10]);

    run = await dev.start("run", "--interval", "1");
    await told(run, /^hold +.*bake/ms);
    assert.deepEqual([await dev.greens(), await dev.configured()], [everywhere(50), 50]);
  });

  it("takes a candidate back that turns bad under the eyes of a run, by its metrics alone", async () => {
    let [first, last] = [0, 0];
    const measured = traffic.measure("a bad candidate");
    const unobserved = traffic.observe(({ colour, failed }) => {
      if (colour !== "green") return;
      last = performance.now();
      if (failed && first === 0) first = last;
    });
    await dev.local.cloud.behave({ colour: "green" }, { errorRate: 50 });
    assert.equal(await run.ended, 4, run.printed());
    const followed = performance.now() - first;
    unobserved();
    const { requests, failed } = await measured();

    assert.deepEqual([await dev.greens(), await dev.configured()], [everywhere(0), 0]);
    const fence = JSON.parse((await new Parameters("us-east-1").get(FENCE)) ?? "{}") as Record<
      string,
      string
    >;
    assert.equal(fence["version"], VERSION);
    assert.match(fence["reason"] ?? "", /api-gateway green: .*failed in the last .*; the limit is 5 %/);
    const verified = await dev.sluice("verify");
    assert.equal(verified.code, 0, verified.printed);

    assert.ok(failed.green > 0 && requests.blue > 0, JSON.stringify(requests));
    assert.deepEqual([failed.blue, failed.unknown], [0, 0], "only the candidate fails");
    const seconds = (milliseconds: number) => Number((milliseconds / 1_000).toFixed(1));
    const moved = seconds(last - first);
    process.stdout.write(
      `      ${failed.green} of ${sum(requests)} requests failed, traffic moved ${moved} s after the first, ` +
        `and all had followed after ${seconds(followed)} s; metrics came at once\n`,
    );
    assert.ok(moved < MOST_SECONDS, `${moved} s`);
  });

  it("gives it nothing any more", async () => {
    const { code, printed } = await dev.sluice("tick");
    assert.equal(code, 3, printed);
    assert.match(printed, /^hold +green 2\.4\.0 was fenced at/m);
    assert.deepEqual(await dev.greens(), everywhere(0));
    await traffic.stop();
    assert.equal(traffic.counts().failed.blue, 0);
  });
});
