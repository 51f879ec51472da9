import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
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

  it("has nothing that a job before has put there, and what was there at first", async () => {
    await mkdir(join(folder, "state"));
    await repository.checkOut("main");
    await writeFile(join(folder, "state", "dev.json"), "{}");
    await writeFile(join(folder, "baked.json"), "{}");
    await mkdir(join(folder, "previews"));
    await rm(file());
    await repository.checkOut("main");
    assert.deepEqual((await readdir(folder)).sort(), [".git", ".gitignore", "Pulumi.dev.yaml", "state"]);
    assert.equal(await readFile(join(folder, "state", "dev.json"), "utf8"), "{}");
  });

  it("is no matter of whoever calls it: of their hooks, signatures and repository", async () => {
    const settings = "[commit]\n\tgpgsign = true\n[gpg]\n\tprogram = false\n[core]\n\thooksPath = ";
    await mkdir(join(root, "hooks"));
    await writeFile(join(root, "hooks", "pre-commit"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    await writeFile(join(root, ".gitconfig"), `${settings}${join(root, "hooks")}\n`);
    const { HOME } = process.env;
    Object.assign(process.env, { HOME: root, GIT_DIR: join(root, "nowhere") });
    try {
      assert.match(await committed("next"), /^[0-9a-f]{40}$/);
    } finally {
      Object.assign(process.env, { HOME });
      delete process.env["GIT_DIR"];
    }
  });

  it("is refused where there is no such branch or commit, and a push that would take somebody's commit away", async () => {
    await assert.rejects(repository.checkOut("nothing"));
    await repository.push(await committed("next"), "develop");
    await assert.rejects(repository.push(base, "develop"));
  });
});
