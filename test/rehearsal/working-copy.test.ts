import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, readdir, realpath, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { identify } from "../../rehearsal/processes";
import { makeWorkingCopy } from "../../rehearsal/workingCopy";

/** As the language host splits `nodeargs`. */
const { words } = createRequire(__filename)("../../rehearsal/engine/language-host/options") as {
  words(line: string): string[];
};

const DESCRIPTION = `name: sluice
main: index.ts
runtime:
  name: nodejs
  options:
    typescript: false
    nodeargs: "--require ./register.cjs --stack-trace-limit=2"
`;

const STACK = `secretsprovider: awskms://alias/sluice
encryptedkey: AQICAH
encryptionsalt: v1:salt
# what the stack is for
config:
  sluice:app: voiceassist # a comment that people read
  sluice:token:
    secure: v1:plain
  sluice:release:
    live: blue
    blue: { version: "2.3.1", settings: { MODE: a, KEY: { secure: v1:nested } } }
  sluice:list:
    - secure: v1:listed
`;

interface StackFile {
  config: Record<string, unknown> & {
    "sluice:token": string;
    "sluice:release": { blue: { settings: Record<string, string> } };
    "sluice:list": string[];
  };
}

describe("a working copy", () => {
  let project: string;
  beforeEach(async () => {
    // A path with everything that shells split at.
    project = await realpath(await mkdtemp(join(tmpdir(), 'sluice it\'s "a" copy $HOME-')));
    await writeFile(join(project, "Pulumi.yaml"), DESCRIPTION);
    await writeFile(join(project, "Pulumi.dev.yaml"), STACK);
    await writeFile(join(project, "Pulumi.prod.yaml"), STACK);
  });
  afterEach(() => rm(project, { recursive: true, force: true }));

  const copied = async () => parse(await (await makeWorkingCopy(project, "dev")).read()) as StackFile;
  const texts = async () => {
    const names = (await readdir(project, { withFileTypes: true })).filter((entry) => entry.isFile());
    const read = names.map(async ({ name }) => [name, await readFile(join(project, name), "utf8")] as const);
    return Object.fromEntries(await Promise.all(read));
  };

  it("leaves the checkout as it is, whatever is written into the copy", async () => {
    const before = await texts();
    const copy = await makeWorkingCopy(project, "dev");
    await copy.write("config: {}\n");
    assert.equal(await copy.read(), "config: {}\n");
    await copy.release();
    assert.deepEqual(await texts(), before);
    assert.deepEqual((await readdir(project)).sort(), [".sluice", ...Object.keys(before)].sort());
  });

  it("has the stack's configuration, with its comments", async () => {
    const text = await (await makeWorkingCopy(project, "dev")).read();
    assert.match(text, /# what the stack is for/);
    assert.match(text, /sluice:app: voiceassist # a comment that people read/);
  });

  it("has none of the stack's encrypted secrets, and another text for each", async () => {
    const { config } = await copied();
    const { MODE, KEY } = config["sluice:release"].blue.settings;
    const replaced = [config["sluice:token"], KEY, ...config["sluice:list"]];
    for (const value of replaced) assert.match(value!, /^[0-9a-f]{32}$/);
    assert.equal(new Set(replaced).size, 3);
    assert.equal(MODE, "a", "what is no secret stays");
    assert.ok(!/v1:|secure/.test(await (await makeWorkingCopy(project, "prod")).read()));
  });

  it("has a key of its own: nothing of the stack's names one, and its passphrase is the owner's to read", async () => {
    assert.deepEqual(Object.keys(await copied()), ["config"]);
    const { env, release } = await makeWorkingCopy(project, "prod");
    const file = env["PULUMI_CONFIG_PASSPHRASE_FILE"]!;
    assert.match(await readFile(file, "utf8"), /^[0-9a-f]{48}$/);
    assert.equal((await stat(file)).mode & 0o077, 0);
    const first = await readFile(file, "utf8");
    await release();
    await makeWorkingCopy(project, "prod");
    assert.notEqual(await readFile(file, "utf8"), first);
  });

  it("has a backend and an engine's home of its own, inside its folder", async () => {
    const { dir, env } = await makeWorkingCopy(project, "dev");
    assert.equal(dir, join(project, ".sluice", "dev"));
    assert.equal(env["PULUMI_BACKEND_URL"], `file://${join(dir, "state")}`);
    assert.ok((await stat(join(dir, "state"))).isDirectory());
    assert.equal(env["PULUMI_HOME"], join(dir, "home"));
  });

  it("leaves the engine nowhere to keep a log of its own", async () => {
    const { env } = await makeWorkingCopy(project, "dev");
    assert.ok((await stat(join(env["PULUMI_HOME"] ?? "", "logs"))).isFile());
  });

  it("lets the rehearsal's own clients ask for a colour", async () => {
    assert.deepEqual((await copied()).config["sluice:previewSources"], ["127.0.0.0/8"]);
  });

  it("runs the project's program, with the project's hook, wherever either is", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "sluice-elsewhere-"));
    try {
      for (const dir of [undefined, elsewhere]) {
        const copy = await makeWorkingCopy(project, "dev", dir);
        const description = parse(await readFile(join(copy.dir, "Pulumi.yaml"), "utf8")) as {
          name: string;
          main: string;
          runtime: { options: { typescript: boolean; nodeargs: string } };
        };
        assert.equal(resolve(copy.dir, description.main), join(project, "index.ts"));
        const { typescript, nodeargs } = description.runtime.options;
        assert.deepEqual(words(nodeargs), [
          "--require",
          join(project, "register.cjs"),
          "--stack-trace-limit=2",
        ]);
        assert.deepEqual([description.name, typescript], ["sluice", false]);
        await copy.release();
      }
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  });

  it("is made anew: nothing of an earlier rehearsal is left", async () => {
    const first = await makeWorkingCopy(project, "dev");
    await writeFile(join(first.dir, "state", "leftover"), "x");
    await first.write("config: {}\n");
    await first.release();
    const second = await makeWorkingCopy(project, "dev");
    assert.deepEqual(await readdir(join(second.dir, "state")), []);
    assert.match(await second.read(), /voiceassist/);
  });

  it("cannot be made of a stack that has no file, and says which there are", async () => {
    await assert.rejects(
      makeWorkingCopy(project, "stagign"),
      /^Error: there is no Pulumi\.stagign\.yaml; stacks are the Pulumi\.<stack>\.yaml files of this folder/,
    );
    assert.ok(!(await readdir(project)).includes(".sluice"), "and nothing was begun");
  });

  describe("while another rehearsal", () => {
    let other: ChildProcess;
    const owner = () => join(project, ".sluice", "dev", "owner.json");
    beforeEach(async () => {
      other = spawn("sleep", ["60"], { stdio: "ignore" });
      await once(other, "spawn");
      await mkdir(join(project, ".sluice", "dev"), { recursive: true });
      await writeFile(owner(), JSON.stringify(identify(other.pid!)));
    });
    const end = async () => {
      if (other.exitCode !== null || other.signalCode !== null) return;
      other.kill("SIGKILL");
      await once(other, "exit");
    };
    afterEach(end);

    it("of the stack lives is refused, names it, and leaves its copy alone", async () => {
      await writeFile(join(project, ".sluice", "dev", "Pulumi.dev.yaml"), "mine");
      await assert.rejects(makeWorkingCopy(project, "dev"), (error: Error) => {
        assert.match(error.message, /^a rehearsal of dev is running/);
        assert.ok(error.message.endsWith(`end it first: kill ${other.pid}`));
        return true;
      });
      assert.equal(await readFile(join(project, ".sluice", "dev", "Pulumi.dev.yaml"), "utf8"), "mine");
    });

    it("of another stack lives is made", async () => {
      await makeWorkingCopy(project, "prod");
    });

    it("has died, however, is made", async () => {
      await end();
      const copy = await makeWorkingCopy(project, "dev");
      assert.match(await copy.read(), /voiceassist/);
    });

    it("had its number and has died is made", async () => {
      await writeFile(owner(), JSON.stringify({ pid: other.pid, started: "Thu Jan  1 00:00:00 1970" }));
      await makeWorkingCopy(project, "dev");
    });

    it("died while it wrote down who it is is made", async () => {
      await writeFile(owner(), '{"pid":');
      await makeWorkingCopy(project, "dev");
    });
  });

  it("is refused to a second rehearsal of this process too, until the first lets go", async () => {
    const first = await makeWorkingCopy(project, "dev");
    await assert.rejects(makeWorkingCopy(project, "dev"), /kill \d+$/);
    await first.release();
    await makeWorkingCopy(project, "dev");
  });
});
