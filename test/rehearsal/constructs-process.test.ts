import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { resolve } from "node:path";

describe("the process that serves awsx and eks", function () {
  this.timeout(60_000);

  it("prints its port first, and ends by itself when its standard input closes", async () => {
    const child = spawn(
      process.execPath,
      ["-r", resolve("register.cjs"), resolve("rehearsal/cloud/constructs/main.ts")],
      {
        stdio: ["pipe", "pipe", "inherit"],
      },
    );
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    assert.ok(Number(line) > 1023, line);
    const ended = once(child, "exit") as Promise<[code: number | null, signal: string | null]>;
    child.stdin.end();
    assert.deepEqual(await ended, [0, null]);
  });
});
