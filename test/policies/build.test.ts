import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, readdir, rm, symlink } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { transitionInputs } from "../../model/footprint";
import { RULES } from "../../model/rules";
import { buildPacks } from "../../policies/build";
import { platformPolicies } from "../../policies/platform/policies";
import { LIMITS, recorded, release, transition } from "../model/fixtures";
import { type StartedPack, startPack } from "./startedPack";

const ROOT = resolve(__dirname, "../..");

describe("the packs that are built for Pulumi's service", function () {
  this.timeout(60_000);
  let out: string;
  let folders: string[];
  const packs: StartedPack[] = [];

  before(async () => {
    out = await mkdtemp(join(tmpdir(), "sluice-packs-"));
    folders = await buildPacks(out);
    // All that they may need beside themselves.
    await mkdir(join(out, "node_modules"));
    await symlink(join(ROOT, "node_modules/@pulumi"), join(out, "node_modules/@pulumi"));
  });
  after(async () => {
    for (const pack of packs) await pack.close();
    await rm(out, { recursive: true, force: true });
  });

  /** Here and after a second build, for what builds in `before` is nobody's to test while code is mutated. */
  async function assertWhole(built: readonly string[]): Promise<void> {
    assert.deepEqual(built, [join(out, "transition"), join(out, "platform")]);
    for (const folder of built) {
      const files = await readdir(folder);
      assert.deepEqual(files.sort(), ["PulumiPolicy.yaml", "config", "index.js", "package.json"]);
      assert.deepEqual((await readdir(join(folder, "config"))).sort(), [
        "dev.json",
        "prod.json",
        "staging.json",
      ]);
      assert.match(
        await readFile(join(folder, "PulumiPolicy.yaml"), "utf8"),
        /runtime: nodejs\nmain: index\.js/,
      );
      const { name, dependencies } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
      assert.match(name, /^sluice-/);
      assert.deepEqual(Object.keys(dependencies), ["@pulumi/policy", "@pulumi/pulumi"]);
    }
  }

  const start = async (name: string): Promise<StartedPack> => {
    const pack = await startPack(join(out, name));
    packs.push(pack);
    return pack;
  };

  it("are a folder each, with what Pulumi asks of a pack, its configuration for each environment, and no more", async () => {
    await assertWhole(folders);
  });

  it("name what they need from a registry, at the project's own versions", async () => {
    const { dependencies } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
    for (const folder of folders) {
      const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
      assert.deepEqual(manifest.dependencies, {
        "@pulumi/policy": dependencies["@pulumi/policy"],
        "@pulumi/pulumi": dependencies["@pulumi/pulumi"],
      });
      const required = [
        ...(await readFile(join(folder, "index.js"), "utf8")).matchAll(/\brequire\("([^"]+)"\)/g),
      ];
      const needed = new Set(required.map(([, name]) => name!).filter((name) => !isBuiltin(name)));
      assert.deepEqual([...needed], ["@pulumi/policy"]);
    }
  });

  it("start elsewhere, and judge releases by their rules as an organisation configures them", async () => {
    const pack = await start("transition");
    assert.deepEqual(
      await pack.policies(),
      RULES.map(({ id }) => id),
    );
    const found = async (share: number) => {
      const asked = transitionInputs(transition(recorded(release(10)), release(share)));
      const properties = JSON.parse(JSON.stringify(asked)) as object;
      const all = await pack.analyze({ type: "sluice:release:Transition", name: "release", properties });
      return all.map(({ policy, level }) => [policy, level]);
    };
    assert.deepEqual(await found(10 + LIMITS.step), []);
    assert.deepEqual(await found(10 + LIMITS.step + 1), [["T1", "mandatory"]]);
    await pack.configure({ T1: { enforcementLevel: "advisory", step: 10 } });
    assert.deepEqual(await found(21), [["T1", "advisory"]]);
    assert.deepEqual(await found(20), []);
  });

  it("start elsewhere, and judge what a stack consists of, known or not", async () => {
    const pack = await start("platform");
    assert.deepEqual(
      await pack.policies(),
      platformPolicies.map(({ name }) => name),
    );
    const volume = (storageEncrypted: unknown) =>
      pack.analyze({ type: "aws:rds/instance:Instance", name: "database", properties: { storageEncrypted } });
    const said = async (value: unknown) =>
      (await volume(value)).filter(({ message }) => message.includes("RDS.3 ")).map(({ level }) => level);
    assert.deepEqual(await said(false), ["mandatory"]);
    assert.deepEqual(await said("04da6b54-80e4-46f7-96ec-b56ff0331ba9"), ["advisory"]);
  });

  it("leave nothing of an earlier build", async () => {
    await mkdir(join(out, "platform", "old"));
    await assertWhole(await buildPacks(out));
  });
});
