import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type StackInPlace, stackInPlace } from "../reconcile/stack-fixture";

/** What the real engine makes of the real program and packs is tested in test/program. */
describe("sluice deploy", function () {
  this.timeout(60_000);
  let place: StackInPlace;
  beforeEach(async () => (place = await stackInPlace()));
  afterEach(() => place.close());

  const deploy = (...args: string[]) => place.call("deploy", "-s", "dev", ...args);

  it("updates the whole stack as configuration has it, and says why", async () => {
    await place.edit({ traffic: { blue: 50, green: 50 } });
    const { code, printed } = await deploy("--message", "commit 5f1c2a");
    assert.equal(code, 0, printed);
    assert.deepEqual(await place.greens(), [50, 50, 50]);
    assert.deepEqual((await place.updates()).at(-1), { subject: "commit 5f1c2a", targets: 0 });
  });

  it("passes both policy packs, each with the levels of the stack's environment where there are some", async () => {
    const { folder } = place;
    await mkdir(join(folder, "policies", "config"), { recursive: true });
    await writeFile(join(folder, "policies", "config", "dev.json"), "{}");
    // In place of the engine, what it is called with.
    await writeFile(join(folder, "bin", "pulumi"), `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/called'\n`);
    assert.equal((await deploy()).code, 0);
    const called = (await readFile(join(folder, "called"), "utf8")).split("\n");
    const from = called.indexOf("--policy-pack");
    assert.deepEqual(called.slice(from, from + 6), [
      ...["--policy-pack", join(folder, "policies")],
      ...["--policy-pack-config", join(folder, "policies", "config", "dev.json")],
      ...["--policy-pack", join(folder, "policies", "platform")],
    ]);
  });

  it("ends with 3 where it is refused, and tells what the engine said", async () => {
    await place.edit({ traffic: { blue: 0, green: 100 } });
    const { code, printed } = await deploy();
    assert.equal(code, 3);
    assert.match(printed, /error: .*100 %/);
    assert.deepEqual(await place.greens(), [0, 100, 0]);
  });

  it("ends with 7 where another's update holds the stack", async () => {
    await place.lock(true);
    assert.equal((await deploy()).code, 7);
    await place.lock(false);
    assert.equal((await deploy()).code, 0);
  });

  it("ends with 2 before any update where settings are at fault", async () => {
    await place.write((await place.text()).replace("strategy: canary", "strategy: guess"));
    const { code, complained } = await deploy();
    assert.equal(code, 2);
    assert.match(complained, /sluice:release\.strategy: found "?guess/);
    assert.deepEqual(await place.updates(), []);
  });
});
