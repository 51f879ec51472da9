import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { identify, isAlive, isRunning, parentOf } from "../../rehearsal/processes";

/** Above what any system numbers its processes by. */
const NOBODY = 2 ** 22 + 1;

describe("processes", () => {
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) await end(child);
  });

  async function start(): Promise<ChildProcess & { pid: number }> {
    const child = spawn("sleep", ["60"], { stdio: "ignore" });
    children.push(child);
    await once(child, "spawn");
    return child as ChildProcess & { pid: number };
  }

  async function end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  it("are alive from their start to their end", async () => {
    const child = await start();
    assert.equal(isAlive(child.pid), true);
    await end(child);
    assert.equal(isAlive(child.pid), false);
    assert.equal(isAlive(NOBODY), false);
  });

  it("are alive also where they are somebody else's", () => {
    assert.equal(isAlive(1), true);
  });

  it("run as who they are identified by, until they end", async () => {
    const child = await start();
    const known = identify(child.pid);
    assert.equal(known.pid, child.pid);
    assert.equal(isRunning(known), true);
    await end(child);
    assert.equal(isRunning(known), false);
  });

  it("are told apart from an earlier one that had the same number", async () => {
    const { pid } = await start();
    const { started } = identify(pid);
    assert.ok(started, "there is a time of start");
    assert.equal(isRunning({ pid, started: "Thu Jan  1 00:00:00 1970" }), false);
    assert.equal(isRunning({ pid, started }), true);
  });

  it("go by their number alone where no time of start was known", async () => {
    const { pid } = await start();
    assert.equal(isRunning({ pid }), true);
    assert.equal(isRunning({ pid: NOBODY }), false);
  });

  it("are the same to somebody in another time zone, or of another language", async () => {
    const { pid } = await start();
    const { TZ, LC_ALL } = process.env;
    try {
      process.env["TZ"] = "Asia/Tokyo";
      const known = identify(pid);
      process.env["TZ"] = "America/New_York";
      process.env["LC_ALL"] = "de_DE.UTF-8";
      assert.deepEqual(identify(pid), known);
      assert.equal(isRunning(known), true);
    } finally {
      for (const [key, value] of Object.entries({ TZ, LC_ALL })) {
        if (value === undefined) Reflect.deleteProperty(process.env, key);
        else process.env[key] = value;
      }
    }
  });

  it("know their parent, and nobody's is unknown", async () => {
    const { pid } = await start();
    assert.equal(parentOf(pid), process.pid);
    assert.equal(parentOf(process.pid), process.ppid);
    assert.equal(parentOf(NOBODY), undefined);
  });
});
