import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "..");

describe("fast.cjs", function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sluice-fast-"));
    for (const file of ["fast.cjs", "register.cjs"]) copyFileSync(join(ROOT, file), join(folder, file));
    mkdirSync(join(folder, "node_modules"));
    for (const name of ["esbuild", "@esbuild"])
      symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
    writeFileSync(join(folder, "one.ts"), "export const one: number = 1;\n");
    writeFileSync(
      join(folder, "two.js"),
      "module.exports = { two: 2, file: __filename, main: require.main.id };\n",
    );
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const kept = () => join(folder, "node_modules", ".cache", "sluice");
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const run = (options: readonly string[] = []) => {
    const args = ["--require", join(folder, "fast.cjs"), ...options, join(folder, "main.ts")];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: folder });
    return { out: stdout.trim(), err: stderr, status };
  };
  /** Whether anything had to be compiled anew tells itself by esbuild having been loaded. */
  const COMPILED = "Object.keys(require.cache).some((file: string) => /esbuild/.test(file))";

  it("runs TypeScript, and JavaScript as Node.js does, the first time and after", async () => {
    write(
      "main.ts",
      `import { one } from "./one";\nconst { two, file, main } = require("./two");\n` +
        `import("node:os").then(({ EOL }) => console.log(one, two, file, main, EOL.length, __dirname, ${COMPILED}));\n`,
    );
    const told = `1 2 ${join(folder, "two.js")} . 1 ${folder}`;
    assert.deepEqual(run(), { out: `${told} true`, err: "", status: 0 });
    for (let again = 0; again < 2; again += 1) {
      assert.deepEqual(run(), { out: `${told} false`, err: "", status: 0 });
    }
  });

  it("runs what a file has now, and not what it had", () => {
    write("main.ts", `import { one } from "./one";\nconsole.log(one, ${COMPILED});\n`);
    assert.equal(run().out, "1 true");
    assert.equal(run().out, "1 false");
    // As long as before, and as old.
    write("one.ts", "export const one: number = 7;\n");
    assert.equal(run().out, "7 true");
    assert.equal(run().out, "7 false");
  });

  it("tells where an error was thrown, the first time and after", () => {
    write("one.js", 'module.exports = () => { throw new Error("here"); };\n');
    write("main.ts", 'require("./one.js")();\n');
    for (let again = 0; again < 2; again += 1) {
      const { err, status } = run();
      assert.equal(status, 1);
      assert.match(err, /one\.js:1:32/);
    }
  });

  it("begins anew where what was kept cannot be read, or is another Node.js's", () => {
    write("main.ts", `import { one } from "./one";\nconsole.log(one, ${COMPILED});\n`);
    run();
    const [name = ""] = readdirSync(kept());
    const file = join(kept(), name);
    const bytes = readFileSync(file);
    for (const spoiled of [Buffer.alloc(0), Buffer.from("[]"), bytes.subarray(0, bytes.length / 2)]) {
      writeFileSync(file, spoiled);
      assert.match(run().out, /^1 (true|false)$/);
    }
    assert.match(run(["--max-semi-space-size=2"]).out, /^1 true$/);
  });

  it("works where nothing can be kept", () => {
    write("main.ts", `import { one } from "./one";\nconsole.log(one);\n`);
    mkdirSync(join(folder, "node_modules", ".cache"));
    writeFileSync(kept(), "no folder");
    for (let again = 0; again < 2; again += 1) assert.deepEqual(run(), { out: "1", err: "", status: 0 });
    assert.equal(readFileSync(kept(), "utf8"), "no folder");
  });

  it("loads what turns functions into text once a program has one, and not before", () => {
    symlinkSync(join(ROOT, "node_modules", "@pulumi"), join(folder, "node_modules", "@pulumi"));
    write(
      "main.ts",
      `const { runtime } = require("@pulumi/pulumi");\n` +
        `const late = () => Object.keys(require.cache).some((file) => /[/]typescript[/]lib[/]/.test(file));\n` +
        `const before = late();\n` +
        `runtime.serializeFunction((x: number) => x + 41).then(({ text }: { text: string }) =>\n` +
        `  console.log(before, late(), text.includes("x + 41")));\n`,
    );
    for (let again = 0; again < 2; again += 1) assert.deepEqual(run().out, "false true true");
  });

  it("keeps what a process has loaded that is killed later", () => {
    write(
      "main.ts",
      `import { one } from "./one";\nsetTimeout(() => { console.log(one, ${COMPILED}); process.kill(process.pid, "SIGKILL"); }, 2500);\n`,
    );
    assert.equal(run().out, "1 true");
    assert.equal(run().out, "1 false");
  });
});
