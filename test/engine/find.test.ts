import assert from "node:assert/strict";
import { findEngine, type Engine, type Source, type Way } from "../../rehearsal/engine/find";

const quiet = { show: () => undefined, done: () => undefined };
const engineOf = (source: Source) => ({ source, version: "3.250.0", path: source }) as Engine;

/** A way that has an engine ready, or can obtain one, or fails; and the steps that were taken, in their order. */
function fakes(behaviours: Partial<Record<Source, "ready" | "obtain" | "fails">>) {
  const steps: string[] = [];
  const way = (source: Source): Way => ({
    source,
    what: `tried ${source}`,
    ready: () => {
      steps.push(`${source} ready?`);
      return Promise.resolve(behaviours[source] === "ready" ? engineOf(source) : undefined);
    },
    obtain: () => {
      steps.push(`${source} obtain`);
      if (behaviours[source] === "obtain") return Promise.resolve(engineOf(source));
      return Promise.reject(new Error(`${source} failed\nbecause of its details`));
    },
  });
  return { steps, ways: (["path", "installed", "built"] as const).map(way) };
}

const find = (ways: Way[], environment: NodeJS.ProcessEnv = {}, signal?: AbortSignal) =>
  findEngine({ ways, environment, progress: quiet, signal });

describe("findEngine", () => {
  it("takes the first engine that is there, in the order PATH, installed, built", async () => {
    assert.equal((await find(fakes({ path: "ready", installed: "ready" }).ways)).source, "path");
    assert.equal((await find(fakes({ installed: "ready", built: "ready" }).ways)).source, "installed");
  });

  it("fetches nothing while there is an engine", async () => {
    const { steps, ways } = fakes({ installed: "obtain", built: "ready" });
    assert.equal((await find(ways)).source, "built");
    assert.deepEqual(steps, ["path ready?", "installed ready?", "built ready?"]);
  });

  it("builds only after the installer has failed", async () => {
    const { steps, ways } = fakes({ built: "obtain" });
    assert.equal((await find(ways)).source, "built");
    assert.deepEqual(steps.slice(-2), ["installed obtain", "built obtain"]);
  });

  it("throws one error that lists what was tried, why each failed and what to install", async () => {
    await assert.rejects(find(fakes({}).ways), ({ message }: Error) => {
      for (const source of ["path", "installed", "built"]) {
        assert.match(message, new RegExp(`- tried ${source}: ${source} failed\\n +because of its details`));
      }
      assert.match(message, /^No Pulumi engine could be had:/);
      assert.match(message, /Install Pulumi \d+\.\d+\.\d+ or later .*\n?.*Go \d\.\d+ or later/s);
      return true;
    });
  });

  it("is narrowed to one way by SLUICE_ENGINE", async () => {
    const { steps, ways } = fakes({ path: "ready", built: "obtain" });
    assert.equal((await find(ways, { SLUICE_ENGINE: "built" })).source, "built");
    assert.deepEqual(steps, ["built ready?", "built obtain"]);
  });

  it("refuses a SLUICE_ENGINE that names no way", async () => {
    await assert.rejects(find(fakes({}).ways, { SLUICE_ENGINE: "bulit" }), /"bulit".*path, installed, built/);
  });

  it("ends when it is aborted, and tries nothing more", async () => {
    const abort = new AbortController();
    const { steps, ways } = fakes({ built: "obtain" });
    const stopping = ways.map((way) => ({
      ...way,
      obtain: () => {
        abort.abort(new Error("enough"));
        return Promise.reject(new Error("ended"));
      },
    }));
    await assert.rejects(find(stopping, {}, abort.signal), /enough/);
    assert.deepEqual(steps, ["path ready?", "installed ready?", "built ready?"]);
  });
});
