import assert from "node:assert/strict";
import { delimiter, join } from "node:path";
import { HOST_FOLDER, MINIMUM_VERSION } from "../../rehearsal/engine/engine";
import { engineOnPath } from "../../rehearsal/engine/path";
import { temporaryFolder, write } from "./scratch";

describe("the engine on PATH", function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  // The fakes need a shell's usual commands, and no real pulumi that this machine may have.
  const system = "/usr/bin:/bin";
  const environmentWith = (...folders: string[]) => ({
    PATH: [...folders, system].join(delimiter),
    XDG_CACHE_HOME: join(folder, "cache"),
  });

  /** A `pulumi` that does what a shell script says, in a folder of its own, which is returned. */
  async function pulumi(name: string, script: string, more: Record<string, string> = {}): Promise<string> {
    const bin = join(folder, name, "bin");
    await write(join(folder, name), { "bin/pulumi": `#!/bin/sh\n${script}\n`, ...more });
    return bin;
  }

  it("is used at the minimum version, with our language host behind it where it brings none", async () => {
    const bin = await pulumi("bare", `echo v${MINIMUM_VERSION}`);
    const engine = await engineOnPath(environmentWith(bin));
    assert.deepEqual([engine.source, engine.version], ["path", MINIMUM_VERSION]);
    assert.equal(engine.path, [bin, HOST_FOLDER].join(delimiter));
  });

  it("keeps the language host that it brings, or that is on PATH elsewhere", async () => {
    const host = { "bin/pulumi-language-nodejs": "#!/bin/sh\n" };
    const whole = await pulumi("whole", "echo v3.260.0", host);
    assert.equal((await engineOnPath(environmentWith(whole))).path, whole);
    const bare = await pulumi("other", "echo v3.260.0");
    assert.equal((await engineOnPath(environmentWith(bare, whole))).path, bare);
  });

  it("is refused if it is too old, with the version found and the one needed", async () => {
    const bin = await pulumi("old", "echo v3.100.0");
    const wanted = new RegExp(
      `${bin}/pulumi: its version is 3\\.100\\.0; ${MINIMUM_VERSION} or later is needed`,
    );
    await assert.rejects(engineOnPath(environmentWith(bin)), wanted);
  });

  it("is refused if it does not run, with what it said", async () => {
    const bin = await pulumi("broken", "echo 'cannot find libraries' >&2; exit 3");
    await assert.rejects(engineOnPath(environmentWith(bin)), /cannot find libraries/);
  });

  it("is absent if PATH has none", async () => {
    await assert.rejects(engineOnPath({ PATH: join(folder, "nowhere") }), /no pulumi on PATH/);
  });
});
