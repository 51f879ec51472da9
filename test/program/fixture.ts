import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { parseDocument } from "yaml";
import { environmentFile } from "../../rehearsal/byHand";
import { type Cloud, startCloud } from "../../rehearsal/cloud/start";
import { findEngine } from "../../rehearsal/engine/find";
import { type OpenStack, openStack } from "../../rehearsal/engine/workspace";
import { type WorkingCopy, makeWorkingCopy } from "../../rehearsal/workingCopy";
import { type ReleaseEdit, editRelease } from "../../rollout/configuration";

export const PROJECT = resolve(__dirname, "../..");

/** Engine calls take seconds, and more on a machine that does other things too. */
export const PATIENCE = 300_000;

/** Bytes: an exported state has every resource twice. */
const LONGEST_OUTPUT = 64 * 1024 * 1024;

/** What a suite opened and must close, whether or not all of it could be opened. */
export interface Closing {
  close(): Promise<void>;
}

/** Closes the last opened first. */
export async function closeAll(opened: Closing[]): Promise<void> {
  for (const one of opened.splice(0).reverse()) await one.close();
}

/** Points this process's AWS clients at a cloud; what it gives is all that a process elsewhere needs for that. */
export function atCloud({ address }: Cloud, opened: Closing[]): Record<string, string> {
  const aws = {
    AWS_ENDPOINT_URL: address.endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: "us-east-1",
  };
  const shadowed = Object.keys(aws).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, aws);
  opened.push({
    close: async () => {
      for (const [name, value] of shadowed) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
    },
  });
  return aws;
}

/** The real program on the real engine against a local cloud, in a folder that is gone at the end. */
export interface LocalStack {
  readonly stack: OpenStack;
  readonly cloud: Cloud;
  readonly copy: WorkingCopy;
  /** Changes the release in the working copy's stack file. */
  edit(edit: ReleaseEdit): Promise<void>;
  /** Sets a value under `config` of that file, `undefined` removes it; gives the text as it was before. */
  set(path: readonly string[], value: unknown): Promise<string>;
  /** Writes `env` beside the stack file, and runs a line of shell there as a person would. */
  byHand(line: string): Promise<string>;
  /** The same stack for a program that meets another environment. */
  openedWith(env: Record<string, string>): Promise<OpenStack>;
  close(): Promise<void>;
}

export async function localStack(name = "dev"): Promise<LocalStack> {
  const dir = await mkdtemp(join(tmpdir(), "sluice-program-"));
  const [engine, copy, cloud] = await Promise.all([
    findEngine(),
    makeWorkingCopy(PROJECT, name, dir),
    startCloud(),
  ]);
  const openedWith = (env: Record<string, string>) =>
    openStack({ engine, dir, stack: name, env: { ...copy.env, ...cloud.env, ...env } });
  return {
    stack: await openedWith({}),
    cloud,
    copy,
    edit: async (edit) => copy.write(editRelease(await copy.read(), edit)),
    set: async (path, value) => {
      const before = await copy.read();
      const document = parseDocument(before);
      if (value === undefined) document.deleteIn(["config", ...path]);
      else document.setIn(["config", ...path], document.createNode(value));
      await copy.write(document.toString());
      return before;
    },
    openedWith,
    byHand: async (line) => {
      await environmentFile(copy, engine, { ...copy.env, ...cloud.env });
      const options = { cwd: dir, maxBuffer: LONGEST_OUTPUT };
      const { stdout } = await promisify(execFile)("sh", ["-c", `. ./env && ${line}`], options);
      return stdout;
    },
    close: async () => {
      await cloud.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A clock for what a test starts. */
export interface StoppedClock {
  /** Goes into the environment of what is started. */
  readonly env: Record<string, string>;
  /** Stops it at an ISO time, for what starts from now on; without one, it is the real clock. */
  stopAt(time: string | undefined): Promise<void>;
  close(): Promise<void>;
}

export async function stoppedClock(): Promise<StoppedClock> {
  const dir = await mkdtemp(join(tmpdir(), "sluice-clock-"));
  const file = join(dir, "now");
  await writeFile(file, "");
  return {
    env: { PROBE_CLOCK: file, NODE_OPTIONS: `--require ${join(__dirname, "probe", "clock.cjs")}` },
    stopAt: (time = "") => writeFile(file, time),
    close: () => rm(dir, { recursive: true, force: true }),
  };
}

/** A resource that the probe program registers as it is given. */
export interface Probed {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

/** A program of a few resources, to see how the local cloud takes them. */
export interface Probe {
  readonly stack: OpenStack;
  /** What the program registers from now on. */
  set(resources: readonly Probed[]): Promise<void>;
  close(): Promise<void>;
}

/** @param cloud where its resources are made, and what else its processes meet */
export async function probe(cloud: Pick<Cloud, "env">): Promise<Probe> {
  const dir = await mkdtemp(join(tmpdir(), "sluice-probe-"));
  const resources = join(dir, "resources.json");
  await writeFile(resources, "[]");
  const main = relative(dir, join(__dirname, "probe", "index.ts"));
  await writeFile(
    join(dir, "Pulumi.yaml"),
    `name: probe\nmain: ${main}\nruntime: { name: nodejs, options: { typescript: false, nodeargs: "-r ${join(PROJECT, "register.cjs")}" } }\n`,
  );
  const env = {
    ...cloud.env,
    PULUMI_BACKEND_URL: `file://${dir}`,
    PULUMI_HOME: join(dir, "home"),
    PULUMI_CONFIG_PASSPHRASE: "probe",
    PROBE_RESOURCES: resources,
  };
  return {
    stack: await openStack({ engine: await findEngine(), dir, stack: "probe", env }),
    set: (all) => writeFile(resources, JSON.stringify(all)),
    close: () => rm(dir, { recursive: true, force: true }),
  };
}

/** What a preview's or update's events tell of a resource's outputs. */
export function outputsIn(
  events: readonly EngineEvent[],
  urnEnd: string,
): Record<string, unknown> | undefined {
  const found = events.findLast((event) => event.resOutputsEvent?.metadata.urn.endsWith(urnEnd));
  return found?.resOutputsEvent?.metadata.new?.outputs as Record<string, unknown> | undefined;
}

/** Likewise, of its inputs. */
export function inputsIn(
  events: readonly EngineEvent[],
  urnEnd: string,
): Record<string, unknown> | undefined {
  const found = events.findLast((event) => event.resourcePreEvent?.metadata.urn.endsWith(urnEnd));
  return found?.resourcePreEvent?.metadata.new?.inputs as Record<string, unknown> | undefined;
}
