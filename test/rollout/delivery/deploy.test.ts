import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deploy as deployStack } from "../../../rollout/delivery/deploy";
import { HISTORY, type StackInPlace, stackInPlace } from "../reconcile/stack-fixture";

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

  it("tells what the engine says while it says it: a job that is ended in its middle has told how far it came", async () => {
    const { folder } = place;
    const heard = join(folder, "heard");
    // It goes on once somebody has heard it, and gives up after a while.
    const waits = `for i in $(seq 100); do [ -e '${heard}' ] && exit 0; sleep 0.1; done; exit 9`;
    await writeFile(join(folder, "bin", "pulumi"), `#!/bin/sh\necho 'creating'\n${waits}\n`);
    const printed: string[] = [];
    const print = (text: string): void => {
      printed.push(text);
      writeFileSync(heard, "");
    };
    assert.equal(await deployStack({ stack: "dev" }, { folder, print }), 0);
    assert.deepEqual(printed, ["creating"]);
  });

  it("tells the history of which commit the program is, though a stack file differs from it", async () => {
    const git = (...args: string[]) =>
      execFileSync("git", args, { cwd: place.folder, encoding: "utf8", stdio: "pipe" }).trim();
    await writeFile(join(place.folder, ".gitignore"), "*\n!Pulumi*.yaml\n!index.ts\n");
    await writeFile(join(place.folder, "index.ts"), "// the program\n");
    git("init", "--quiet");
    git("add", ".");
    git("-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "--quiet", "--message", "The beginning");
    const messages = async () =>
      (JSON.parse(await readFile(join(place.folder, HISTORY), "utf8")) as { message: string }[]).map(
        ({ message }) => message,
      );
    await place.edit({ traffic: { blue: 90, green: 10 } });
    assert.equal((await deploy()).code, 0);
    await writeFile(join(place.folder, "index.ts"), "// another\n");
    assert.equal((await deploy()).code, 0);
    assert.deepEqual(await messages(), [
      "The beginning",
      `The beginning\n\nSluice-Program: ${git("rev-parse", "HEAD")}`,
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
