import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { runs, within } from "./scratch";

const LEASH = join(__dirname, "../../rehearsal/engine/leash.js");

/** Starts a process that prints a number, such as the id of what it runs, and gives both. */
async function started(
  command: string,
  args: string[],
): Promise<{ process: ChildProcess; text: string; pid: number }> {
  const process = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const [text] = (await once(process.stdout.setEncoding("utf8"), "data")) as [string];
  return { process, text, pid: Number(text) };
}

describe("the leash", function () {
  this.timeout(20_000);

  it("passes output and exit code on", async () => {
    const { process: leash, text } = await started(process.execPath, [LEASH, "sh", "-c", "echo 42; exit 5"]);
    const [code] = (await once(leash, "exit")) as [number];
    assert.deepEqual([text, code], ["42\n", 5]);
  });

  it("interrupts the command and what it started when it is told to end", async () => {
    const { process: leash, pid } = await started(process.execPath, [
      LEASH,
      "sh",
      "-c",
      "sleep 60 & echo $!; wait",
    ]);
    leash.kill("SIGTERM");
    await once(leash, "exit");
    await within(1, "the command's child is gone", () => !runs(pid));
  });

  it("kills a command that does not mind an interrupt", async () => {
    const deaf = "trap '' INT TERM; echo $$; while :; do sleep 1; done";
    const { process: leash, pid } = await started(process.execPath, [LEASH, "sh", "-c", deaf]);
    leash.kill("SIGINT");
    await once(leash, "exit");
    assert.equal(runs(pid), false);
  });

  it("ends the command when its parent has been killed", async () => {
    const line = `exec 3<&0; "$1" "$2" sh -c 'echo $$; exec sleep 60' <&3 & wait`;
    const { process: parent, pid } = await started("sh", ["-c", line, "sh", process.execPath, LEASH]);
    parent.kill("SIGKILL");
    await within(3, "the command is gone", () => !runs(pid));
  });

  it("ends the command when it is itself killed outright", async () => {
    const { process: leash, pid } = await started(process.execPath, [
      LEASH,
      "sh",
      "-c",
      "echo $$; exec sleep 60",
    ]);
    leash.kill("SIGKILL");
    await within(3, "the command is gone", () => !runs(pid));
  });

  it("says which signal ended a command that it did not end", async () => {
    const child = spawn(process.execPath, [LEASH, "/bin/sh", "-c", "kill -KILL $$"], {
      stdio: ["pipe", "ignore", "pipe"],
    });
    const said = once(child.stderr.setEncoding("utf8"), "data");
    const [code] = (await once(child, "exit")) as [number];
    assert.deepEqual([code, await said], [137, ["sh was ended by SIGKILL\n"]]);
  });
});
