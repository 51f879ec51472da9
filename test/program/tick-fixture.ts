import { ElasticLoadBalancingV2Client, ModifyRuleCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { WeightedRules } from "../../cloud/weightedRules";
import { COLOURS, greenAt } from "../../model/release";
import { KILLED_TICK } from "../../rehearsal/faults/killedTick";
import { type Traffic, startTraffic } from "../../rehearsal/traffic/traffic";
import { settingsIn } from "../../rollout/configuration";
import { type Closing, type LocalStack, PROJECT, atCloud, localStack } from "./fixture";
import type { Running } from "./rollback-fixture";

const SLUICE = join(PROJECT, "bin", "sluice.js");
const KILLED = `-r ${join(PROJECT, "register.cjs")} ${KILLED_TICK} dev`;
const REGION = "us-east-1";

/** What a call came to. */
export interface Ended {
  readonly code: number | null;
  readonly printed: string;
}

/** The stack dev on the real engine, and who may be called in its working copy. */
export interface Dev {
  readonly local: LocalStack;
  /** Runs a line of shell in the working copy, as the leader of a group. */
  shell(line: string): Promise<Running>;
  /** Calls sluice with the stack named; the process leads a group of its own, as in a terminal. */
  start(...args: string[]): Promise<Running>;
  sluice(...args: string[]): Promise<Ended>;
  /** A tick that is killed outright right after so many effects. */
  killed(effects: number): Promise<Ended>;
  /** Green's share at each rule, in percent. */
  greens(): Promise<number[]>;
  /** Gives green a share at one rule, by hand. */
  byHand(index: number, green: number): Promise<void>;
  /** Whether an update holds the stack, by its backend's own word. */
  isLocked(): Promise<boolean>;
  /** Green's share by configuration, in percent. */
  configured(): Promise<number>;
  /** Real requests, few enough for a machine that does other things too. */
  traffic(): Promise<Traffic>;
}

/** Starts dev with 2.3.1 live, and points this process's AWS clients at its cloud. @param opened to be closed */
export async function startDev(opened: Closing[]): Promise<Dev> {
  const local = await localStack();
  opened.push(local);
  atCloud(local.cloud, opened);
  const url = async () => (await local.cloud.listeners())[0]!.url;
  const shell = async (line: string): Promise<Running> => {
    await local.byHand("true");
    const env = { ...process.env, SLUICE_BALANCER_URL: await url() };
    const child = spawn("sh", ["-c", `. ./env && exec ${line}`], {
      ...{ cwd: local.copy.dir, env, detached: true },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (text: Buffer) => said.push(String(text)));
    const ended = new Promise<number | null>((resolve, reject) =>
      child.once("error", reject).once("close", resolve),
    );
    return { child, printed: () => said.join(""), ended };
  };
  const node = (line: string) => shell(`${process.execPath} ${line}`);
  const end = async (running: Running): Promise<Ended> => ({
    code: await running.ended,
    printed: running.printed(),
  });
  const start = (...args: string[]) =>
    node([SLUICE, ...args, "-s", "dev"].map((arg) => `'${arg}'`).join(" "));
  const rules = () => new WeightedRules(REGION).of("voiceassist", "dev");
  return {
    local,
    shell,
    start,
    sluice: async (...args) => end(await start(...args)),
    killed: async (effects) => end(await node(`${KILLED} ${effects}`)),
    greens: async () => (await rules()).map(({ shares }) => shares.green),
    byHand: async (index, green) => {
      const { arn, targetGroups } = (await rules())[index]!;
      const weights = greenAt(green);
      const TargetGroups = COLOURS.map((colour) => ({
        TargetGroupArn: targetGroups[colour],
        Weight: weights[colour],
      }));
      const client = new ElasticLoadBalancingV2Client({});
      await client.send(
        new ModifyRuleCommand({
          RuleArn: arn,
          Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }],
        }),
      );
      client.destroy();
    },
    isLocked: async () =>
      (await readdir(local.copy.dir, { recursive: true })).some((path) => /locks.*\.json$/.test(path)),
    configured: async () => settingsIn(await local.copy.read()).release.traffic.green,
    traffic: async () =>
      startTraffic({
        targets: [{ service: "api-gateway", url: `${await url()}/api` }],
        ...{ sessions: 5, ratePerSecond: 40, requestsPerSession: 1 },
      }),
  };
}
