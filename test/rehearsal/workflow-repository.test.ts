import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Repository, makeRepository } from "../../rehearsal/workflow/repository";

describe("a checkout of the stage's repository", () => {
  let root: string;
  let folder: string;
  let repository: Repository;
  let base: string;
  const file = () => join(folder, "Pulumi.dev.yaml");
  const text = () => readFile(file(), "utf8");
  const committed = async (said: string) => {
    await writeFile(file(), said);
    return repository.commit(said);
  };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "sluice-repository-"));
    folder = join(root, "checkout");
    await mkdir(folder);
    await writeFile(file(), "base");
    repository = await makeRepository(folder, join(root, "origin.git"), ["Pulumi.dev.yaml"]);
    base = await repository.commit("base");
    await repository.push(base, "main");
    await repository.push(base, "develop");
  });
  afterEach(() => rm(root, { recursive: true }));

  it("is of a branch's tip as it is pushed to at that moment", async () => {
    await repository.checkOut("develop");
    const next = await committed("next");
    await repository.push(next, "develop");
    await repository.checkOut("main");
    assert.equal(await text(), "base");
    await repository.checkOut("develop");
    assert.equal(await text(), "next");
    assert.equal(await repository.tip("develop"), next);
    assert.equal(await repository.shown("main", "Pulumi.dev.yaml"), "base");
  });

  it("is of a commit, whatever its branch has become", async () => {
    await repository.push(await committed("next"), "develop");
    await repository.checkOut(base);
    assert.equal(await text(), "base");
  });

  it("has nothing of what was changed and never pushed, and keeps what git does not", async () => {
    await writeFile(file(), "half done");
    await writeFile(join(folder, "state.json"), "{}");
    await repository.checkOut("develop");
    assert.equal(await text(), "base");
    assert.equal(await readFile(join(folder, "state.json"), "utf8"), "{}");
  });

  it("is refused where there is no such branch or commit, and a push that would take somebody's commit away", async () => {
    await assert.rejects(repository.checkOut("nothing"));
    await repository.push(await committed("next"), "develop");
    await assert.rejects(repository.push(base, "develop"));
  });
});
