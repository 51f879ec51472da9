import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { chmod, mkdir, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { Parameters } from "../../../cloud/parameters";
import type { Baked } from "../../../model/baked";
import { formatKnown, knownOf, releaseParameter } from "../../../model/known";
import { type PointedAt, REGION, pointAtEndpoint } from "../../cloud/readers-fixture";
import { recorded, release } from "../../model/fixtures";
import { PROJECT } from "../../program/fixture";
import { STACK, type Scratch, call, scratch } from "../fixture";

const DIGEST = `registry.example.com/storage@sha256:${"a".repeat(64)}`;
const BAKED: Baked = { version: "2.4.0", images: { storage: DIGEST }, at: "2026-03-01T10:00:00.000Z" };
const OLDER: Baked = { version: "2.3.9", at: "2026-02-01T10:00:00.000Z" };
/** What prod reads. */
const NAME = releaseParameter("voiceassist", "staging");
const OTHERS = releaseParameter("voiceassist", "dev");
const FILE = readFileSync(join(PROJECT, "Pulumi.prod.yaml"), "utf8");

describe("sluice carry", () => {
  let aws: PointedAt;
  let project: Scratch;
  beforeEach(async () => {
    aws = await pointAtEndpoint();
    project = await scratch("");
    await project.write("Pulumi.prod.yaml", FILE);
    await project.write("Pulumi.staging.yaml", STACK.replace("environment: dev", "environment: staging"));
  });
  afterEach(() => Promise.all([aws.end(), project.close()]));

  const known = (baked: readonly Baked[]) => formatKnown(knownOf({ ...recorded(release(0)), baked }));
  const publish = (baked: readonly Baked[]) => new Parameters(REGION).put(NAME, known(baked));
  const published = (name: string) => new Parameters(REGION).get(name);
  const file = () => readFile(join(project.folder, "Pulumi.prod.yaml"), "utf8");
  const carry = (...args: string[]) => project.call("carry", "-s", "prod", ...args);

  it("writes the newest that has baked into the colour without traffic, and nothing else", async () => {
    await publish([BAKED, OLDER]);
    const { code, printed } = await carry();
    assert.equal(code, 0, printed);
    assert.match(printed, /green is 2\.4\.0, which has baked in staging since 2026-03-01/);
    const text = await file();
    assert.equal(
      text,
      FILE.replace("green: {}", `green: { version: 2.4.0, images: { storage: ${DIGEST} } }`),
    );
    const again = await carry("--json");
    assert.deepEqual([again.code, JSON.parse(again.printed).kind, await file()], [0, "nothing", text]);
  });

  it("writes the version that is asked for, where it has baked", async () => {
    await publish([BAKED, OLDER]);
    assert.equal((await carry("--version", "2.3.9")).code, 0);
    assert.match(await file(), /2\.3\.9/);
  });

  it("ends with 3 and writes nothing where it has to wait", async () => {
    await publish([{ ...BAKED, at: "2099-01-01T00:00:00.000Z" }]);
    const { code, printed } = await carry();
    assert.deepEqual([code, await file()], [3, FILE]);
    assert.match(printed, /stays as it is: 2\.4\.0 still bakes there, until 2099/);
  });

  it("ends with 6 where nothing is published, or nobody may read it", async () => {
    const nothing = await carry();
    assert.deepEqual([nothing.code, await file()], [6, FILE]);
    assert.match(nothing.complained, /voiceassist-staging publishes nothing that has baked; deploy it first/);
    await publish([BAKED]);
    await aws.fail("ssm:GetParameter", "AccessDeniedException");
    const denied = await carry();
    assert.deepEqual([denied.code, await file()], [6, FILE]);
    assert.match(denied.complained, /could not be read: AccessDeniedException/);
  });

  it("ends with 2 where no environment comes before", async () => {
    const { code, complained } = await project.call("carry", "-s", "dev");
    assert.equal(code, 2);
    assert.match(complained, /no environment comes before dev; name it: pulumi config set sluice:bakedIn/);
  });

  describe("across accounts", () => {
    const path = process.env["PATH"];
    let commit: string;
    const git = (...args: string[]) =>
      execFileSync("git", args, { cwd: project.folder, encoding: "utf8", stdio: "pipe" }).trim();
    const push = (title: string) => {
      git("add", ".");
      git("-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "--quiet", "--message", title);
      return git("rev-parse", "HEAD");
    };
    // In place of the engine, the history that it has of a deployment.
    beforeEach(async () => {
      await project.write(".gitignore", "bin\nhistory.json\npacked.json\n");
      git("init", "--quiet");
      commit = push("begin");
      const environment = { "pulumi.version": "v3.250.0", "git.head": commit, "git.dirty": "false" };
      const update = {
        kind: "update",
        result: "succeeded",
        startTime: "2026-03-01T10:00:00Z",
        message: "it",
      };
      await project.write("history.json", JSON.stringify([{ ...update, environment }]));
      await mkdir(join(project.folder, "bin"));
      await project.write(join("bin", "pulumi"), "#!/bin/sh\ncat history.json\n");
      await chmod(join(project.folder, "bin", "pulumi"), 0o755);
      process.env["PATH"] = [join(project.folder, "bin"), path].join(delimiter);
    });
    afterEach(() => {
      process.env["PATH"] = path;
    });

    const packed = () => readFile(join(project.folder, "packed.json"), "utf8");
    const pack = async () => {
      await publish([BAKED]);
      const { code, complained } = await project.call("carry", "-s", "staging", "--pack", "packed.json");
      assert.equal(code, 0, complained);
    };
    const fromElsewhere = async () =>
      project.write(
        "packed.json",
        (await packed()).replace('"account": "123456789012"', '"account": "210987654321"'),
      );

    it("packs what a stack publishes, with where from, and ends with 6 where it publishes nothing", async () => {
      assert.equal((await project.call("carry", "-s", "staging", "--pack", "packed.json")).code, 6);
      await pack();
      const { account, region, name, value, program } = JSON.parse(await packed());
      assert.deepEqual([account, region, name, program], ["123456789012", REGION, NAME, commit]);
      assert.deepEqual(JSON.parse(value).baked, [BAKED]);
    });

    it("publishes it where the stack after reads it, and carries it from there", async () => {
      await pack();
      await fromElsewhere();
      await publish([OLDER]);
      const { code, printed } = await carry("--unpack", "packed.json");
      assert.equal(code, 0, printed);
      assert.match(printed, /release: as account 210987654321 published it/);
      assert.deepEqual(JSON.parse((await published(NAME)) ?? "").baked, [BAKED]);
      assert.match(await file(), /2\.4\.0/);
    });

    it("leaves what is published in the account itself, which is newer than what was packed", async () => {
      await pack();
      const newer = { version: "2.5.0", at: "2026-04-01T10:00:00.000Z" };
      await publish([newer, BAKED]);
      assert.equal((await carry("--unpack", "packed.json")).code, 0);
      assert.match(await file(), /2\.5\.0/);
    });

    it("carries nothing over to a program that the stack before was not deployed with, and ends with 5", async () => {
      await pack();
      await fromElsewhere();
      await publish([OLDER]);
      await project.write("index.ts", "// a VPC\n");
      push("a VPC");
      for (const args of [[], ["--json"]]) {
        const { code, printed } = await carry("--unpack", "packed.json", ...args);
        assert.equal(code, 5, printed);
        assert.match(
          printed,
          /index\.ts changed after the stack before was deployed, which has not tried that/,
        );
      }
      assert.deepEqual(JSON.parse((await published(NAME)) ?? "").baked, [OLDER]);
      assert.equal(await file(), FILE);
    });

    it("carries over where but stacks' files and words have changed since", async () => {
      await pack();
      await project.write("README.md", "# it\n");
      await project.write("Pulumi.staging.yaml", `${STACK}# promoted\n`);
      push("promoted");
      const { code, printed } = await carry("--unpack", "packed.json");
      assert.equal(code, 0, printed);
    });

    it("finds the packed program where the checkout has the newest commit alone", async () => {
      await pack();
      const text = await packed();
      await project.write("index.ts", "// a VPC\n");
      push("a VPC");
      const shallow = await scratch("");
      try {
        execFileSync("git", [
          "clone",
          "--quiet",
          "--depth=1",
          `file://${project.folder}`,
          join(shallow.folder, "it"),
        ]);
        await shallow.write(join("it", "packed.json"), text);
        const { code, printed } = await call(
          join(shallow.folder, "it"),
          "carry",
          "-s",
          "prod",
          "--unpack",
          "packed.json",
        );
        assert.equal(code, 5, printed);
        assert.match(printed, /index\.ts changed/);
      } finally {
        await shallow.close();
      }
    });

    it("ends with 6 where nobody can say which program was packed, and says how to go on", async () => {
      await pack();
      const text = await packed();
      for (const [program, why] of [
        ["", /deploy there with sluice deploy, and pack again/],
        ["0".repeat(40), /git fetch/],
      ] as const) {
        await project.write("packed.json", text.replace(commit, program));
        const { code, complained } = await carry("--unpack", "packed.json");
        assert.deepEqual([code, await file()], [6, FILE]);
        assert.match(complained, why);
      }
    });

    it("takes no file of another stack, and none that nobody packed", async () => {
      await pack();
      await fromElsewhere();
      await project.write("packed.json", (await packed()).replace(NAME, OTHERS));
      const other = await carry("--unpack", "packed.json");
      assert.equal(other.code, 2);
      assert.ok(
        other.complained.includes(`found ${OTHERS}; allowed is what prod reads: ${NAME}`),
        other.complained,
      );
      for (const text of ["<script>", "{}", (await packed()).replace(/"value": .*/, '"value": "{}"')]) {
        await project.write("packed.json", text);
        assert.equal((await carry("--unpack", "packed.json")).code, 2, text);
      }
      assert.deepEqual([await published(OTHERS), await file()], [undefined, FILE]);
    });
  });
});
