import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { commandLine } from "../../rollout/main";
import { type Scratch, call, scratch } from "./fixture";

const ROOT = resolve(__dirname, "../..");

describe("the command line", function () {
  this.timeout(60_000);
  let project: Scratch;
  before(async () => {
    project = await scratch("");
  });
  after(() => project.close());

  it("has an example in the help of each command, on lines of a terminal", () => {
    const { commands } = commandLine({ folder: ROOT, print: () => {} });
    assert.ok(commands.length > 0);
    for (const command of commands) {
      let help = "";
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      assert.match(help, new RegExp(`Examples?:\n  sluice ${command.name()}`));
      for (const line of help.split("\n")) assert.ok(line.length <= 80, line);
    }
  });

  it("reads the module of the command that is called, and of no other", async () => {
    const script = join(ROOT, "bin/sluice.js");
    const loaded = `process.on("exit", () => console.error(Object.keys(require.cache).join("\\n")))`;
    const hook = join(project.folder, "hook.js");
    await project.write("hook.js", loaded);
    const { stderr } = await promisify(execFile)(
      process.execPath,
      ["--require", hook, script, "cost", "-s", "dev"],
      { cwd: ROOT },
    );
    assert.match(stderr, /rollout\/commands\/cost\.ts/);
    assert.doesNotMatch(stderr, /rollout\/commands\/manifests\.ts|@pulumi\/pulumi|@pulumi\/aws/);
  });

  it("ends with 2 on a wrong command, a missing option and a stack that is not there", async () => {
    const script = join(ROOT, "bin/sluice.js");
    const calls = [["manifest"], ["manifests", "-s", "dev"], ["cost", "-s", "none"], []];
    for (const args of calls) {
      const failed = await promisify(execFile)(process.execPath, [script, ...args], { cwd: ROOT }).then(
        () => undefined,
        (error: unknown) => error as { code: number; stderr: string },
      );
      assert.equal(failed?.code, 2, args.join(" "));
      assert.ok(failed.stderr.length > 0 && !failed.stderr.includes("    at "), failed.stderr);
    }
  });

  it("finds the project from a folder inside it, and says so where there is none", async () => {
    const inside = await call(join(ROOT, "model"), "cost", "-s", "dev");
    assert.equal(inside.code, 0, inside.complained);
    const outside = await mkdtemp(join(tmpdir(), "sluice-outside-"));
    try {
      const { code, complained } = await call(outside, "cost", "-s", "dev");
      assert.equal(code, 2);
      assert.match(complained, /no Pulumi\.yaml/);
    } finally {
      await rm(outside, { recursive: true });
    }
  });

  it("names the stacks that there are", async () => {
    const { complained } = await project.call("cost", "-s", "prod");
    assert.match(complained, /found "prod"; allowed are the stacks of .*: dev$/);
  });

  it("writes the table of controls, and checks it", async () => {
    const missing = await project.call("controls", "--out", "controls.md", "--check");
    assert.equal(missing.code, 2);
    assert.match(missing.complained, /npx sluice controls/);
    assert.equal((await project.call("controls", "--out", "controls.md")).code, 0);
    const text = await readFile(join(project.folder, "controls.md"), "utf8");
    assert.equal(text, await readFile(join(ROOT, "docs/controls.md"), "utf8"));
    assert.equal((await project.call("controls", "--out", "controls.md", "--check")).code, 0);
    assert.equal((await project.call("controls", "--out", "nowhere/controls.md")).code, 2);
  });
});
