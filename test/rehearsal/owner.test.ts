import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OWNER, takeOver } from "../../rehearsal/owner";
import { identify } from "../../rehearsal/processes";

describe("the owner of a working copy", () => {
  let dir: string;
  let children: ChildProcess[] = [];
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "sluice-owner-"));
  });
  afterEach(async () => {
    for (const child of children) await end(child);
    children = [];
    await rm(dir, { recursive: true, force: true });
  });

  async function start(name: string): Promise<ChildProcess & { pid: number }> {
    const child = spawn("sleep", ["60"], { stdio: "ignore", argv0: name });
    children.push(child);
    await once(child, "spawn");
    return child as ChildProcess & { pid: number };
  }

  async function end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  const owned = (owner: object) => writeFile(join(dir, OWNER), JSON.stringify(owner));
  const lock = async (pid: number) => {
    const folder = join(dir, "state", ".pulumi", "locks", "organization", "sluice", "dev");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "8f2a.json"), JSON.stringify({ pid, username: "u", hostname: "h" }));
  };

  it("is one of many who ask at the same time, and the others are refused", async () => {
    const asked = Array.from({ length: 20 }, () => takeOver(dir, "dev", {}));
    const answers = await Promise.allSettled(asked);
    assert.equal(answers.filter(({ status }) => status === "fulfilled").length, 1);
    for (const answer of answers) {
      if (answer.status === "rejected") assert.match(String(answer.reason), /a rehearsal of dev is running/);
    }
    assert.deepEqual(await readdir(dir), [OWNER]);
  });

  it("lets go of nothing that has become another's", async () => {
    const release = await takeOver(dir, "dev", {});
    await owned({ pid: 1 });
    await release();
    assert.equal(await readFile(join(dir, OWNER), "utf8"), '{"pid":1}');
  });

  it("waits for one that has lost its npm, and so is ending", async () => {
    const [npm, other] = [await start("npm"), await start("node")];
    await owned({ ...identify(other.pid), launcher: identify(npm.pid) });
    await assert.rejects(takeOver(dir, "dev", {}), /end it first/, "while npm lives");
    await end(npm);
    const waits: string[] = [];
    const taken = takeOver(dir, "dev", {
      waiting: (what) => {
        waits.push(what);
        other.kill("SIGKILL");
      },
    });
    await taken;
    assert.deepEqual(waits, [`an earlier rehearsal of dev (process ${other.pid}) to end`]);
  });

  it("waits for an engine whose rehearsal was killed, as it may still write state", async () => {
    const engine = await start("pulumi");
    await lock(engine.pid);
    const waits: string[] = [];
    const waiting = (what: string) => {
      waits.push(what);
      engine.kill("SIGKILL");
    };
    await takeOver(dir, "dev", { waiting });
    assert.deepEqual(waits, [`the engine of an earlier rehearsal of dev (process ${engine.pid}) to end`]);
  });

  it("does not wait for a process that only has the number of an engine which left its lock", async () => {
    await lock((await start("sleep")).pid);
    await takeOver(dir, "dev", { waiting: (what) => assert.fail(`waits for ${what}`) });
  });

  it("stops waiting when it is told to end, and owns nothing then", async () => {
    const engine = await start("pulumi");
    await lock(engine.pid);
    const controller = new AbortController();
    const taken = takeOver(dir, "dev", { signal: controller.signal, waiting: () => controller.abort() });
    await assert.rejects(taken, { name: "AbortError" });
    assert.ok(!(await readdir(dir)).includes(OWNER));
  });
});
