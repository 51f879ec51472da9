import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Check, suite } from "./checks";
import { run } from "./child";
import { type Outcome, succeeded } from "./outcome";

const root = path.resolve(__dirname, "../..");

describe("run", function () {
  this.timeout(30_000);
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(tmpdir(), "sluice-runner-"))));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs a suite of one file with this text; answers with its outcome and all that it printed. */
  async function running(text: string, label = "example"): Promise<Outcome & { output: string }> {
    const file = path.join(folder, "a.test.ts");
    writeFileSync(file, text);
    let output = "";
    const print = (printed: string) => (output += printed);
    const outcome = await run(suite(label, file), { root, colour: false, print, exitSeconds: 1 });
    return { ...outcome, output };
  }

  it("counts each test of a suite, and shows people its names and failures", async () => {
    const { passed, failed, failures, output } = await running(
      `describe("a", () => { it("one", () => {}); it("two", () => { throw new Error("ouch"); }); it("three", () => {}); });`,
    );
    assert.deepEqual({ passed, failed, failures }, { passed: 2, failed: 1, failures: ["a two"] });
    assert.match(output, /three[^]*ouch/);
  });

  it("counts every test behind a broken hook as failed", async () => {
    const { passed, failed } = await running(
      `describe("a", () => { before(() => { throw new Error("x"); }); it("1", () => {}); it("2", () => {}); it("3", () => {}); });`,
    );
    assert.deepEqual({ passed, failed }, { passed: 0, failed: 3 });
  });

  it("counts a skipped test as failed", async () => {
    const { passed, failed } = await running(`it("one", () => {}); it.skip("two", () => {});`);
    assert.deepEqual({ passed, failed }, { passed: 1, failed: 1 });
  });

  it("counts a suite that dies, does not load or has no test as NOT RUN and failed", async () => {
    for (const [text, why] of [
      [`it("dies", () => process.exit(0));`, /exit code 0/],
      [`it("dies", () => process.kill(process.pid, "SIGKILL"));`, /SIGKILL/],
      [`throw new Error("cannot load");`, /exit code 1/],
      [`describe("nothing", () => {});`, /no test/],
    ] as const) {
      const outcome = await running(text);
      assert.deepEqual({ passed: outcome.passed, failed: outcome.failed }, { passed: 0, failed: 1 }, text);
      assert.match(outcome.notRun ?? "", why);
      assert.equal(succeeded([outcome]), false);
    }
  });

  it("counts as failed what fails, is skipped, dies or does not load in files that run in pairs", async () => {
    for (const [text, passed] of [
      [`it("1", () => {}); it("2", () => { throw new Error("ouch"); });`, 1],
      [`describe("a", () => { before(() => { throw new Error("x"); }); it("1", () => {}); });`, 0],
      [`it("1", () => {}); it.skip("2", () => {});`, 1],
      [`it("dies", () => process.exit(0));`, 0],
      [`throw new Error("cannot load");`, 0],
    ] as const) {
      const outcome = await running(text, "program");
      assert.deepEqual({ passed: outcome.passed, failed: outcome.failed }, { passed, failed: 1 }, text);
    }
  });

  it("ends a suite that leaves something open, and fails it", async () => {
    const { passed, failed, failures } = await running(`it("one", () => { setInterval(() => {}, 1000); });`);
    assert.deepEqual({ passed, failed }, { passed: 1, failed: 1 });
    assert.match(failures[0]!, /did not exit within 1 s/);
  });

  it("leaves nothing running that a suite started", async () => {
    const { output, failed } = await running(
      `import { spawn } from "node:child_process";
       it("one", () => {
         const child = spawn("sleep", ["60"], { stdio: "ignore" });
         child.unref();
         console.log("pid=" + child.pid);
       });`,
    );
    assert.equal(failed, 0);
    const pid = Number(/pid=(\d+)/.exec(output)?.[1]);
    await gone(pid);
  });

  it("shows the output of a tool that fails, and of none that passes", async () => {
    const script = path.join(folder, "tool.js");
    writeFileSync(script, `console.log("said"); process.exitCode = Number(process.argv[2]);`);
    const outcomeOf = async (code: string) => {
      let output = "";
      const check: Check = { name: "tool", kind: "tool", script, args: [code] };
      const { passed, failed } = await run(check, { root, colour: false, print: (text) => (output += text) });
      return { passed, failed, output };
    };
    assert.deepEqual(await outcomeOf("0"), { passed: 1, failed: 0, output: "" });
    assert.deepEqual(await outcomeOf("3"), { passed: 0, failed: 1, output: "said\n" });
  });
});

/** Resolves when no such process is left. */
async function gone(pid: number): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    if (!isRunning(pid)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`process ${pid} is still there after 5 s`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // An ended process stays in the table until its parent collects it, which in some containers nobody does.
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !readFileSync(stat, "utf8").includes(") Z ");
}
