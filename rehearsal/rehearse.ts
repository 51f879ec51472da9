import { setMaxListeners } from "node:events";
import { join } from "node:path";
import { publicServices, routeOf } from "../model/services";
import type { Settings } from "../model/settings";
import { settingsIn } from "../rollout/configuration";
import { environmentFile } from "./byHand";
import { type Cloud, startCloud } from "./cloud/start";
import { findEngine } from "./engine/find";
import { openStack } from "./engine/workspace";
import { isCtrlC } from "./lifetime";
import { type Record1, type StepRecord, recordOf } from "./report/record";
import { broken } from "./report/promises";
import { openingLines, refusalLines, stepLines, summaryLines } from "./report/terminal";
import { DEFAULT, SCENARIOS } from "./scenarios";
import { scriptFor } from "./script";
import { performStep } from "./step";
import { type Traffic, startTraffic } from "./traffic/traffic";
import { shiftUrns } from "./urns";
import { type WorkingCopy, makeWorkingCopy } from "./workingCopy";

export interface RehearsalOptions {
  /** Folder of Pulumi.yaml. */
  readonly project: string;
  readonly stack: string;
  /** Name of what is rehearsed. Default: a release. */
  readonly scenario?: string;
  /** Leaves the cloud up after the last step, until `signal` aborts. */
  readonly keep: boolean;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

export interface RehearsalResult {
  readonly record: Record1;
  /** Whether a step fell short of what is promised. */
  readonly broken: boolean;
}

/** The name in Pulumi.yaml. */
const PROJECT = "sluice";

/** New sessions that a step waits for before it judges shares: at 10 % about 50 of them get the candidate. */
const LEAST_ASSIGNED = 500;

/** Where nothing moves, as many as come during a preview on a quiet machine are enough to see that nothing did. */
const LEAST_UNMOVED = 100;

/** Sessions at a time, and requests a second: enough to judge by, and little enough to leave the engine a core. */
const SESSIONS = 200;
const RATE = 700;

/**
 * Takes a stack through a scenario's steps on this machine, under traffic.
 *
 * @throws RangeError where there is no such scenario
 * @throws Error where a step's update fails that should not, or `signal` aborts; everything that was
 * started has ended by then
 */
export async function rehearse(options: RehearsalOptions): Promise<RehearsalResult> {
  const { project, stack, print, scenario: name = DEFAULT } = options;
  const scenario = SCENARIOS[name];
  if (!scenario)
    throw new RangeError(`there is no scenario ${name}; there are ${Object.keys(SCENARIOS).join(", ")}`);
  const copy = await makeWorkingCopy(project, stack, undefined, {
    signal: options.signal,
    waiting: (what) => print(`waiting for ${what}`),
  });
  // Without the cloud, every further step would only time out.
  const cloudEnded = new AbortController();
  const signal = AbortSignal.any([options.signal, cloudEnded.signal]);
  // The Automation API leaves a listener behind with every operation.
  setMaxListeners(0, signal);
  let cloud: Cloud | undefined;
  let traffic: Traffic | undefined;
  const started = async (running: Cloud, settings: Settings) =>
    (traffic ??= await trafficTo(running, settings));
  try {
    const settings = settingsIn(await copy.read());
    const engine = await findEngine({ signal });
    print(`Pulumi ${engine.version} (${engine.source}); a copy of the configuration is in .sluice/${stack}`);
    const running = (cloud = await startCloud(signal));
    void running.ended.then((how) => cloudEnded.abort(new Error(`the local cloud ${how}`)));
    const env = { ...copy.env, ...running.env };
    const opened = await openStack({ engine, dir: copy.dir, stack, env });
    await environmentFile(copy, engine, env);

    const script = scriptFor(scenario, settings, new Date().toISOString());
    for (const line of openingLines(scenario)) print(line);
    const shiftUpdates = shiftUrns(stack, PROJECT, publicServices(settings.services));
    const steps: StepRecord[] = [];
    let fellShort = false;
    const began = performance.now();
    for (const planned of script) {
      const leastAssigned = planned.refusedBy ? LEAST_UNMOVED : LEAST_ASSIGNED;
      const record = await performStep(planned, {
        copy,
        stack: opened,
        policies: { transition: join(project, "policies"), platform: join(project, "policies", "platform") },
        // Nothing answers before the first deployment has.
        traffic: () => started(running, settings),
        leastAssigned,
        signal,
      });
      steps.push(record);
      for (const line of stepLines(record, steps.length, script.length)) print(line);
      for (const fault of broken(record, { shiftUpdates, leastAssigned })) {
        fellShort = true;
        print(`    NOT KEPT ${fault}`);
      }
    }
    const record = recordOf(stack, name, engine, steps, (performance.now() - began) / 1000);
    for (const line of [...refusalLines(record), ...summaryLines(record)]) print(line);
    await traffic?.stop();
    if (options.keep) await keptUp(copy, signal, print);
    return { record, broken: fellShort };
  } catch (error) {
    // What fails once an end was asked for fails because of that.
    signal.throwIfAborted();
    throw error;
  } finally {
    await traffic?.stop();
    await cloud?.stop();
    await copy.release();
  }
}

/** Sessions of every public service, through the listener that has the rules: the HTTPS one, where there is one. */
async function trafficTo(cloud: Cloud, settings: Settings): Promise<Traffic> {
  const listeners = await cloud.listeners();
  const listener = listeners.toSorted((one, other) => other.port - one.port)[0];
  if (!listener) throw new Error("the load balancer has no listener");
  const targets = Object.entries(settings.services).flatMap(([service, { public: address }]) => {
    const route = address && routeOf(address, settings.domain);
    if (!route) return [];
    return "host" in route
      ? [{ service, url: `${listener.url}/`, headers: { host: route.host } }]
      : [{ service, url: `${listener.url}${route.path}` }];
  });
  return startTraffic({ targets, sessions: SESSIONS, ratePerSecond: RATE });
}

async function keptUp(copy: WorkingCopy, signal: AbortSignal, print: (line: string) => void): Promise<void> {
  print("\nThe local cloud stays up until Ctrl-C. To use it from another shell:");
  print(`  cd .sluice/${copy.stack} && . ./env && pulumi preview -s ${copy.stack}`);
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  if (!isCtrlC(signal.reason)) signal.throwIfAborted();
}
