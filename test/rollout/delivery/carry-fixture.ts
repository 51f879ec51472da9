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
import { type Called, STACK, type Scratch, scratch } from "../fixture";

export const DIGEST = `registry.example.com/storage@sha256:${"a".repeat(64)}`;
export const BAKED: Baked = {
  ...{ version: "2.4.0", images: { storage: DIGEST }, at: "2026-03-01T10:00:00.000Z" },
};
export const OLDER: Baked = { version: "2.3.9", at: "2026-02-01T10:00:00.000Z" };
/** What prod reads. */
export const NAME = releaseParameter("voiceassist", "staging");
export const FILE = readFileSync(join(PROJECT, "Pulumi.prod.yaml"), "utf8");

/** A project with prod and staging, and an account. */
export interface Place {
  readonly aws: PointedAt;
  readonly project: Scratch;
  /** Publishes as staging does. */
  publish(baked: readonly Baked[]): Promise<void>;
  published(name: string): Promise<string | undefined>;
  /** Prod's. */
  file(): Promise<string>;
  carry(...args: string[]): Promise<Called>;
  close(): Promise<void>;
}

export async function place(): Promise<Place> {
  const aws = await pointAtEndpoint();
  const project = await scratch("");
  await project.write("Pulumi.prod.yaml", FILE);
  await project.write("Pulumi.staging.yaml", STACK.replace("environment: dev", "environment: staging"));
  const known = (baked: readonly Baked[]) => formatKnown(knownOf({ ...recorded(release(0)), baked }));
  return {
    ...{ aws, project },
    publish: (baked) => new Parameters(REGION).put(NAME, known(baked)),
    published: (name) => new Parameters(REGION).get(name),
    file: () => readFile(join(project.folder, "Pulumi.prod.yaml"), "utf8"),
    carry: (...args) => project.call("carry", "-s", "prod", ...args),
    close: async () => {
      await Promise.all([aws.end(), project.close()]);
    },
  };
}

/** The same in a repository of git, with what the engine has of a deployment of its first commit. */
export interface PackingPlace extends Place {
  readonly commit: string;
  git(...args: string[]): string;
  /** Commits everything, and gives the commit. */
  push(title: string): string;
  /** Packs what has baked once into `packed.json`. */
  pack(): Promise<void>;
  packed(): Promise<string>;
  /** What the engine exports as prod's state; without it that cannot be seen. */
  exported(deployment: object): Promise<void>;
  /** Has it come from another account. */
  fromElsewhere(): Promise<void>;
}

export async function packingPlace(): Promise<PackingPlace> {
  const one = await place();
  const { project } = one;
  const path = process.env["PATH"];
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: project.folder, encoding: "utf8", stdio: "pipe" }).trim();
  const push = (title: string) => {
    git("add", ".");
    git("-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "--quiet", "--message", title);
    return git("rev-parse", "HEAD");
  };
  await project.write(".gitignore", "bin\nhistory.json\nexport.json\npacked.json\n");
  git("init", "--quiet");
  const commit = push("begin");
  const environment = { "pulumi.version": "v3.250.0", "git.head": commit, "git.dirty": "false" };
  const update = { kind: "update", result: "succeeded", startTime: "2026-03-01T10:00:00Z", message: "it" };
  await project.write("history.json", JSON.stringify([{ ...update, environment }]));
  // In place of the engine.
  await mkdir(join(project.folder, "bin"));
  await project.write(join("bin", "pulumi"), "#!/bin/sh\ncat $2.json\n");
  await chmod(join(project.folder, "bin", "pulumi"), 0o755);
  process.env["PATH"] = [join(project.folder, "bin"), path].join(delimiter);
  const packed = () => readFile(join(project.folder, "packed.json"), "utf8");
  return {
    ...one,
    ...{ commit, git, push, packed },
    pack: async () => {
      await one.publish([BAKED]);
      const { code, complained } = await project.call("carry", "-s", "staging", "--pack", "packed.json");
      assert.equal(code, 0, complained);
    },
    exported: (deployment) => project.write("export.json", JSON.stringify({ deployment })),
    fromElsewhere: async () => {
      const text = await packed();
      await project.write(
        "packed.json",
        text.replace('"account": "123456789012"', '"account": "210987654321"'),
      );
    },
    close: async () => {
      process.env["PATH"] = path;
      await one.close();
    },
  };
}
