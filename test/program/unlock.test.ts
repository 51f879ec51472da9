import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Closing, PATIENCE, PROJECT, closeAll } from "./fixture";
import type { Running } from "./rollback-fixture";
import { type SlowStack, slowStack } from "./unlock-fixture";

const SLUICE = join(PROJECT, "bin", "sluice.js");

const parameter = (name: string) => ({
  type: "aws:ssm/parameter:Parameter",
  name,
  inputs: { name: `/unlock/${name}`, type: "String", value: "probe" },
});

/** Each test goes on where the one before it ended. */
describe("sluice unlock on the real engine", function () {
  this.timeout(PATIENCE);
  const opened: Closing[] = [];
  let stack: SlowStack;

  before(async () => {
    stack = await slowStack();
    opened.push(stack);
  });
  after(() => closeAll(opened));

  const unlock = async (...args: string[]) => {
    const running = stack.run(process.execPath, SLUICE, "unlock", "-s", stack.name, ...args);
    return { code: await running.ended, printed: running.printed() };
  };
  const pulumi = (...args: string[]) =>
    stack.run("pulumi", ...args, "-s", stack.name, "--non-interactive", "--color", "never");
  const update = () => pulumi("up", "--yes", "--skip-preview");
  const done = async (running: Running) => assert.equal(await running.ended, 0, running.printed());

  it("clears the lock of an update that was killed, and says what it left behind", async () => {
    await stack.set([parameter("first")]);
    const killed = update();
    await stack.pending();
    killed.child.kill("SIGKILL");
    await killed.ended;
    assert.equal((await stack.locks()).length, 1);

    const refused = update();
    assert.notEqual(await refused.ended, 0);
    assert.match(refused.printed(), /currently locked by 1 lock/);
    const tried = await unlock("--dry-run");
    assert.equal(tried.code, 0, tried.printed);
    assert.match(tried.printed, /would be cleared: process \d+ does not run on/);
    assert.equal((await stack.locks()).length, 1, "a dry run clears nothing");

    const { code, printed } = await unlock();
    assert.equal(code, 0, printed);
    const pid = String(killed.child.pid);
    assert.match(printed, new RegExp(`^probe is locked by .*@.* \\(pid ${pid}\\) since\\s`));
    assert.match(printed, new RegExp(`^  cleared: process ${pid} does not run on`, "m"));
    assert.match(printed, /^ {2}creating urn:pulumi:probe::probe::aws:ssm\/parameter:Parameter::first$/m);
    assert.deepEqual(await stack.locks(), []);

    const [, mend = ""] = /where none was created: pulumi (.*)$/m.exec(printed) ?? [];
    await done(stack.run("pulumi", ...mend.split(" "), "--yes", "--skip-preview", "--non-interactive"));
    const json = JSON.parse((await unlock("--json")).printed) as Record<string, unknown>;
    assert.deepEqual([json["locks"], json["pending"], json["mend"]], [[], [], []]);
    // The provider did create it: another name is what an update can create now.
    await stack.set([parameter("second")]);
    await done(update());
  });

  it("leaves the lock of an update that lives, though it is paused, and says what to look at", async () => {
    await stack.set([parameter("second"), parameter("third")]);
    const paused = update();
    opened.push({ close: async () => void paused.child.kill("SIGKILL") });
    while ((await stack.locks()).length === 0) {
      assert.equal(paused.child.exitCode, null, paused.printed());
      await pause(20);
    }
    paused.child.kill("SIGSTOP");
    const { code, printed } = await unlock();
    assert.equal(code, 7, printed);
    const pid = String(paused.child.pid);
    assert.match(printed, new RegExp(`NOT cleared: process ${pid} \\(pulumi\\) lives on`));
    assert.match(printed, new RegExp(`ps -o pid,lstart,command -p ${pid}$`, "m"));
    assert.match(printed, /pulumi cancel -s probe$/m);
    assert.equal((await stack.locks()).length, 1);
    for (const line of printed.split("\n")) assert.ok(line.length <= 80, line);
    paused.child.kill("SIGCONT");
    await done(paused);
    const after = await unlock();
    assert.deepEqual([after.code, after.printed], [0, "probe is not locked\n"]);
  });
});
