import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { allChecks, matching } from "./checks";

describe("allChecks", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "sluice-checks-"));
    for (const file of [
      "engine/up.test.ts",
      "model/rules/t1.test.ts",
      "rehearsal/world.test.ts",
      "flags/bucket.test.ts",
      "lint.test.ts",
      "helpers/mocks.ts",
    ]) {
      mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(folder, file), "");
    }
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("finds every folder with a test, fast before slow, after the tools", () => {
    assert.deepEqual(
      allChecks(folder).map(({ name }) => name),
      ["format", "types", "lint", "model", "flags", "project", "rehearsal", "engine"],
    );
  });

  it("leaves those whose name contains a given word", () => {
    const named = (...words: string[]) => matching(allChecks(folder), words).map(({ name }) => name);
    assert.deepEqual(named("model"), ["model"]);
    assert.deepEqual(named("re", "eng"), ["rehearsal", "engine"]);
    assert.deepEqual(named("nothing"), []);
    assert.equal(named().length, 8);
  });
});
