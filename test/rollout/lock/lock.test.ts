import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { valueOf } from "../../../model/rollout/seen";
import { Engine } from "../../../rollout/engine";
import { lockOf, locksOf } from "../../../rollout/lock/lock";

const content = (pid: number, minute: number) =>
  JSON.stringify({ pid, username: "ana", hostname: "ci-1", timestamp: `2026-03-01T10:0${minute}:00Z` });

const NOT_SET = ["PULUMI_BACKEND_URL", "PULUMI_CREDENTIALS_PATH", "PULUMI_ACCESS_TOKEN"];
const KEPT = [...NOT_SET, "PULUMI_HOME", "PATH"];

describe("lockOf", () => {
  let folder: string;
  const before = new Map<string, string | undefined>();
  const write = async (file: string, text: string) => {
    const path = join(folder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return path;
  };
  /** A command of this name that writes its arguments down, and then does this. */
  const pretend = async (name: string, script: string) => {
    const path = await write(`bin/${name}`, `#!/bin/sh\necho "$@" >> ${folder}/called\n${script}\n`);
    await chmod(path, 0o755);
  };
  const lock = () => lockOf(new Engine(folder, "prod"));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-lock-"));
    for (const name of KEPT) before.set(name, process.env[name]);
    process.env["PULUMI_HOME"] = join(folder, "home");
    process.env["PATH"] = `${folder}/bin:/usr/bin:/bin`;
    for (const name of NOT_SET) Reflect.deleteProperty(process.env, name);
    await write("Pulumi.yaml", "name: sluice\nruntime: nodejs\n");
  });
  afterEach(async () => {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    await rm(folder, { recursive: true, force: true });
  });

  it("is not seen where nobody is logged in, with what mends that", async () => {
    assert.deepEqual(await lock(), { unseen: "nobody is logged in to the engine's backend: pulumi login" });
  });

  it("is asked of Pulumi's service where there is a token and no login, as in CI", async () => {
    process.env["PULUMI_ACCESS_TOKEN"] = "pul-token";
    await pretend("pulumi", `echo '[{"name":"team/sluice/prod","updateInProgress":true}]'`);
    assert.deepEqual(await lock(), { value: {} });
  });

  describe("in a folder", () => {
    const LOCKS = "state/.pulumi/locks/organization/sluice/prod";
    beforeEach(() => {
      process.env["PULUMI_BACKEND_URL"] = `file://${folder}/state`;
    });

    it("is none before any update, nor by another stack's", async () => {
      assert.deepEqual(await lock(), { value: undefined });
      await write("state/.pulumi/locks/organization/sluice/dev/1.json", content(1, 0));
      await write("state/.pulumi/locks/organization/other/prod/1.json", content(1, 0));
      await write(`${LOCKS}/1.json.attrs`, "{}");
      assert.deepEqual(await lock(), { value: undefined });
    });

    it("is the oldest, and says whose it is", async () => {
      await write(`${LOCKS}/a.json`, content(2, 5));
      await write(`${LOCKS}/b.json`, content(1, 0));
      assert.equal(valueOf(await lock())?.by, "ana@ci-1 (pid 1)");
    });

    it("is found in the older layout, and by the stack's whole name", async () => {
      await write("state/.pulumi/locks/prod/a.json", content(1, 0));
      assert.equal(valueOf(await lock())?.by, "ana@ci-1 (pid 1)");
      await write("state/.pulumi/locks/organization/other/qa/a.json", content(7, 0));
      const other = await lockOf(new Engine(folder, "organization/other/qa"));
      assert.equal(valueOf(other)?.by, "ana@ci-1 (pid 7)");
    });

    it("holds the stack though nobody can read whose it is", async () => {
      await write(`${LOCKS}/a.json`, "half");
      assert.deepEqual(await lock(), { value: { key: ".pulumi/locks/organization/sluice/prod/a.json" } });
    });

    it("is taken away with its attributes, and no other", async () => {
      const kept = await write(`${LOCKS}/kept.json`, content(1, 0));
      await write(`${LOCKS}/gone.json`, content(2, 5));
      await write(`${LOCKS}/gone.json.attrs`, "{}");
      const locks = valueOf(await locksOf({ folder, stack: "prod" }));
      await locks?.store?.remove(".pulumi/locks/organization/sluice/prod/gone.json");
      const left = valueOf(await locksOf({ folder, stack: "prod" }));
      assert.deepEqual(
        left?.held.map(({ owner }) => owner?.pid),
        [1],
      );
      assert.equal(await readFile(kept, "utf8"), content(1, 0));
    });

    it("is looked for where the project or the login says, and where the environment does first", async () => {
      await write(`${LOCKS}/a.json`, content(1, 0));
      process.env["PULUMI_BACKEND_URL"] = "file://./state?no_tmp_dir=true";
      assert.equal(valueOf(await lock())?.by, "ana@ci-1 (pid 1)");
      Reflect.deleteProperty(process.env, "PULUMI_BACKEND_URL");
      await write("home/credentials.json", JSON.stringify({ current: `file://${folder}/state` }));
      assert.equal(valueOf(await lock())?.by, "ana@ci-1 (pid 1)");
      await write("Pulumi.yaml", `name: sluice\nbackend: { url: "file://${folder}/elsewhere" }\n`);
      assert.deepEqual(await lock(), { value: undefined });
      process.env["PULUMI_BACKEND_URL"] = `file://${folder}/state`;
      assert.equal(valueOf(await lock())?.by, "ana@ci-1 (pid 1)");
    });
  });

  describe("in a bucket", () => {
    const KEY = "team/.pulumi/locks/organization/sluice/prod/1.json";
    beforeEach(() => {
      process.env["PULUMI_BACKEND_URL"] = "s3://states/team?region=eu-west-1&awssdk=v2";
    });
    const calls = async () => (await readFile(join(folder, "called"), "utf8")).trim().split("\n").sort();

    it("is read by the cloud's own command line, which changes nothing", async () => {
      await pretend(
        "aws",
        `case "$*" in *organization*list*|*s3api*organization*) echo '${KEY}';; *"s3 cp"*) echo '${content(3, 0)}';; *) echo None;; esac`,
      );
      assert.equal(valueOf(await lock())?.by, "ana@ci-1 (pid 3)");
      const list = (prefix: string) =>
        `s3api list-objects-v2 --bucket states --prefix team/.pulumi/locks/${prefix}/ --query Contents[].[Key] --output text --region eu-west-1`;
      assert.deepEqual(await calls(), [
        `s3 cp s3://states/${KEY} - --region eu-west-1`,
        list("organization/sluice/prod"),
        list("prod"),
      ]);
    });

    it("is none where the bucket has none, or it is gone in the moment between", async () => {
      await pretend("aws", "echo None");
      assert.deepEqual(await lock(), { value: undefined });
      await pretend(
        "aws",
        `case "$*" in *s3api*) echo '${KEY}';; *) echo 'fatal error: An error occurred (404)' >&2; exit 1;; esac`,
      );
      assert.deepEqual(await lock(), { value: undefined });
    });

    it("is not seen where that is refused or missing, which is not the same as none", async () => {
      await pretend("aws", "echo 'An error occurred (AccessDenied)' >&2; exit 254");
      assert.deepEqual(await lock(), { unseen: "aws: An error occurred (AccessDenied)" });
      await rm(join(folder, "bin/aws"));
      process.env["PATH"] = `${folder}/bin`;
      assert.deepEqual(await lock(), { unseen: "locks in s3://states are read by `aws`; install it" });
      process.env["PULUMI_BACKEND_URL"] = "postgres://states";
      assert.deepEqual(await lock(), { unseen: "the backend postgres: does not show its locks" });
    });
  });

  describe("in Pulumi's service", () => {
    beforeEach(() => {
      process.env["PULUMI_BACKEND_URL"] = "https://api.pulumi.com";
    });

    it("is what it says of the stack's update, without a name", async () => {
      const list = (prod: boolean) =>
        JSON.stringify([
          { name: "acme/prod", updateInProgress: prod },
          { name: "acme/dev", updateInProgress: true },
        ]);
      await pretend("pulumi", `echo '${list(true)}'`);
      assert.deepEqual(await lock(), { value: {} });
      await pretend("pulumi", `echo '${list(false)}'`);
      assert.deepEqual(await lock(), { value: undefined });
      await pretend("pulumi", "echo 'error: invalid access token' >&2; exit 255");
      assert.deepEqual(await lock(), { unseen: "pulumi stack ls: invalid access token" });
    });
  });
});
