import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFile, chmod, mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { temporaryFolder, write } from "./scratch";

describe("the language host beside a built engine", () => {
  const folder = temporaryFolder();
  const bin = join(folder, "engine", "bin");
  const own = join(bin, "pulumi-language-nodejs");

  before(async () => {
    await mkdir(bin, { recursive: true });
    await copyFile(join(__dirname, "../../rehearsal/engine/bundled-host.sh"), own);
    await chmod(own, 0o755);
    for (const name of ["before", "after it"]) {
      await write(join(folder, name), { "bin/pulumi-language-nodejs": `#!/bin/sh\necho "${name}" "$@"\n` });
    }
  });

  const run = (...folders: string[]) =>
    spawnSync(own, ["-v=9", "127.0.0.1:1"], {
      encoding: "utf8",
      env: { PATH: [...folders, "/usr/bin:/bin"].join(delimiter) },
      timeout: 10_000,
    });

  it("hands over to the next on PATH after it, with its arguments", () => {
    const { stdout } = run(
      join(folder, "before/bin"),
      bin,
      join(folder, "nowhere"),
      join(folder, "after it/bin"),
    );
    assert.equal(stdout, "after it -v=9 127.0.0.1:1\n");
  });

  it("does not hand over to itself where PATH names its folder twice", () => {
    const { stdout } = run(bin, bin, join(folder, "after it/bin"));
    assert.equal(stdout, "after it -v=9 127.0.0.1:1\n");
  });

  it("tells which folder belongs on PATH if there is none", () => {
    const { status, stderr } = run(join(folder, "before/bin"), bin);
    assert.equal(status, 1);
    assert.match(stderr, /no language host follows .*add <project>\/rehearsal\/engine\/bin/);
  });
});
