import assert from "node:assert/strict";
import { changed, faultsOf, pathsOf } from "../raw";

describe("names", () => {
  it("are labels that leave room for what is appended", () => {
    const service = (name: string) => pathsOf({ services: { [name]: {} } });
    assert.deepEqual(service("a".repeat(57)), []);
    assert.deepEqual(service("a".repeat(58)), [`sluice:services.${"a".repeat(58)}`]);
    for (const name of ["Upper", "under_score", "-first", "last-", "1st", "dotted.name", "storage-green"]) {
      assert.equal(service(name).length, 1, name);
    }
  });

  it("of an app do not begin with what AWS reserves nor contain an environment", () => {
    assert.deepEqual(pathsOf({ app: "a".repeat(27) }), []);
    assert.match(faultsOf(changed({ app: "a".repeat(28) }))[0]!.allowed, /at most 27 characters/);
    for (const app of ["a".repeat(28), "internal-tools", "voice-dev", "voice-prod-eu", "Voice", ""]) {
      assert.deepEqual(pathsOf({ app }), ["sluice:app"], app);
    }
    assert.deepEqual(pathsOf({ app: "internals" }), []);
  });

  it("of versions are tags that never move", () => {
    for (const version of ["2.3.1", "v2.0.0-rc.1", "1a2b3c4", "a".repeat(63)]) {
      assert.deepEqual(pathsOf({ release: { green: { version } } }), [], version);
    }
    for (const version of ["", " ", "latest", "Main", "1:2", "a/b", "a".repeat(64), "-1", "1.", 2, null]) {
      assert.deepEqual(pathsOf({ release: { green: { version } } }), ["sluice:release.green.version"]);
    }
  });

  it("of images carry a tag or digest, behind a registry with a port as well", () => {
    const image = (reference: string) =>
      pathsOf({ release: { green: { version: "2", images: { storage: reference } } } });
    for (const good of [
      "r.example:5000/a/b:1.0",
      `a/b@sha256:${"0".repeat(64)}`,
      `b:1@sha256:${"f".repeat(64)}`,
    ]) {
      assert.deepEqual(image(good), [], good);
    }
    for (const bad of ["r.example:5000/a/b", "a/b", "a/b:latest", "A/b:1", "a/b@sha256:0", "https://r/a:1"]) {
      assert.deepEqual(image(bad), ["sluice:release.green.images.storage"], bad);
    }
  });
});
