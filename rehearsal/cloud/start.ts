import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { CLOCK, paceText, type Pace } from "../../cloud/clock";
import { SEED } from "../chance";
import { ACCOUNT_VARIABLE } from "./account";
import type { Publishing } from "./balancer/measurements";
import { startChild } from "./child";
import { type ControlCall, NAME, callControl } from "./control";
import type { LocalPod } from "./cluster/local-pod";
import type { Selector } from "./cluster/pods";
import type { PodBehaviour } from "./cluster/workload";
import type { Fault } from "./faults";
import type { Rotated, Strategy } from "./secrets/rotation";
import type { Held } from "./world";

/** Where the local cloud answers, as its process prints it. */
export interface Address {
  /** Ports of the providers on loopback, by package. */
  readonly providers: Readonly<Record<string, number>>;
  /** The AWS endpoint's URL. */
  readonly endpoint: string;
}

/** A listener of the local load balancer. */
export interface LocalListener {
  readonly arn: string;
  readonly loadBalancerArn: string;
  /** The port that the program asked for, for example 443. */
  readonly port: number;
  /** Where it answers on loopback. */
  readonly url: string;
}

/** The local cloud, running in a process of its own. */
export interface Cloud {
  readonly address: Address;
  /** What a process needs in its environment to meet this cloud in place of AWS. */
  readonly env: Readonly<Record<string, string>>;
  listeners(): Promise<LocalListener[]>;
  /** Makes calls that match fail until cleared, or as often as the fault says. */
  fail(fault: Fault): Promise<void>;
  clearFaults(): Promise<void>;
  /** Everything that the cloud holds, of AWS's and of the cluster's. */
  held(): Promise<Held[]>;
  /** The pods that run now. */
  pods(): Promise<LocalPod[]>;
  /** Ends a pod at once, as a lost node does. */
  destroyPod(name: string): Promise<void>;
  /** Changes how the pods with these labels behave, those of now and those to come; no labels mean all. */
  behave(selector: Selector, behaviour: PodBehaviour): Promise<void>;
  clearBehaviours(): Promise<void>;
  /** Changes when CloudWatch's metrics are published, and of which time they are; what is not named stays. */
  publishMetrics(publishing: Publishing): Promise<void>;
  /** Rotates a database user's secret, by its name or ARN; without a strategy as its rotation says. */
  rotate(secret: string, strategy?: Strategy): Promise<Rotated>;
  /** Settles when the process has ended, for whatever reason, with how: "ended by SIGKILL". */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** The environment in which the engine, the program and the SDKs meet the cloud at this address. */
export const environmentOf = ({ providers, endpoint }: Address): Record<string, string> => ({
  PULUMI_DEBUG_PROVIDERS: Object.entries(providers)
    .map(([name, port]) => `${name}:${port}`)
    .join(","),
  // The engine would look for plugins that it is already attached to, and wait for each.
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  AWS_ENDPOINT_URL: endpoint,
  // The endpoint wants a signature by somebody. Whoever's profile is in use, this is not for it.
  AWS_ACCESS_KEY_ID: "rehearsal",
  AWS_SECRET_ACCESS_KEY: "rehearsal",
  AWS_SESSION_TOKEN: "",
  AWS_PROFILE: "",
  AWS_EC2_METADATA_DISABLED: "true",
});

/** How much later than by its sockets a process's end may be known by itself, in milliseconds. */
const LATER = 1_000;

/** How the local cloud runs. */
export interface CloudOptions {
  /** How time passes there and for all that meets it. Default: as it does anyway. */
  readonly pace?: Pace;
  /** Of what it leaves to chance. Default: another each time. */
  readonly seed?: number;
  /** The account that it is. Default: 123456789012. */
  readonly account?: string;
}

/**
 * Starts the local cloud. `signal` ends the start; what runs then is ended by `stop`.
 *
 * @throws Error with what the process printed, where it ends before it is ready
 */
export async function startCloud(
  signal?: AbortSignal,
  { pace, seed, account = "" }: CloudOptions = {},
): Promise<Cloud> {
  const clock = { [CLOCK]: (pace && paceText(pace)) ?? "" };
  const child = await startChild({
    ...{ name: NAME, script: join(__dirname, "main.ts"), signal },
    env: { ...clock, [SEED]: String(seed ?? ""), [ACCOUNT_VARIABLE]: account },
  });
  const address = JSON.parse(child.line) as Address;
  const call = (method: ControlCall["method"], path: string, body?: unknown) =>
    callControl(address.endpoint, { method, path, body }).catch(async (error: unknown) => {
      // What it refuses it has answered.
      if (!(error instanceof TypeError)) throw error;
      const how = await Promise.race([child.ended, pause(LATER)]);
      throw how === undefined ? error : new Error(`${NAME} ${how}`, { cause: error });
    });
  return {
    address,
    env: { ...environmentOf(address), ...clock },
    listeners: async () => (await call("GET", "listeners")) as LocalListener[],
    fail: async (fault) => {
      await call("POST", "faults", fault);
    },
    clearFaults: async () => {
      await call("DELETE", "faults");
    },
    held: async () => (await call("GET", "world")) as Held[],
    pods: async () => (await call("GET", "pods")) as LocalPod[],
    destroyPod: async (name) => {
      await call("DELETE", `pods?name=${encodeURIComponent(name)}`);
    },
    behave: async (selector, behaviour) => {
      await call("POST", "behaviour", { selector, behaviour });
    },
    clearBehaviours: async () => {
      await call("DELETE", "behaviour");
    },
    publishMetrics: async (publishing) => {
      await call("POST", "metrics", publishing);
    },
    rotate: async (secret, strategy) => (await call("POST", "rotate", { secret, strategy })) as Rotated,
    ended: child.ended,
    stop: child.stop,
  };
}
