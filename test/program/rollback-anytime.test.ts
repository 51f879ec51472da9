import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { greenAt } from "../../model/release";
import type { Traffic } from "../../rehearsal/traffic/traffic";
import { type Closing, PATIENCE, closeAll } from "./fixture";
import type { Running } from "./rollback-fixture";
import { type Dev, startDev } from "./tick-fixture";

const NONE = [0, 0, 0];

/** How many of the three rules the update has raised when it is stopped. */
const POINTS = [0, 1, 2, 3] as const;

/** A version for each point: the one that was taken back stays fenced. */
describe("sluice rollback at every point of an update that is raising the share", function () {
  this.timeout(PATIENCE);
  const opened: Closing[] = [];
  let dev: Dev;
  let traffic: Traffic;

  before(async () => {
    dev = await startDev(opened);
    // The next version takes the place of the one that was taken back as soon as that has drained.
    await dev.local.set(["sluice:limits"], { stickinessSeconds: 1, deregistrationSeconds: 1 });
    const deployed = await dev.local.stack.up();
    assert.equal(deployed.result, "succeeded", deployed.diagnostics.join("\n"));
    traffic = await dev.traffic();
    opened.push({ close: () => traffic.stop() });
  });
  after(() => closeAll(opened));

  const tick = async (code = 0) => {
    const ended = await dev.sluice("tick");
    assert.equal(ended.code, code, ended.printed);
  };

  /** Waits for something that a process must come to before it ends. */
  const reached = async (running: Running, isThere: () => boolean | Promise<boolean>) => {
    while (!(await isThere())) {
      assert.equal(running.child.exitCode, null, running.printed());
      await pause(5);
    }
  };

  for (const raised of POINTS) {
    const version = `2.4.${raised}`;

    it(`takes ${version} back although ${raised} of three rules have risen and the update goes on`, async () => {
      await dev.local.edit({ green: { version } });
      await tick();
      await tick();
      assert.deepEqual(await dev.greens(), [10, 10, 10]);
      await dev.local.edit({ traffic: greenAt(50) });
      const stale = await dev.local.copy.read();

      const update = await dev.shell("pulumi up -s dev --yes --skip-preview --parallel 1");
      await reached(update, async () =>
        raised === 0
          ? await dev.isLocked()
          : (await dev.greens()).filter((share) => share === 50).length >= raised,
      );
      process.kill(-update.child.pid!, "SIGSTOP");
      const rollback = await dev.start("rollback", "--reason", "it fails");
      await reached(rollback, () => /moved to|nothing to move|holds the stack/.test(rollback.printed()));
      process.kill(-update.child.pid!, "SIGCONT");
      await update.ended;
      assert.equal(await rollback.ended, 0, rollback.printed());
      assert.deepEqual([await dev.greens(), await dev.configured()], [NONE, 0], rollback.printed());

      await dev.local.copy.write(stale);
      const again = await dev.local.stack.up();
      assert.equal(again.result, "failed", "the stale configuration was applied");
      assert.deepEqual(await dev.greens(), NONE);
      await tick(3);
      assert.deepEqual(await dev.greens(), NONE);
      await dev.local.edit({ traffic: greenAt(0) });
    });
  }

  it("fails no request on all of these ways", async () => {
    await traffic.stop();
    const { requests, failed } = traffic.counts();
    assert.ok(requests.blue > 0 && requests.green > 0, JSON.stringify(requests));
    assert.deepEqual(failed, { blue: 0, green: 0, unknown: 0 });
  });
});
