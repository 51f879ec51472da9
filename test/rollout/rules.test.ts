import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { rulesPage } from "../../model/ruleTable";
import { type Scratch, scratch } from "./fixture";

describe("sluice rules", function () {
  this.timeout(30_000);
  let project: Scratch;
  before(async () => {
    project = await scratch("");
  });
  after(() => project.close());

  it("writes the page of rules, and says where", async () => {
    const { code, printed } = await project.call("rules", "--out", "rules.md");
    assert.equal(code, 0);
    assert.match(printed, /written to rules\.md/);
    assert.equal(await readFile(join(project.folder, "rules.md"), "utf8"), rulesPage());
  });

  it("checks what is there, and names the command that writes it anew", async () => {
    assert.equal((await project.call("rules", "--out", "rules.md", "--check")).code, 0);
    await project.write("rules.md", `${rulesPage()} `);
    const { code, complained } = await project.call("rules", "--out", "rules.md", "--check");
    assert.equal(code, 2);
    assert.match(complained, /rules\.md is not what the code says; write it anew: npx sluice rules$/);
    assert.equal((await project.call("rules", "--out", "none.md", "--check")).code, 2);
  });

  it("ends with 2 where it cannot write", async () => {
    const { code, complained } = await project.call("rules", "--out", "nowhere/rules.md");
    assert.equal(code, 2);
    assert.match(complained, /--out: .*nowhere.*cannot be written/);
  });
});
