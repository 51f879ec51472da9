import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { memoryNow, watchMemory } from "../../rehearsal/memory";

/** Takes so many MiB, says so, and stays until its input closes. */
const TAKING = `
const taken = Buffer.alloc(Number(process.argv[1]) * 1024 * 1024, 1);
process.stdout.write("taken");
process.stdin.resume().on("end", () => process.exit(taken.length > 0 ? 0 : 1));
`;

describe("memory of a process tree", function () {
  this.timeout(30_000);

  it("counts what a child's child takes, and no more once that has ended", async () => {
    const before = await memoryNow();
    assert.ok(before > 20, `${before} MiB in a process that runs Node.js`);
    // A shell that stays between, as npm's does.
    const script = `"${process.execPath}" -e '${TAKING}' 300; true`;
    const child = spawn("/bin/sh", ["-c", script], { stdio: ["pipe", "pipe", "inherit"] });
    try {
      await once(child.stdout, "data");
      const during = await memoryNow();
      assert.ok(during - before > 290, `${before} MiB before, ${during} MiB with 300 MiB more`);
      assert.ok(during - before < 500, `${before} MiB before, ${during} MiB with 300 MiB more`);
    } finally {
      child.stdin.end();
      await once(child, "close");
    }
    assert.ok((await memoryNow()) - before < 200);
  });

  it("is none of a process that is not there", async () => {
    assert.equal(await memoryNow(2 ** 30), 0);
  });

  it("is told by its highest, however often it was looked at since", async () => {
    const seen = [100, 900.4, 300];
    let at = 0;
    const most = watchMemory(() => Promise.resolve(seen[at++] ?? 0), 5);
    for (let looks = 0; looks < 5; looks = at) await pause(5);
    assert.equal(most(), 900);
    const looks = at;
    await pause(30);
    assert.equal(at, looks, "nobody looks any more");
  });
});
