import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Rescue, noneLeft, takeBack, watchShare } from "../../rehearsal/emergency";
import type { Outcome } from "../../rehearsal/engine/workspace";
import type { Scene } from "../../rehearsal/scene";
import { REGION } from "../cloud/readers-fixture";
import { type StackInPlace, stackInPlace } from "../rollout/reconcile/stack-fixture";

const OUTCOME: Outcome = {
  ...{
    result: "failed",
    updated: [],
    replaced: [],
    diagnostics: ["error: the policy pack could not be read"],
  },
  changes: { create: 0, update: 0, delete: 0, replace: 0, same: 0 },
};

/** The real command line against the local cloud, with an engine that stands in for the real one. */
describe("taking traffic back while an update is under way", function () {
  this.timeout(60_000);
  let stack: StackInPlace;
  let holder: ChildProcess | undefined;
  beforeEach(async () => {
    stack = await stackInPlace(20);
    await stack.publish();
  });
  afterEach(async () => {
    holder?.kill("SIGKILL");
    holder = undefined;
    await stack.close();
  });

  const back = async (update: (locked: () => void) => Promise<Outcome>): Promise<Rescue> => {
    const env = Object.fromEntries(
      Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
    const scene: Scene = {
      ...{ dir: stack.folder, stack: "dev", env, signal: new AbortController().signal },
      subject: { app: "app", environment: "dev", region: REGION },
    };
    return (await takeBack({ from: "green", reason: "loses calls" }, scene, update)).rescue;
  };

  it("tells that the update held the lock when traffic moved, and takes it back all the same", async () => {
    const locks = join(stack.folder, "state", ".pulumi", "locks");
    const file = join(locks, "update.json");
    const rescue = await back(async (locked) => {
      holder = spawn(process.execPath, ["-e", "setTimeout(() => {}, 6e4)"], {
        stdio: "ignore",
        argv0: "pulumi",
      });
      await once(holder, "spawn");
      await mkdir(locks, { recursive: true });
      await writeFile(file, JSON.stringify({ pid: holder.pid }));
      locked();
      while ((await stack.greens())[0] !== 0) await new Promise((resolve) => setTimeout(resolve, 50));
      // Longer than a look at the rules takes on a busy machine.
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await rm(file);
      return OUTCOME;
    });
    assert.ok(rescue.held && rescue.moved !== undefined, JSON.stringify(rescue));
    assert.ok(rescue.moved > 0 && rescue.moved < rescue.converged, JSON.stringify(rescue));
    assert.deepEqual(await stack.greens(), [0, 0, 0]);
  });

  it("tells that nothing held the lock where the update had ended by then", async () => {
    const { held, moved } = await back((locked) => {
      locked();
      return Promise.resolve(OUTCOME);
    });
    assert.equal(held, false);
    assert.ok(moved !== undefined);
  });

  it("is not begun where the update ended before it held the lock, and says why that ended", async () => {
    await assert.rejects(
      back(() => Promise.resolve(OUTCOME)),
      /^Error: the update ended before it held the lock:\nerror: the policy pack could not be read$/,
    );
    assert.equal((await stack.greens())[0], 20);
  });

  /** Looks at green, whose lock is held the first time that it is asked for. */
  const watching = () => {
    const asked: (() => void)[] = [];
    const atZero = new Promise<void>((resolve) => asked.push(resolve));
    const seen = watchShare("green", process.env["AWS_ENDPOINT_URL"] ?? "", () => {
      const [first] = asked.splice(0);
      first?.();
      return Promise.resolve(first !== undefined);
    });
    return { seen, atZero };
  };

  it("tells from when on nobody had a share, although an update gave it one again", async () => {
    const { seen, atZero } = watching();
    await stack.byHand(0);
    await atZero;
    await stack.byHand(20);
    // Many looks, also on a busy machine.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const again = performance.now();
    await stack.byHand(0);
    const { gone = 0, held } = await seen();
    assert.ok(gone >= again, `${gone} is before ${again}`);
    assert.equal(held, true, "it is about the first time, and only then is it looked");
  });

  it("tells no moment where somebody has a share in the end, and nothing of the lock where all always had one", async () => {
    assert.deepEqual(await watching().seen(), {});
    const { seen, atZero } = watching();
    await stack.byHand(0);
    await atZero;
    await stack.byHand(20);
    assert.deepEqual(await seen(), { held: true });
  });

  it("looks once more when all is over", async () => {
    const url = process.env["AWS_ENDPOINT_URL"] ?? "";
    await assert.rejects(noneLeft("green", url, AbortSignal.abort()));
    const over = new AbortController();
    const gone = noneLeft("green", url, over.signal, 60_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await stack.byHand(0);
    over.abort();
    await gone;
  });

  it("looks again where the cloud has no answer", async () => {
    await stack.byHand(0);
    let asked = 0;
    const server = createServer((request, response) => {
      asked += 1;
      // Each look asks twice: for rules and for target groups.
      if (asked <= 2) request.socket.destroy();
      else response.writeHead(307, { location: `${process.env["AWS_ENDPOINT_URL"]}${request.url}` }).end();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      await noneLeft("green", url, AbortSignal.timeout(5_000));
      assert.equal(asked, 4);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
