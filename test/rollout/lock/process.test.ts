import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { valueOf } from "../../../model/rollout/seen";
import { processOf } from "../../../rollout/lock/process";

describe("processOf", () => {
  it("tells what runs, and since when", async () => {
    const began = Date.now() - 1_000 * process.uptime();
    const own = valueOf(await processOf(process.pid));
    assert.ok(own, "this process runs");
    assert.ok(Math.abs(Date.parse(own.since) - began) < 3_000, own.since);
    const child = spawn("sleep", ["60"]);
    await once(child, "spawn");
    const found = valueOf(await processOf(child.pid!));
    assert.equal(found?.program, "sleep");
    assert.ok(Math.abs(Date.parse(found.since) - Date.now()) < 3_000, found.since);
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.deepEqual(await processOf(child.pid!), { value: undefined });
  });

  it("takes one that has ended and that nobody has waited for as gone", async () => {
    // The shell becomes a program that waits for nobody, with a child that ends.
    const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"]);
    try {
      const [printed] = (await once(parent.stdout, "data")) as [Buffer];
      const end = performance.now() + 5_000;
      let found: unknown;
      do found = await processOf(Number(String(printed)));
      while (valueOf(found as { value: unknown }) !== undefined && performance.now() < end);
      assert.deepEqual(found, { value: undefined });
    } finally {
      parent.kill("SIGKILL");
    }
  });
});
