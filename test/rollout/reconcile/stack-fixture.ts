import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, join, resolve } from "node:path";
import { DeleteParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { WeightedRules } from "../../../cloud/weightedRules";
import { circumstances } from "../../../model/circumstances";
import { flagResourceName } from "../../../model/flags/parameter";
import { formatKnown, knownOf } from "../../../model/known";
import { releaseOutput } from "../../../model/recorded";
import { COLOURS, type Recorded, type Shares, greenAt } from "../../../model/release";
import { next } from "../../../model/transition";
import { KILLED_TICK } from "../../../rehearsal/faults/killedTick";
import { type ReleaseEdit, editRelease, settingsIn } from "../../../rollout/configuration";
import { REGION } from "../../cloud/readers-fixture";
import { type Called, STACK, scratch } from "../fixture";
import { type LocalEdge, localEdge } from "./edge-fixture";

const ROOT = resolve(__dirname, "../../..");

/** Files of the engine that stands in, from the project's folder. */
export const STATE = "exported.json";
export const UPDATES = "updates.jsonl";
export const HISTORY = "history.json";
export const LOCK = "state/.pulumi/locks/organization/sluice/dev/update.json";

/** `app-dev` with the one public service `api`, 2.3.1 live. */
export const FILE =
  STACK.replace("voiceassist", "app")
    .replace("blue: 100, green: 0 }", "blue: 100, green: 0 } # percent")
    .trimEnd() +
  "\n  sluice:services: { api: { public: { path: /api } }, api-gateway: null, voice-service: null, admin-panel: null }\n";

const CANDIDATE = { green: { version: "2.4.0" } };

/** What the engine would export of a state. */
export function exportOf(state: Recorded): object {
  const arn = (colour: string) =>
    `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/app-dev-${colour}/73e2d6bc24d8a067`;
  const weighted = (service: string, shares: Shares) => ({
    ...{ urn: `urn:rule:${service}`, type: "aws:lb/listenerRule:ListenerRule" },
    outputs: {
      tags: { "sluice:role": "weighted", "sluice:service": service },
      actions: [
        {
          forward: {
            targetGroups: COLOURS.map((colour) => ({ arn: arn(colour), weight: shares[colour] })),
          },
        },
      ],
    },
  });
  return {
    deployment: {
      resources: [
        { urn: "urn:stack", type: "pulumi:pulumi:Stack", outputs: { release: releaseOutput(state) } },
        { urn: "urn:transition", type: "sluice:release:Transition", outputs: {} },
        ...COLOURS.map((colour) => ({
          ...{ urn: `urn:group:${colour}`, type: "aws:lb/targetGroup:TargetGroup" },
          outputs: { arn: arn(colour), tags: { "sluice:colour": colour } },
        })),
        ...Object.entries(state.rules).map(([service, shares]) => weighted(service, shares)),
        ...Object.keys(state.flags ?? {}).map((flag) => ({
          ...{ urn: `urn::${flagResourceName(flag)}`, type: "aws:ssm/parameter:Parameter" },
          outputs: { tags: { "sluice:role": "flag", "sluice:flag": flag } },
        })),
      ],
    },
  };
}

/** The stack, its cloud, and an engine that stands in for the real one. */
export interface StackInPlace {
  readonly edge: LocalEdge;
  readonly folder: string;
  /** Calls the command line there. */
  call(...args: string[]): Promise<Called>;
  /** A tick in a process of its own, that is killed outright right after so many effects. */
  killed(effects: number): Promise<string>;
  edit(edit: ReleaseEdit): Promise<void>;
  text(): Promise<string>;
  write(text: string): Promise<void>;
  /** Green's share at the load balancer, by configuration, and by the state. */
  greens(): Promise<[live: number | undefined, configured: number, recorded: number]>;
  /** Gives green a share by hand. */
  byHand(green: number): Promise<void>;
  /** Fences a version, or nothing. */
  fence(version: string | undefined): Promise<void>;
  /** Publishes who is trusted, as the program does. */
  publish(): Promise<void>;
  /** Lets somebody else's update hold the stack, or not. */
  lock(isHeld: boolean): Promise<void>;
  /** What updates there were, the latest last. */
  updates(): Promise<{ subject: string; targets: number }[]>;
  close(): Promise<void>;
}

/** The stack with 2.3.1 live and the candidate 2.4.0 beside it, with this share everywhere for so many seconds. */
export async function stackInPlace(green = 0, seconds = 60): Promise<StackInPlace> {
  const edge = await localEdge({ blue: "2.3.1", green: "2.4.0" });
  const project = await scratch("");
  const { folder } = project;
  const inFolder = (name: string) => join(folder, name);
  const bin = inFolder("bin");
  await mkdir(bin);
  const script = `exec ${process.execPath} -r ${join(ROOT, "register.cjs")} ${join(__dirname, "stand-in.ts")} "$@"`;
  const read = `case "$1 $2" in "stack history") exec cat ${HISTORY};; stack*) exec cat ${STATE};; esac`;
  await writeFile(join(bin, "pulumi"), `#!/bin/sh\n${read}\n${script}\n`);
  await chmod(join(bin, "pulumi"), 0o755);
  const changes: Record<string, string> = {
    PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`,
    PULUMI_BACKEND_URL: `file://${inFolder("state")}`,
    SLUICE_BALANCER_URL: edge.url,
  };
  const before = Object.keys(changes).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, changes);

  const write = (text: string) => project.write("Pulumi.dev.yaml", text);
  const text = () => readFile(inFolder("Pulumi.dev.yaml"), "utf8");
  const rules = new WeightedRules(REGION);
  const byHand = async (share: number) => {
    for (const rule of await rules.of("app", "dev")) await rules.share(rule, greenAt(share));
  };
  await write(editRelease(FILE, { ...CANDIDATE, traffic: greenAt(green) }));
  await byHand(green);
  const started = (release: string, from: Recorded | undefined) => {
    const settings = settingsIn(release);
    const now = new Date(Date.now() - 1_000 * seconds).toISOString();
    return next({ ...circumstances(settings), from, to: settings.release, now });
  };
  const state = started(await text(), started(editRelease(FILE, CANDIDATE), started(FILE, undefined)));
  await project.write(STATE, JSON.stringify(exportOf(state)));
  await project.write(HISTORY, "[]");
  return {
    ...{ edge, folder, text, write, byHand, call: project.call },
    killed: (effects) => {
      const args = ["-r", join(ROOT, "register.cjs"), KILLED_TICK, "dev"];
      const child = spawn(process.execPath, [...args, `${effects}`], { cwd: folder, stdio: "ignore" });
      return new Promise((resolve, reject) =>
        child.once("error", reject).once("close", (code, signal) => resolve(String(code ?? signal))),
      );
    },
    edit: async (edit) => write(editRelease(await text(), edit)),
    greens: async () => {
      const [rule] = await rules.of("app", "dev");
      const exported = JSON.parse(await readFile(inFolder(STATE), "utf8")) as {
        deployment: { resources: { outputs: { release: Recorded["release"] } }[] };
      };
      return [
        rule?.shares.green,
        settingsIn(await text()).release.traffic.green,
        exported.deployment.resources[0]!.outputs.release.traffic.green,
      ];
    },
    fence: async (version) => {
      const Name = "/sluice/app/dev/fence";
      if (version === undefined) {
        await edge.aws.parameters.send(new DeleteParameterCommand({ Name }));
        return;
      }
      const fence = { version, reason: "loses calls", by: "arn:ana", at: new Date().toISOString() };
      const put = { Name, Type: "String", Value: JSON.stringify(fence), Overwrite: true } as const;
      await edge.aws.parameters.send(new PutParameterCommand(put));
    },
    publish: async () => {
      const known = {
        Name: "/sluice/app/dev/release",
        Type: "String",
        Value: formatKnown(knownOf(state)),
      } as const;
      await edge.aws.parameters.send(new PutParameterCommand(known));
    },
    lock: async (isHeld) => {
      await mkdir(dirname(inFolder(LOCK)), { recursive: true });
      if (isHeld) await writeFile(inFolder(LOCK), "{}");
      else await rm(inFolder(LOCK), { force: true });
    },
    updates: async () =>
      existsSync(inFolder(UPDATES))
        ? (await readFile(inFolder(UPDATES), "utf8"))
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line) as { subject: string; targets: number })
        : [],
    close: async () => {
      for (const [name, value] of before) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
      await Promise.all([edge.end(), project.close()]);
    },
  };
}
