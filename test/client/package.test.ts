import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const ROOT = resolve(__dirname, "../..");

describe("the client as a package", function () {
  this.timeout(60_000);

  it("builds to what plain Node.js loads, with types", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-client-"));
    try {
      const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
      await promisify(execFile)(process.execPath, [
        tsc,
        ...["-p", join(ROOT, "client"), "--outDir", join(folder, "dist")],
      ]);
      await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
      const script = `const { Flag, bucketOf } = require("./dist/index.js"); console.log(typeof Flag, bucketOf("session-113"));`;
      const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { cwd: folder });
      assert.equal(stdout, "function 0\n");
      assert.match(await readFile(join(folder, "dist/index.d.ts"), "utf8"), /export declare class Flag</);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("asks for the SSM client that is tried here, and for nothing else", async () => {
    const manifest = async (folder: string) =>
      JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
        dependencies: Record<string, string>;
        main: string;
        files: string[];
      };
    const [own, project] = await Promise.all([manifest(join(ROOT, "client")), manifest(ROOT)]);
    const SSM = "@aws-sdk/client-ssm";
    assert.deepEqual(own.dependencies, { [SSM]: `^${project.dependencies[SSM]}` });
    assert.ok(own.files.includes("vectors.json") && own.files.includes("dist"));
  });
});
