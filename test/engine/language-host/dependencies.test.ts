import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { temporaryFolder, write } from "../scratch";

const load = createRequire(__filename);
const { dependencies } = load("../../../rehearsal/engine/language-host/dependencies") as {
  dependencies: (directory: string, transitive: boolean) => { name: string; version: string }[];
};

describe("the dependencies of a program", () => {
  const folder = temporaryFolder();

  before(() =>
    write(folder, {
      "package.json": `{ "dependencies": { "@a/b": "^1.0.0" }, "devDependencies": { "c": "*", "absent": "*" } }`,
      "node_modules/.package-lock.json": JSON.stringify({
        packages: {
          "node_modules/@a/b": { version: "1.2.3" },
          "node_modules/@a/b/node_modules/c": { version: "1.0.0" },
          "node_modules/c": { version: "2.0.0" },
          "node_modules/d": { version: "3.0.0" },
        },
      }),
      "program/index.js": "",
    }),
  );

  it("are the packages that package.json names, as npm installed them", () => {
    assert.deepEqual(dependencies(join(folder, "program"), false), [
      { name: "@a/b", version: "1.2.3" },
      { name: "c", version: "2.0.0" },
    ]);
  });

  it("are all packages if transitive ones are asked for", () => {
    const names = dependencies(folder, true).map(({ name }) => name);
    assert.deepEqual(names, ["@a/b", "c", "c", "d"]);
  });

  it("are none where nothing is installed", async () => {
    const bare = join(folder, "bare");
    await write(bare, { "package.json": `{ "dependencies": { "c": "*" } }` });
    assert.deepEqual(dependencies(bare, true), []);
  });
});
