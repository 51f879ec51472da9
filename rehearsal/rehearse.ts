import { randomInt } from "node:crypto";
import { setMaxListeners } from "node:events";
import { delimiter, join } from "node:path";
import { nowIso, paceFromNow, usePace } from "../cloud/clock";
import { publicServices } from "../model/services";
import type { Settings } from "../model/settings";
import { settingsIn } from "../rollout/configuration";
import { stackSubject } from "../rollout/subject";
import { environmentFile } from "./byHand";
import { SEEDS } from "./chance";
import { type Cloud, startCloud } from "./cloud/start";
import { findEngine } from "./engine/find";
import { openStack } from "./engine/workspace";
import { isCtrlC } from "./lifetime";
import { type Beside, prometheusBeside } from "./prometheus/beside";
import { watchMemory } from "./memory";
import { watchStandstill } from "./standstill";
import { ChangeLog, logged } from "./report/changes";
import type { Tell } from "./faults/strike";
import { heedUsers } from "./faults/users";
import type { Output } from "./report/live/screen";
import { startView } from "./report/live/view";
import { broken } from "./report/promises";
import { type Failure, type Record1, type RunEvent, type StepRecord, recordOf } from "./report/record";
import { startClock, startSampling, timeOf } from "./report/samples";
import { openingLines, refusalLines, stepLines, summaryLines } from "./report/terminal";
import { DEFAULT, SCENARIOS } from "./scenarios";
import { type ScriptStep, isUnmoved, scriptFor } from "./script";
import { performStep } from "./step";
import { sum } from "./traffic/counts";
import { balancerUrl, targetsAt } from "./traffic/targets";
import type { Rates } from "./traffic/throttle";
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
  /** Leaves the cloud up after the last step, or after one that could not be taken, until `signal` aborts. */
  readonly keep: boolean;
  /** Whether a real Prometheus watches the local cluster. Default: false. */
  readonly prometheus?: boolean;
  /** How much faster than the machine's own time a release's passes. Default: as the scenario says. */
  readonly speed?: number;
  /** Of all that is left to chance. Default: another each time. */
  readonly seed?: number;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
  /** Where the view is drawn, where that is a terminal. Default: nowhere. */
  readonly output?: Output;
  /**
   * Called with what was measured once the last step is over, before the cloud is left up; also where a step could not
   * be taken, unless the signal aborted.
   */
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

/** Sessions at a time. */
const SESSIONS = 1_000;

/** Requests of a session on average: a visit to a few pages, so that about 200 new users come in a second. */
const VISIT = 6;

/**
 * Requests a second: the least is enough to judge by. Above the most the autoscalers would make live larger, and a guard
 * would ask a flip for as many pods; where a script asks for many requests, and flips nothing, there are more.
 */
const RATES = { least: 100, most: 1_150 };
const MANY = { ...RATES, most: 2_000 };

/**
 * Takes a stack through a scenario's steps on this machine, under traffic.
 *
 * @throws RangeError where there is no such scenario
 * @throws Error where a step's update fails that should not, or `signal` aborts; everything that was
 * started has ended by then
 */
export async function rehearse(options: RehearsalOptions): Promise<RehearsalResult> {
  const { project, stack, scenario: name = DEFAULT } = options;
  const scenario = SCENARIOS[name];
  if (!scenario)
    throw new RangeError(`there is no scenario ${name}; there are ${Object.keys(SCENARIOS).join(", ")}`);
  let clock = startClock();
  let cloud: Cloud | undefined;
  const view = startView({
    ...{ stack, scenario: name, print: options.print, clock: () => clock },
    output: options.output ?? { write: () => true },
    pods: () => cloud?.pods() ?? Promise.resolve([]),
  });
  const { print } = view;
  const copy = await makeWorkingCopy(project, stack, undefined, {
    signal: options.signal,
    waiting: (what) => print(`waiting for ${what}`),
  });
  // Without the cloud, every further step would only time out.
  const cloudEnded = new AbortController();
  const signal = AbortSignal.any([options.signal, cloudEnded.signal]);
  // The Automation API leaves a listener behind with every operation.
  setMaxListeners(0, signal);
  const pace = paceFromNow(options.speed ?? scenario.speed ?? 1);
  const seed = options.seed ?? randomInt(SEEDS);
  usePace(pace);
  const mostMemory = watchMemory();
  const events: RunEvent[] = [];
  const tell: Tell = ({ at = performance.now(), ...happening }) => {
    const seconds = clock.seconds() - (performance.now() - at) / 1_000;
    const event = { ...happening, seconds, at: timeOf(clock, seconds) };
    events.push(event);
    view.happened(event);
  };
  const watched = watchStandstill((seconds) => {
    const text = `the machine stood still for ${seconds.toFixed(1)} s: what users met then says little`;
    print(text);
    tell({ kind: "standstill", text });
  });
  let prometheus: Beside | undefined;
  let traffic: Traffic | undefined;
  let sampled: ReturnType<typeof startSampling> | undefined;
  const started = async (running: Cloud, settings: Settings, rates: Rates) => {
    const { endpoint } = running.address;
    if (!traffic) {
      traffic = trafficTo(await balancerUrl(running), settings, rates, seed);
      void heedUsers(endpoint, traffic, signal);
    }
    const configured = () => askShares(endpoint);
    sampled ??= startSampling({ traffic, configured, clock, seen: view.sample });
    return traffic;
  };
  try {
    const settings = settingsIn(await copy.read());
    const engine = await findEngine({ signal });
    print(`Pulumi ${engine.version} (${engine.source}); a copy of the configuration is in .sluice/${stack}`);
    const running = (cloud = await startCloud(signal, { pace, seed }));
    void running.ended.then((how) => cloudEnded.abort(new Error(`the local cloud ${how}`)));
    const { endpoint } = running.address;
    const { prometheus: isNeeded = false } = scenario;
    if (isNeeded || options.prometheus) {
      const dir = join(copy.dir, "prometheus");
      prometheus = await prometheusBeside({ endpoint, dir, signal, isNeeded }, print);
    }
    const env = { ...copy.env, ...running.env, ...prometheus?.env };
    const opened = await openStack({ engine, dir: copy.dir, stack, env });
    await environmentFile(copy, engine, env);

    const script = scriptFor(scenario, settings, nowIso());
    const rates = script.some(({ leastRequests = 0 }) => leastRequests > 0) ? MANY : RATES;
    for (const line of openingLines(scenario)) print(line);
    if (pace.speed > 1) print(`A release's time passes ${pace.speed} times faster here than users'.`);
    const shiftUpdates = shiftUrns(stack, PROJECT, publicServices(settings.services));
    const steps: StepRecord[] = [];
    clock = startClock();
    // There were no users before.
    events.length = 0;
    const concluded = async (failure?: Failure) => {
      view.stop();
      const samples = await sampled?.();
      const measures = { began: clock.began, speed: pace.speed, seed, memory: mostMemory(), samples, events };
      const course = { ...measures, ...(failure && { failure }) };
      const record = recordOf(stack, name, engine, steps, clock.seconds(), course);
      for (const line of [...refusalLines(record), ...summaryLines(record)]) print(line);
      // Whoever breaks something by hand wants to see what users meet.
      if (!options.keep) await traffic?.stop();
      await options.measured?.(record);
      return record;
    };
    const take = async (planned: ScriptStep) => {
      view.await({ step: steps.length + 1, of: script.length, what: `${planned.kind} ${planned.name}` });
      const leastAssigned = isUnmoved(planned) ? LEAST_UNMOVED : LEAST_ASSIGNED;
      const earlier = steps.reduce((total, { requests }) => total + sum(requests), 0);
      const leastRequests = Math.max(0, (planned.leastRequests ?? 0) - earlier);
      const changes = new ChangeLog();
      const began = clock.seconds();
      const measured = await performStep(planned, {
        copy,
        stack: logged(opened, changes),
        policies: { transition: join(project, "policies"), platform: join(project, "policies", "platform") },
        // Nothing answers before the first deployment has.
        traffic: () => started(running, settings, rates),
        scene: async () => ({
          ...{ dir: copy.dir, stack, signal, subject: stackSubject(copy.dir, stack) },
          env: {
            ...env,
            PATH: [engine.path, process.env["PATH"] ?? ""].join(delimiter),
            // The load balancer's name leads nowhere here.
            SLUICE_BALANCER_URL: await balancerUrl(running),
          },
        }),
        ...{ endpoint: running.address.endpoint, leastAssigned, leastRequests, tell },
        signal,
      });
      const faults = broken(measured, { shiftUpdates, leastAssigned, leastRequests });
      const record = { resources: changes.changes(), ...measured, began, broken: faults };
      steps.push(record);
      for (const line of stepLines(record, steps.length, script.length)) print(line);
    };
    const keep = async () => {
      // There is none where the first deployment failed.
      const url = await balancerUrl(running).catch(() => undefined);
      await environmentFile(copy, engine, { ...env, ...(url !== undefined && { SLUICE_BALANCER_URL: url }) });
      await keptUp(copy, signal, print);
    };
    for (const planned of script) {
      await take(planned).catch(async (error: unknown) => {
        if (options.signal.aborted) throw error;
        const { message } = (signal.aborted ? signal.reason : error) as Error;
        const { name: step } = planned;
        await concluded({ step: steps.length + 1, name: step, message, seconds: clock.seconds() });
        if (options.keep && !signal.aborted) {
          print(`\nstep ${steps.length + 1}, ${step}, could not be taken: ${message}`);
          await keep();
        }
        throw error;
      });
    }
    const record = await concluded();
    if (options.keep) await keep();
    return { record, broken: steps.some(({ broken: faults = [] }) => faults.length > 0) };
  } catch (error) {
    // What fails once an end was asked for fails because of that.
    signal.throwIfAborted();
    throw error;
  } finally {
    watched();
    view.stop();
    await sampled?.();
    await traffic?.stop();
    await prometheus?.stop?.();
    await cloud?.stop();
    await copy.release();
    usePace(undefined);
    mostMemory();
  }
}

/** Sessions of every public service. */
function trafficTo(url: string, settings: Settings, rates: Rates, seed: number): Traffic {
  const targets = targetsAt(url, settings);
  return startTraffic({ targets, sessions: SESSIONS, requestsPerSession: VISIT, rates, seed });
}

async function keptUp(copy: WorkingCopy, signal: AbortSignal, print: (line: string) => void): Promise<void> {
  print("\nThe local cloud stays up until Ctrl-C. To use it from another shell:");
  print(`  cd .sluice/${copy.stack} && . ./env && sluice status -s ${copy.stack}`);
  print("To break something there: fault error-rate 25; fault lists what there is, fault mend ends it.");
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  if (!isCtrlC(signal.reason)) signal.throwIfAborted();
}
