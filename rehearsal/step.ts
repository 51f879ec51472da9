import { setTimeout as pause } from "node:timers/promises";
import { sleep } from "../cloud/clock";
import { settingsIn } from "../rollout/configuration";
import type { Call } from "./call";
import { callControl } from "./cloud/control";
import { type CallsDone, performCalls } from "./calls";
import { type Emergency, type Rescue, takeBack } from "./emergency";
import type { OpenStack, Outcome } from "./engine/workspace";
import type { Tell } from "./faults/strike";
import { refusalsIn } from "./refusal";
import { type Net, changesFromNow } from "./report/checkpoint";
import type { StepRecord } from "./report/record";
import type { Scene } from "./scene";
import { type ScriptStep, edited } from "./script";
import { askSessions } from "./sessions";
import { strayed, watchBonds } from "./traffic/bonds";
import { type Counts, observedShare, sum } from "./traffic/counts";
import { blocksOf } from "./traffic/independence";
import { REPORTED_RISK, binomialInterval } from "./traffic/interval";
import { MOST_UNDER_WAY } from "./traffic/throttle";
import type { Traffic } from "./traffic/traffic";
import { askRules } from "./traffic/weights";
import type { WorkingCopy } from "./workingCopy";

/** What a step works with. */
export interface Stage {
  readonly copy: WorkingCopy;
  readonly stack: OpenStack;
  /** Folders of policy packs: the transition's, which every update passes, and the platform's. */
  readonly policies: { readonly transition: string; readonly platform: string };
  /** The traffic; it starts with the first call. */
  readonly traffic: () => Promise<Traffic>;
  /** URL of the local cloud. */
  readonly endpoint: string;
  /** Where the command line is called. */
  readonly scene: () => Promise<Scene>;
  /** New sessions to wait for once the change has landed. */
  readonly leastAssigned: number;
  /** Requests to wait for, from the step's beginning on. */
  readonly leastRequests: number;
  /** Told of faults and decisions. */
  readonly tell: Tell;
  readonly signal: AbortSignal;
}

/** What is under way when counting begins is seen to end, and not counted. */
const MARGIN = MOST_UNDER_WAY;

/** A step that sees too few users in this time, in milliseconds, is judged by those that it saw. */
const LONGEST = 120_000;

/**
 * Edits configuration, updates, and counts what users saw meanwhile and after. An edit that should be refused is
 * previewed, as a pull request's is, and taken back whatever came of it.
 *
 * @throws Error where an update fails
 */
export async function performStep(step: ScriptStep, stage: Stage): Promise<StepRecord> {
  const { copy, signal } = stage;
  const during = step.first ? undefined : await stage.traffic();
  const requested = during ? requestsOf(during) : 0;
  const looked = watchBonds(() => askRules(stage.endpoint));
  try {
    if (step.waits !== undefined) await sleep(step.waits, { signal });
    for (const body of step.puts ?? [])
      await callControl(stage.endpoint, { method: "POST", path: "secret", body });
    await sayAlarms(step, stage);
    const began = performance.now();
    const before = await copy.read();
    await copy.write(edited(before, step));
    // Nothing moves while an edit is previewed, so that new sessions count from its beginning.
    const early = step.refusedBy && during && assignments(during, stage);
    const { outcome, ...more } = await operated(step, stage).finally(() =>
      step.refusedBy ? copy.write(before) : undefined,
    );
    signal.throwIfAborted();
    const seconds = (performance.now() - began) / 1000;
    const sessions = step.asks && (await askSessions(await stage.scene(), step.asks));

    const traffic = await stage.traffic();
    const landed = await (early ?? assignments(traffic, stage))();
    await until(() => requestsOf(traffic) >= requested + stage.leastRequests + MARGIN, signal);
    const { requests, failed, strays } = await traffic.lap();
    const { release } = settingsIn(await copy.read());
    const blocks = blocksOf(landed.sequences, release.traffic.green);
    const share = observedShare(landed);
    const trials = landed.assigned.blue + landed.assigned.green;
    const { low, high } = binomialInterval(trials, release.traffic.green, REPORTED_RISK);
    const away = strayed(strays, await looked());
    return {
      name: step.name,
      kind: step.kind,
      planned: step.planned,
      live: release.live,
      traffic: release.traffic,
      changes: outcome.changes,
      updated: outcome.updated,
      seconds,
      requests,
      failed,
      assigned: landed.assigned,
      ...(blocks && { blocks }),
      ...(away !== undefined && { strayed: away }),
      expectedShare: release.traffic.green,
      ...(share !== undefined && { observedShare: share, interval: [low, high] as const }),
      ...more,
      ...(sessions && { sessions }),
      ...(step.refusedBy && refusalOf(step.refusedBy, outcome)),
    };
  } finally {
    await looked();
  }
}

/** Lets alarms go off, or be quiet again. */
async function sayAlarms({ alarms = {} }: ScriptStep, { endpoint, tell }: Stage): Promise<void> {
  for (const [name, state] of Object.entries(alarms)) {
    await callControl(endpoint, { method: "POST", path: "alarms", body: { name, state } });
    if (state === "ALARM") tell({ kind: "fault", text: `alarm ${name} goes off` });
    else tell({ kind: "mended", text: `alarm ${name} is quiet` });
  }
}

/** What was done, and what it came to. */
interface Operated extends Partial<CallsDone>, Partial<Pick<Net, "resources">> {
  readonly outcome: Pick<Outcome, "result" | "changes" | "updated" | "diagnostics">;
  readonly rescue?: Rescue;
}

async function operated(step: ScriptStep, stage: Stage): Promise<Operated> {
  const { refusedBy, emergency, calls } = step;
  if (refusedBy) return { outcome: await preview(stage) };
  if (calls) return called(calls, step, stage);
  return emergency ? takenBack(emergency, stage) : { outcome: await update(step, stage) };
}

/** The engine is the command line's then, so that what it changed is what its states tell. */
async function called(calls: readonly Call[], step: ScriptStep, stage: Stage): Promise<Operated> {
  const changed = await changesFromNow(stage.copy);
  const done = await performCalls(calls, step, stage);
  const { resources, ...net } = await changed();
  return { outcome: { result: "succeeded", diagnostics: [], ...net }, resources, ...done };
}

/** Beside the update there are the command line's own. */
async function takenBack(emergency: Emergency, stage: Stage): Promise<Operated> {
  const { copy, stack, policies, signal } = stage;
  const changed = await changesFromNow(copy);
  const { outcome, rescue } = await takeBack(emergency, await stage.scene(), (locked) =>
    // One by one, as it is in a stack that has many rules.
    stack.up({ signal, policyPacks: [policies.transition], parallel: 1, onEvent: locked }),
  );
  const { resources, ...net } = await changed();
  return { outcome: { ...outcome, ...net }, resources, rescue };
}

/** As CI previews: with every pack. */
const preview = ({ stack, policies: { transition, platform }, signal }: Stage): Promise<Outcome> =>
  stack.preview({ signal, policyPacks: [transition, platform] });

async function update(step: ScriptStep, { stack, policies, signal }: Stage): Promise<Outcome> {
  const { transition, platform } = policies;
  // A pack takes seconds to start, and what the platform judges is what a deployment brings.
  const policyPacks = step.kind === "deploy" ? [transition, platform] : [transition];
  const outcome = await stack.up({ signal, policyPacks });
  signal.throwIfAborted();
  if (outcome.result === "failed") {
    throw new Error(`"${step.name}" failed:\n${outcome.diagnostics.join("\n")}`);
  }
  return outcome;
}

/** Counts requests from now on; the function that it returns waits until enough new sessions have been seen. */
function assignments(traffic: Traffic, { leastAssigned, signal }: Stage): () => Promise<Counts> {
  const seen = () => traffic.counts().assigned.blue + traffic.counts().assigned.green;
  const enough = seen() + leastAssigned + MARGIN;
  const end = traffic.measure("landed");
  return async () => {
    await until(() => seen() >= enough, signal);
    return end();
  };
}

const requestsOf = (traffic: Traffic): number => sum(traffic.counts().requests);

/** Waits for it, and no longer than {@link LONGEST}. */
async function until(isEnough: () => boolean, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + LONGEST;
  while (!isEnough() && performance.now() < deadline) await pause(100, undefined, { signal });
}

/** What refused the edit, by what the engine said; without a rule where nothing did. */
function refusalOf(
  expected: NonNullable<ScriptStep["refusedBy"]>,
  { result, diagnostics }: Pick<Outcome, "result" | "diagnostics">,
): Pick<StepRecord, "expected" | "refusals" | "rule" | "message"> {
  const refusals = refusalsIn(diagnostics);
  const first = refusals.find(({ rule }) => rule === expected[0]) ?? refusals[0];
  const message = first?.message ?? (result === "failed" ? diagnostics.join(" ") : undefined);
  return {
    expected,
    refusals,
    ...(first?.rule && { rule: first.rule }),
    ...(message !== undefined && { message }),
  };
}
