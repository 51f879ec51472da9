import { setMaxListeners } from "node:events";
import { delimiter, join } from "node:path";
import { publicServices, routeOf } from "../model/services";
import type { Settings } from "../model/settings";
import { settingsIn } from "../rollout/configuration";
import { stackSubject } from "../rollout/subject";
import { environmentFile } from "./byHand";
import { type Cloud, startCloud } from "./cloud/start";
import { findEngine } from "./engine/find";
import { openStack } from "./engine/workspace";
import { isCtrlC } from "./lifetime";
import { ChangeLog, logged } from "./report/changes";
import { broken } from "./report/promises";
import { type Record1, type StepRecord, recordOf } from "./report/record";
import { startClock, startSampling } from "./report/samples";
import { openingLines, refusalLines, stepLines, summaryLines } from "./report/terminal";
import { DEFAULT, SCENARIOS } from "./scenarios";
import { scriptFor } from "./script";
import { performStep } from "./step";
import { type Traffic, startTraffic } from "./traffic/traffic";
import { askShares } from "./traffic/weights";
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
  /** Called with what was measured once the last step is over, before the cloud is left up. */
  readonly measured?: (record: Record1) => Promise<void>;
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
  let sampled: ReturnType<typeof startSampling> | undefined;
  let clock = startClock();
  const started = async (running: Cloud, settings: Settings) => {
    traffic ??= trafficTo(await listenerOf(running), settings);
    const configured = () => askShares(running.address.endpoint);
    sampled ??= startSampling({ traffic, configured, clock });
    return traffic;
  };
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
    clock = startClock();
    for (const planned of script) {
      const leastAssigned = planned.refusedBy ? LEAST_UNMOVED : LEAST_ASSIGNED;
      const changes = new ChangeLog();
      const began = clock.seconds();
      const measured = await performStep(planned, {
        copy,
        stack: logged(opened, changes),
        policies: { transition: join(project, "policies"), platform: join(project, "policies", "platform") },
        // Nothing answers before the first deployment has.
        traffic: () => started(running, settings),
        scene: () => ({
          ...{ dir: copy.dir, stack, signal, subject: stackSubject(copy.dir, stack) },
          env: { ...env, PATH: [engine.path, process.env["PATH"] ?? ""].join(delimiter) },
        }),
        leastAssigned,
        signal,
      });
      const faults = broken(measured, { shiftUpdates, leastAssigned });
      const record = { ...measured, began, resources: changes.changes(), broken: faults };
      steps.push(record);
      for (const line of stepLines(record, steps.length, script.length)) print(line);
      for (const fault of faults) print(`    NOT KEPT ${fault}`);
    }
    const seconds = clock.seconds();
    const course = { began: clock.began, samples: await sampled?.() };
    const record = recordOf(stack, name, engine, steps, seconds, course);
    for (const line of [...refusalLines(record), ...summaryLines(record)]) print(line);
    await traffic?.stop();
    await options.measured?.(record);
    if (options.keep) {
      // The load balancer's name leads nowhere here.
      const { url } = await listenerOf(running);
      await environmentFile(copy, engine, { ...env, SLUICE_BALANCER_URL: url });
      await keptUp(copy, signal, print);
    }
    return { record, broken: steps.some(({ broken: faults = [] }) => faults.length > 0) };
  } catch (error) {
    // What fails once an end was asked for fails because of that.
    signal.throwIfAborted();
    throw error;
  } finally {
    await sampled?.();
    await traffic?.stop();
    await cloud?.stop();
    await copy.release();
  }
}

/** The listener that has the rules: the HTTPS one, where there is one. */
async function listenerOf(cloud: Cloud): Promise<{ readonly url: string }> {
  const listeners = await cloud.listeners();
  const listener = listeners.toSorted((one, other) => other.port - one.port)[0];
  if (!listener) throw new Error("the load balancer has no listener");
  return listener;
}

/** Sessions of every public service. */
function trafficTo(listener: { readonly url: string }, settings: Settings): Traffic {
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
  print(`  cd .sluice/${copy.stack} && . ./env && sluice status -s ${copy.stack}`);
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  if (!isCtrlC(signal.reason)) signal.throwIfAborted();
}
