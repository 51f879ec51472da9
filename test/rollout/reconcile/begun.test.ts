import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type StackInPlace, stackInPlace } from "./stack-fixture";

const everywhere = (green: number) => [green, green, green];

/** What the schedule calls, which nobody approves. */
describe("sluice tick --begun", function () {
  this.timeout(60_000);
  let place: StackInPlace;
  afterEach(() => place.close());

  const git = (...args: string[]) => execFileSync("git", args, { cwd: place.folder, encoding: "utf8" });
  const commit = (title: string) =>
    git("-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "--quiet", "--all", "--message", title);
  const file = (name: string, text: string) => writeFile(join(place.folder, name), text);
  /** 2.4.0 beside 2.3.1 with a share, as a deployment of a commit has left it. */
  const deployed = async (green: number) => {
    place = await stackInPlace(green);
    await file(".gitignore", "*\n!Pulumi*.yaml\n!index.ts\n!README.md\n");
    await Promise.all([file("index.ts", "// the program\n"), file("README.md", "# it\n")]);
    git("init", "--quiet");
    git("add", ".");
    commit("begin");
    const { code, printed } = await place.call("deploy", "-s", "dev");
    assert.equal(code, 0, printed);
  };
  const tick = () => place.call("tick", "-s", "dev", "--begun");
  const latest = async () => (await place.updates()).at(-1);
  /** Held, and nothing is touched. */
  const held = async (expected: RegExp) => {
    const before = [await place.text(), await place.updates(), await place.greens()];
    const { code, printed } = await tick();
    assert.equal(code, 3, printed);
    assert.match(printed.replaceAll(/\s+/g, " "), expected);
    assert.deepEqual([await place.text(), await place.updates(), await place.greens()], before);
  };

  it("goes a release's way to its promote, whatever was merged that no stack is made of", async () => {
    await deployed(50);
    await file("README.md", "# it, and more\n");
    commit("words");
    assert.equal((await tick()).code, 0);
    assert.deepEqual(await place.greens(), everywhere(100));
    const { code, printed } = await tick();
    assert.equal(code, 0, printed);
    assert.deepEqual(await latest(), { subject: "promote green 2.4.0 at 100 %", targets: 0 });
  });

  it("promotes with no program but the one deployed, committed or not, nor with other settings", async () => {
    await deployed(100);
    await file("index.ts", "// the program, with a VPC\n");
    await held(
      /^.*hold the program is another than the one deployed \(index\.ts\): dev's deploy job brings that, or: sluice deploy -s dev/,
    );
    commit("a VPC");
    await held(/index\.ts/);
    const text = await place.text();
    await place.write(`${text}  sluice:slo: { availability: 99.5 }\n`);
    await held(/sluice:slo is not deployed yet/);
  });

  it("leaves a new version to who deploys, and raises the one that is under way meanwhile as it is", async () => {
    await deployed(0);
    const text = await place.text();
    await place.edit({ green: { version: "2.5.0" } });
    await held(/hold green 2\.5\.0 is not deployed yet: dev's deploy job brings that/);
    await place.write(text);
    await file("index.ts", "// the program, with a VPC\n");
    assert.equal((await tick()).code, 0);
    assert.deepEqual([await place.greens(), (await latest())?.targets], [everywhere(10), 2]);
  });

  it("keeps back no retreat: traffic goes back, and configuration, and the state where it can", async () => {
    await deployed(50);
    await file("index.ts", "// the program, with a VPC\n");
    await place.fence("2.4.0");
    const { code, printed } = await tick();
    assert.equal(code, 4, printed);
    assert.deepEqual([await place.greens(), (await latest())?.targets], [everywhere(0), 2]);
  });

  it("goes back to the predecessor that configuration asks for without an update of everything", async () => {
    await deployed(100);
    assert.equal((await tick()).code, 0);
    await place.edit({ live: "blue", traffic: { blue: 100, green: 0 } });
    await file("index.ts", "// the program, with a VPC\n");
    const { code, printed } = await tick();
    assert.equal(code, 4, printed);
    assert.match(
      printed.replaceAll(/\s+/g, " "),
      /the rest of the stack stays as it is: the program is another/,
    );
    assert.deepEqual([await place.greens(), (await latest())?.targets], [everywhere(0), 2]);
  });

  it("is held where nobody can say what was deployed, and says how to go on", async () => {
    place = await stackInPlace(100);
    await held(
      /is not known \(none of the last 0 updates is known to be of the whole stack\): .* sluice deploy -s dev/,
    );
    assert.equal((await place.call("deploy", "-s", "dev")).code, 0);
    await held(/no commit is known to have the program of the update of/);
  });
});
