import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheFolder, makeOnce } from "../../rehearsal/engine/cache";
import { temporaryFolder, write } from "./scratch";

describe("the cache folder", () => {
  it("is the user's, or XDG_CACHE_HOME where that is set", () => {
    assert.equal(cacheFolder({ XDG_CACHE_HOME: "/elsewhere" }), "/elsewhere/sluice");
    assert.match(cacheFolder({ HOME: "/home/me" }), /^\/home\/me\/(\.cache|Library\/Caches)\/sluice$/);
  });
});

describe("makeOnce", () => {
  const root = temporaryFolder();
  let count = 0;
  const fresh = () => join(root, String(count++), "thing");

  /** The id of a process that has ended. */
  const dead = () => spawnSync("true").pid;

  it("makes a folder once for all who want it at the same time, and tells those who wait", async () => {
    const folder = fresh();
    const made: number[] = [];
    const waited: number[] = [];
    const want = (id: number) => {
      const make = () => {
        made.push(id);
        return sleep(50);
      };
      return makeOnce(folder, make, { waiting: () => void waited.push(id) });
    };
    await Promise.all([1, 2, 3].map(want));
    assert.equal(made.length, 1);
    assert.equal(waited.length, 2);
    assert.deepEqual(await readdir(join(folder, "..")), ["thing"]);
  });

  it("leaves nothing after a failure, so that the next attempt can succeed", async () => {
    const folder = fresh();
    await assert.rejects(
      makeOnce(folder, (draft) =>
        writeFile(join(draft, "half"), "").then(() => Promise.reject(new Error("no"))),
      ),
      /no/,
    );
    assert.deepEqual(await readdir(join(folder, "..")), []);
    await makeOnce(folder, (draft) => writeFile(join(draft, "whole"), ""));
    assert.deepEqual(await readdir(folder), ["whole"]);
  });

  it("takes over from an owner that was killed, and clears what it left", async () => {
    const folder = fresh();
    const owner = dead();
    await write(join(folder, ".."), { "thing.lock": `${owner}\n`, [`thing.draft-${owner}/half`]: "" });
    await makeOnce(folder, (draft) => writeFile(join(draft, "whole"), ""));
    assert.deepEqual(await readdir(join(folder, "..")), ["thing"]);
    assert.deepEqual(await readdir(folder), ["whole"]);
  });

  it("takes over from an owner whose id another process has got, as it has been silent", async () => {
    const folder = fresh();
    await write(join(folder, ".."), { "thing.lock": `${process.pid}\n` });
    const past = new Date(Date.now() - 3_600_000);
    await utimes(`${folder}.lock`, past, past);
    await makeOnce(folder, () => Promise.resolve());
    assert.deepEqual(await readdir(join(folder, "..")), ["thing"]);
  });

  it("waits for an owner that lives, until it is aborted", async () => {
    const folder = fresh();
    await write(join(folder, ".."), { "thing.lock": `${process.pid}\n` });
    const signal = AbortSignal.timeout(700);
    await assert.rejects(
      makeOnce(folder, () => assert.fail("made it meanwhile"), { signal }),
      /abort/i,
    );
    assert.deepEqual(await readdir(join(folder, "..")), ["thing.lock"]);
  });
});
