import { setTimeout as pause } from "node:timers/promises";
import { editRelease, settingsIn } from "../rollout/configuration";
import type { OpenStack, Outcome } from "./engine/workspace";
import type { StepRecord } from "./report/record";
import type { ScriptStep } from "./script";
import { type Counts, observedShare } from "./traffic/counts";
import { REPORTED_RISK, binomialInterval } from "./traffic/interval";
import type { Traffic } from "./traffic/traffic";
import type { WorkingCopy } from "./workingCopy";

/** What a step works with. */
export interface Stage {
  readonly copy: WorkingCopy;
  readonly stack: OpenStack;
  /** Folders of policy packs: the transition's, which every update passes, and the platform's. */
  readonly policies: { readonly transition: string; readonly platform: string };
  /** The traffic; it starts with the first call. */
  readonly traffic: () => Promise<Traffic>;
  /** New sessions to wait for once the change has landed. */
  readonly leastAssigned: number;
  readonly signal: AbortSignal;
}

/** More new sessions than can be in flight at once. */
const MARGIN = 50;

/** A step that sees too few new sessions in this time, in milliseconds, is judged by those that it saw. */
const LONGEST = 30_000;

/**
 * Edits configuration, updates, and counts what users saw meanwhile and after.
 *
 * @throws Error where an update fails that should not, or succeeds that should be refused
 */
export async function performStep(step: ScriptStep, stage: Stage): Promise<StepRecord> {
  const { copy, signal } = stage;
  const began = performance.now();
  const before = await copy.read();
  await copy.write(editRelease(before, step.edit));
  const during = step.first ? undefined : await stage.traffic();
  const whole = during?.measure("step");
  // A pack takes seconds to start, and what the platform judges is what a deployment brings.
  const { transition, platform } = stage.policies;
  const policyPacks = step.kind === "deploy" ? [transition, platform] : [transition];
  const outcome = await stage.stack.up({ signal, policyPacks });
  signal.throwIfAborted();
  const refusal = refusalOf(step, outcome);
  if (refusal !== undefined) await copy.write(before);
  const seconds = (performance.now() - began) / 1000;

  const landed = await assignments(await stage.traffic(), stage);
  const { requests, failed } = (await whole?.()) ?? landed;
  const { release } = settingsIn(await copy.read());
  const share = observedShare(landed);
  const trials = landed.assigned.blue + landed.assigned.green;
  const { low, high } = binomialInterval(trials, release.traffic.green, REPORTED_RISK);
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
    expectedShare: release.traffic.green,
    ...(share !== undefined && { observedShare: share, interval: [low, high] as const }),
    ...(refusal !== undefined && { rule: step.refusedBy, message: refusal }),
  };
}

/** Counts requests from now on, until enough new sessions have been seen. */
async function assignments(traffic: Traffic, { leastAssigned, signal }: Stage): Promise<Counts> {
  const seen = () => traffic.counts().assigned.blue + traffic.counts().assigned.green;
  // Sessions that are new now may have been assigned a moment ago: they are over what is waited for.
  const enough = seen() + leastAssigned + MARGIN;
  const end = traffic.measure("landed");
  const deadline = performance.now() + LONGEST;
  while (seen() < enough && performance.now() < deadline) await pause(100, undefined, { signal });
  return end();
}

/** What refused the step; undefined where it went through, as it should. */
function refusalOf(step: ScriptStep, outcome: Outcome): string | undefined {
  const said = outcome.diagnostics.join("\n");
  if (step.refusedBy === undefined) {
    if (outcome.result === "failed") throw new Error(`"${step.name}" failed:\n${said}`);
    return undefined;
  }
  const line = said.split("\n").find((text) => new RegExp(`\\b${step.refusedBy}\\b`).test(text));
  if (outcome.result === "succeeded")
    throw new Error(`"${step.name}" went through; ${step.refusedBy} should refuse it`);
  if (line === undefined) throw new Error(`"${step.name}" failed, but not by ${step.refusedBy}:\n${said}`);
  return line.trim();
}
