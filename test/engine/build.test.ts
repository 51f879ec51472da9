import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { buildEngine, builtBefore, pinnedVersion } from "../../rehearsal/engine/build";
import { HOST_FOLDER } from "../../rehearsal/engine/engine";
import { runs, temporaryFolder, within, write } from "./scratch";

/** A stand-in for go: lists three packages, compiles two, and makes a `pulumi` that tells the version it was given. */
const WORKING = `
case $1 in
  list) echo 'go: downloading example.org/m v1.0.0' >&2; echo a/b; echo c; echo d ;;
  build)
    echo a/b >&2; echo c >&2
    while [ $# -gt 1 ]; do
      [ "$1" = -ldflags ] && version=\${2##*=}
      [ "$1" = -o ] && out=$2
      shift
    done
    printf '#!/bin/sh\\necho %s\\n' "$version" > "$out"
    chmod +x "$out"
    echo built >> "$XDG_CACHE_HOME/../log" ;;
esac`;

describe("the built engine", function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const shown: string[] = [];
  const progress = { show: (text: string) => void shown.push(text), done: () => undefined };
  let count = 0;

  /** An environment with a `go` that does what a shell script says, and a cache that is empty. */
  async function go(script: string) {
    const own = join(folder, String(count++));
    await write(own, { "bin/go": `#!/bin/sh\n${script}\n` });
    const environment = {
      PATH: [join(own, "bin"), "/usr/bin:/bin"].join(delimiter),
      XDG_CACHE_HOME: join(own, "cache"),
    };
    return { own, environment, cache: join(own, "cache", "sluice") };
  }

  it("has the pinned version, and a language host beside it that hands over to ours", async () => {
    const { environment, cache } = await go(WORKING);
    const version = await pinnedVersion();
    const engine = await buildEngine({ environment, progress });
    const bin = join(cache, `built-engine-${version}`, "bin");
    assert.deepEqual([engine.source, engine.version], ["built", version]);
    assert.equal(engine.path, [bin, HOST_FOLDER].join(delimiter));
    assert.deepEqual(await readdir(bin), ["pulumi", "pulumi-language-nodejs"]);
  });

  it("is built once, by whichever of two processes comes first, and found again", async () => {
    const { own, environment } = await go(WORKING);
    await Promise.all([buildEngine({ environment, progress }), buildEngine({ environment, progress })]);
    assert.equal((await builtBefore(environment))?.source, "built");
    assert.equal(readFileSync(join(own, "log"), "utf8"), "built\n");
  });

  it("shows how many of its packages have been compiled", async () => {
    const { environment } = await go(WORKING);
    await buildEngine({ environment, progress });
    assert.match(shown.join("\n"), /Go modules: 1\n/);
    assert.match(shown.at(-1) ?? "", /2 of 3 packages compiled/);
  });

  it("is not there after a failed build, whose reason the error tells", async () => {
    const { environment, cache } = await go("echo 'go: module lookup disabled' >&2; exit 1");
    await assert.rejects(buildEngine({ environment, progress }), /module lookup disabled/);
    assert.deepEqual(await readdir(cache), []);
  });

  it("tells that go is missing", async () => {
    const environment = { PATH: join(folder, "nowhere"), XDG_CACHE_HOME: join(folder, "goless") };
    await assert.rejects(buildEngine({ environment, progress }), /no go on PATH/);
  });

  it("ends go and leaves nothing half-done when it is aborted", async () => {
    const { own, environment, cache } = await go(`echo $$ > "$XDG_CACHE_HOME/../pid"; exec sleep 60`);
    const abort = new AbortController();
    const build = buildEngine({ environment, progress, signal: abort.signal });
    const file = join(own, "pid");
    const pid = await within(10, "go runs", () => existsSync(file) && Number(readFileSync(file, "utf8")));
    abort.abort();
    await assert.rejects(build, { name: "AbortError" });
    assert.equal(runs(pid), false);
    assert.deepEqual(await readdir(cache), []);
  });
});
