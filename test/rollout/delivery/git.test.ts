import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { affectedStacks } from "../../../rollout/delivery/affected";
import { publish } from "../../../rollout/delivery/publish";

const stackFile = (green: number) =>
  `config:
  aws:region: us-east-1
  sluice:app: voiceassist
  sluice:environment: dev
  sluice:registry: registry.example.com
  sluice:release:
    strategy: canary
    live: blue
    traffic: { blue: ${100 - green}, green: ${green} }
    blue: { version: "2.3.1" }
    green: { version: "2.4.0" }
`;

describe("a stack file in git", function () {
  this.timeout(30_000);
  let root: string;
  const git = (folder: string, ...args: string[]) =>
    execFileSync("git", args, { cwd: join(root, folder), encoding: "utf8" }).trim();
  const write = (folder: string, text: string) => writeFileSync(join(root, folder, "Pulumi.dev.yaml"), text);
  const called = async (
    call: (terminal: { folder: string; print: (text: string) => void }) => Promise<number>,
    folder: string,
  ) => {
    const printed: string[] = [];
    const code = await call({ folder: join(root, folder), print: (text) => void printed.push(text) });
    return { code, printed: printed.join("\n") };
  };
  const commit = (folder: string, message: string) =>
    git(
      folder,
      "-c",
      "user.name=a",
      "-c",
      "user.email=a@b.c",
      "commit",
      "--quiet",
      "--all",
      "--message",
      message,
    );

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "sluice-git-"));
    execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch", "main", join(root, "origin.git")]);
    execFileSync("git", ["clone", "--quiet", join(root, "origin.git"), join(root, "one")], {
      stdio: "ignore",
    });
    git("one", "checkout", "--quiet", "-b", "main");
    writeFileSync(join(root, "one", "Pulumi.yaml"), "name: sluice\nruntime: nodejs\n");
    writeFileSync(join(root, "one", "README.md"), "a\n");
    write("one", stackFile(0));
    git("one", "add", ".");
    commit("one", "begin");
    git("one", "push", "--quiet", "origin", "main");
    execFileSync("git", ["clone", "--quiet", join(root, "origin.git"), join(root, "two")]);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const push = (folder: string) =>
    called((terminal) => publish({ stack: "dev", branch: "main" }, terminal), folder);
  const pushed = () => git("origin.git", "show", "main:Pulumi.dev.yaml");

  it("is pushed alone, and only where it has changed", async () => {
    assert.match((await push("one")).printed, /as it was/);
    write("one", stackFile(10));
    writeFileSync(join(root, "one", "README.md"), "b\n");
    assert.equal((await push("one")).code, 0);
    assert.match(pushed(), /green: 10 \}/);
    assert.equal(git("origin.git", "show", "main:README.md"), "a");
    assert.equal(
      git("origin.git", "log", "-1", "--format=%s", "main"),
      "dev: live blue, blue 90 %, green 10 %",
    );
  });

  it("goes on top of what others have pushed meanwhile", async () => {
    writeFileSync(join(root, "two", "README.md"), "c\n");
    commit("two", "other");
    git("two", "push", "--quiet", "origin", "main");
    write("one", stackFile(10));
    assert.equal((await push("one")).code, 0);
    assert.match(pushed(), /green: 10 \}/);
    assert.equal(git("origin.git", "show", "main:README.md"), "c");
  });

  it("goes into the file that others have pushed, where they have changed the lines beside it", async () => {
    const next = stackFile(0).replace('green: { version: "2.4.0" }', 'green: { version: "2.5.0" } # next');
    write("two", next);
    commit("two", "next");
    git("two", "push", "--quiet", "origin", "main");
    write(
      "one",
      stackFile(0).replace("live: blue", "live: green").replace("blue: 100, green: 0", "blue: 0, green: 100"),
    );
    const { code, printed } = await push("one");
    assert.equal(code, 0, printed);
    assert.equal(
      pushed(),
      next.replace("live: blue", "live: green").replace("blue: 100, green: 0", "blue: 0, green: 100").trim(),
    );
    assert.equal(git("origin.git", "rev-parse", "main~1"), git("two", "rev-parse", "main"));
    assert.equal(git("origin.git", "diff", "--name-only", "main~1", "main"), "Pulumi.dev.yaml");
  });

  it("is left to a person where others have said elsewhere in it where traffic is, which git would put together", async () => {
    const apart = (text: string) => text.replace("    traffic:", `${"    # a word\n".repeat(8)}    traffic:`);
    write("one", apart(stackFile(0)));
    assert.equal((await push("one")).code, 0);
    git("two", "pull", "--quiet", "origin", "main");
    write("two", apart(stackFile(50)));
    commit("two", "other");
    git("two", "push", "--quiet", "origin", "main");
    write("one", apart(stackFile(0)).replace("live: blue", "live: green"));
    const { code, printed } = await push("one");
    assert.equal(code, 5, printed);
    assert.match(printed, /changed the same meanwhile \(sluice:release\.live\)/);
    assert.match(pushed(), /live: blue[^]*green: 50 \}/);
  });

  it("goes on from there the next time, and leaves to a person what he has beside it", async () => {
    writeFileSync(join(root, "two", "README.md"), "c\n");
    commit("two", "other");
    git("two", "push", "--quiet", "origin", "main");
    write("one", stackFile(10));
    assert.equal((await push("one")).code, 0);
    assert.equal(git("one", "rev-parse", "HEAD"), git("origin.git", "rev-parse", "main"));
    git("two", "pull", "--quiet", "origin", "main");
    writeFileSync(join(root, "two", "README.md"), "d\n");
    commit("two", "another");
    git("two", "push", "--quiet", "origin", "main");
    write("one", stackFile(50));
    writeFileSync(join(root, "one", "README.md"), "mine\n");
    const { code, printed } = await push("one");
    assert.equal(code, 0, printed);
    assert.match(pushed(), /green: 50 \}/);
    assert.equal(readFileSync(join(root, "one", "README.md"), "utf8"), "mine\n");
  });

  it("makes no commit of nothing where others have pushed the same", async () => {
    write("two", stackFile(10));
    commit("two", "by hand");
    git("two", "push", "--quiet", "origin", "main");
    write("one", stackFile(10));
    assert.equal((await push("one")).code, 0);
    assert.equal(git("origin.git", "rev-parse", "main"), git("two", "rev-parse", "main"));
  });

  it("is pushed where its settings are at fault, too: what is live is what it says", async () => {
    write("one", stackFile(10).replace("strategy: canary", "strategy: canry"));
    assert.equal((await push("one")).code, 0);
    assert.equal(
      git("origin.git", "log", "-1", "--format=%s", "main"),
      "dev: live blue, blue 90 %, green 10 %",
    );
  });

  it("is left to a person where somebody else has changed the same lines", async () => {
    write("two", stackFile(50));
    commit("two", "other");
    git("two", "push", "--quiet", "origin", "main");
    write("one", stackFile(10));
    const { code, printed } = await push("one");
    assert.equal(code, 5);
    assert.match(printed, /What is live is live blue, blue 90 %, green 10 %/);
    assert.match(pushed(), /green: 50 \}/);
    assert.match(readFileSync(join(root, "one", "Pulumi.dev.yaml"), "utf8"), /green: 10 \}/);
  });

  it("tells which stacks a branch touches, from where it left the base", async () => {
    git("one", "checkout", "--quiet", "-b", "change");
    write("one", stackFile(10));
    commit("one", "change");
    const told = async (base: string) =>
      (await called((terminal) => affectedStacks({ base, json: true }, terminal), "one")).printed;
    assert.match(
      await told("main"),
      /"stack":"dev","environment":"dev","runner":"ubuntu-24\.04","branch":"develop"/,
    );
    assert.match(await told("HEAD"), /"stacks":\[\]/);
    await assert.rejects(told("--output=x"), /--base/);
    await assert.rejects(told("nowhere"), /--base nowhere/);
  });
});
