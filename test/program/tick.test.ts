import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { Traffic } from "../../rehearsal/traffic/traffic";
import { shiftUrns } from "../../rehearsal/urns";
import { settingsIn } from "../../rollout/configuration";
import { type Closing, PATIENCE, closeAll } from "./fixture";
import { type Dev, startDev } from "./tick-fixture";

const SERVICES = ["admin-panel", "api-gateway", "voice-service"];

/** One release from its deployment to its promote; each test goes on where the one before it ended. */
describe("sluice tick and run on the real engine", function () {
  this.timeout(PATIENCE);
  const opened: Closing[] = [];
  let dev: Dev;
  let traffic: Traffic;

  before(async () => {
    dev = await startDev(opened);
    const deployed = await dev.local.stack.up();
    assert.equal(deployed.result, "succeeded", deployed.diagnostics.join("\n"));
    await dev.local.edit({ green: { version: "2.4.0" } });
    traffic = await dev.traffic();
    opened.push({ close: () => traffic.stop() });
  });
  after(() => closeAll(opened));

  const everywhere = (green: number) => [green, green, green];
  const history = async () =>
    JSON.parse(await dev.local.byHand("pulumi stack history -s dev --json")) as {
      message: string;
      resourceChanges?: Record<string, number>;
    }[];
  const updates = async () => (await history()).map(({ message }) => message.split("\n")[0]);

  it("deploys the candidate that configuration asks for, without traffic", async () => {
    const { code, printed } = await dev.sluice("tick");
    assert.equal(code, 0, printed);
    assert.match(printed, /^prepare +configuration asks for green 2\.4\.0$/m);
    for (const line of printed.split("\n")) assert.ok(line.length <= 80, line);
    assert.deepEqual([await dev.greens(), await dev.configured()], [everywhere(0), 0]);
  });

  it("goes on where a tick was killed that had written configuration, and nothing else", async () => {
    const killed = await dev.killed(1);
    assert.equal(killed.code, null, killed.printed);
    assert.deepEqual([await dev.greens(), await dev.configured()], [everywhere(0), 10]);
    const { code, printed } = await dev.sluice("tick");
    assert.equal(code, 0, printed);
    assert.match(printed, /Pulumi\.dev\.yaml asks for it already/);
    assert.deepEqual([await dev.greens(), await dev.configured()], [everywhere(10), 10]);
  });

  it("refuses with 5 a share that somebody raised by hand, and changes nothing", async () => {
    await dev.byHand(0, 60);
    const text = await dev.local.copy.read();
    const { code, printed } = await dev.sluice("tick");
    assert.equal(code, 5, printed);
    assert.match(printed, /^hold +admin-panel: green has 60 % at the load balancer and 10 % in state/m);
    assert.deepEqual([await dev.greens(), await dev.local.copy.read()], [[60, 10, 10], text]);
  });

  it("follows a share that somebody lowered by hand, at every rule and in configuration", async () => {
    await dev.byHand(0, 4);
    const { code, printed } = await dev.sluice("tick");
    assert.equal(code, 0, printed);
    assert.match(printed, /^adopt +admin-panel: green has 4 % at the load balancer and 10 % in state$/m);
    assert.deepEqual([await dev.greens(), await dev.configured()], [everywhere(4), 4]);
    const verified = await dev.sluice("verify");
    assert.equal(verified.code, 0, verified.printed);
  });

  it("says what it would do in a dry run, and does nothing", async () => {
    const { code, printed } = await dev.sluice("tick", "--dry-run");
    assert.equal(code, 3, printed);
    assert.match(printed, /^shift +green gets 10 %.*\n +NOT done: this is a dry run$/ms);
    assert.equal(await dev.configured(), 4);
  });

  it("goes on where a tick was killed right after its update", async () => {
    const killed = await dev.killed(2);
    assert.equal(killed.code, null, killed.printed);
    assert.deepEqual([await dev.greens(), await dev.configured()], [everywhere(10), 10]);
    const next = await dev.sluice("tick", "--dry-run");
    assert.match(next.printed, /^shift +green gets 50 %/m);
  });

  it("finishes the update that runs when Ctrl-C ends it, and nothing after it", async () => {
    const running = await dev.start("run", "--interval", "1");
    while (!running.printed().includes("traffic blue 50, green 50") || !(await dev.isLocked())) {
      assert.equal(running.child.exitCode, null, running.printed());
      await pause(20);
    }
    // As a terminal does: to all that runs in it.
    process.kill(-running.child.pid!, "SIGINT");
    assert.equal(await running.ended, 3, running.printed());
    assert.match(running.printed(), /SIGINT: what has begun is finished first.*the state has followed/s);
    assert.deepEqual([await dev.greens(), await dev.configured()], [everywhere(50), 50]);
    const verified = await dev.sluice("verify");
    assert.equal(verified.code, 0, verified.printed);
  });

  it("runs to the promote, and no request fails on all of the way", async () => {
    const { code, printed } = await dev.sluice("run", "--interval", "1");
    assert.equal(code, 0, printed);
    assert.match(printed, /^done +blue 2\.3\.1 is kept as a way back$/m);
    assert.deepEqual(await dev.greens(), everywhere(100));
    assert.equal(settingsIn(await dev.local.copy.read()).release.live, "green");
    await traffic.stop();
    const { requests, failed } = traffic.counts();
    assert.ok(requests.blue > 0 && requests.green > 0, JSON.stringify(requests));
    assert.deepEqual(failed, { blue: 0, green: 0, unknown: 0 });
  });

  it("does nothing once it is done", async () => {
    const before = [await updates(), await dev.local.copy.read()];
    const { code, printed } = await dev.sluice("tick");
    assert.equal(code, 0, printed);
    assert.deepEqual([await updates(), await dev.local.copy.read()], before);
  });

  it("left in the engine's history what each update was, the newest first", async () => {
    assert.deepEqual((await updates()).slice(0, -1), [
      "promote green 2.4.0 at 100 %",
      "shift green 2.4.0: 50 → 100 %",
      "shift green 2.4.0: 10 → 50 %",
      "shift green 2.4.0: 4 → 10 %",
      "adopt green 2.4.0: 10 → 4 %",
      "start green 2.4.0: 0 → 10 %",
      "prepare green 2.4.0 at 0 %",
    ]);
  });

  it("changed by a promote the transition and what is published, and no rule", async () => {
    const [{ message, resourceChanges: { same: _, ...changes } = {} }] = (await history()) as [
      Awaited<ReturnType<typeof history>>[number],
    ];
    assert.match(message, /^promote /);
    assert.deepEqual(changes, { update: 2 });
  });

  it("changed by a shift rules and transition, and nothing else", async () => {
    const shifts = (await history()).filter(({ message }) => message.startsWith("shift "));
    assert.equal(shifts.length, 3);
    for (const { resourceChanges: { same: _, ...changes } = {} } of shifts)
      assert.deepEqual(changes, { update: shiftUrns("dev", "sluice", SERVICES).length });
  });
});
