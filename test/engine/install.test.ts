import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { version } from "@pulumi/pulumi/version";
import { installedBefore, installEngine } from "../../rehearsal/engine/install";
import { temporaryFolder } from "./scratch";

const progress = { show: () => undefined, done: () => undefined };

/** Installs a `pulumi` that tells a version, as the real installer lays it out. */
const WORKING = `
const { mkdirSync, writeFileSync } = require("node:fs");
mkdirSync(process.argv[1] + "/bin");
writeFileSync(process.argv[1] + "/bin/pulumi", "#!/bin/sh\\necho v${version}\\n", { mode: 0o755 });
`;

describe("the installed engine", function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let count = 0;
  const fresh = () => ({ ...process.env, XDG_CACHE_HOME: join(folder, String(count++)) });

  it("is installed once and found again", async () => {
    const environment = fresh();
    assert.equal(await installedBefore(environment), undefined);
    const engine = await installEngine({ environment, progress, installer: WORKING });
    assert.deepEqual([engine.source, engine.version], ["installed", version]);
    assert.equal(engine.path, join(environment.XDG_CACHE_HOME, "sluice", `engine-${version}`, "bin"));
    const failing = "throw new Error('asked again')";
    const again = await installEngine({ environment, progress, installer: failing });
    assert.equal(again.path, engine.path);
  });

  it("is not there after a failed download, whose reason the error tells", async () => {
    const environment = fresh();
    const installer = `${WORKING} console.error("could not reach the server"); process.exit(1);`;
    await assert.rejects(installEngine({ environment, progress, installer }), /could not reach the server/);
    assert.deepEqual(await readdir(join(environment.XDG_CACHE_HOME, "sluice")), []);
  });

  it("is given up after the time allowed where nothing answers", async () => {
    const environment = fresh();
    const installer = "setInterval(() => undefined, 1000)";
    await assert.rejects(
      installEngine({ environment, progress, installer, limit: 1 }),
      /no result within 1 seconds/,
    );
    assert.deepEqual(await readdir(join(environment.XDG_CACHE_HOME, "sluice")), []);
  });
});
