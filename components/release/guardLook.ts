import type { ResourceHookArgs } from "@pulumi/pulumi";
import { nowIso } from "../../cloud/clock";
import { LoadBalancing } from "../../cloud/loadBalancing";
import { Parameters } from "../../cloud/parameters";
import { TargetMetrics } from "../../cloud/targetMetrics";
import { observationOf } from "../../model/analysis/minutes";
import { withoutOwn } from "../../model/analysis/own";
import {
  type Fence,
  type Observation,
  type Rise,
  type RuleSeen,
  asksMetrics,
  parseFence,
} from "../../model/guard";
import { type Measured, measuredSince } from "../../model/guardMetrics";
import type { Sight, Unseen } from "../../model/guardObjection";
import type { Serving } from "../../model/guardTargets";
import { type Colour, otherColour } from "../../model/release";
import { logAnew, ownOf } from "../../model/validationLog";
import type { GuardArgs, Guarded } from "./guardArgs";
import { sharesLive, strangersIn, targetGroupArn } from "./weights";

/**
 * What a guard sees in the moment before an untrusted share rises.
 *
 * What cannot be seen is told beside what can: a fence is one also where nobody may look at the metrics.
 */
export async function look(
  args: GuardArgs,
  guarded: Guarded,
  rise: Rise,
  hook: ResourceHookArgs,
): Promise<Observation> {
  const unseen: Unseen[] = [];
  const seeing = <Seen>(what: Sight, seen: Promise<Seen>): Promise<Seen | undefined> =>
    seen.catch((error: unknown) => {
      unseen.push({ what, why: reasonOf(error) });
      return undefined;
    });
  const [targets, rule, metrics, fence] = await Promise.all([
    seeing("healthy targets", targetsOf(args, guarded, rise, hook)),
    seeing("the rule", ruleOf(args, guarded, hook)),
    seeing("metrics", metricsOf(args, guarded, rise, hook)),
    seeing("the fence", readFence(args)),
  ]);
  return {
    ...(targets && { targets }),
    ...(rule && { rule }),
    ...(metrics && { metrics }),
    ...(fence && { fence }),
    unseen,
  };
}

/** The fence, where there is one. */
export async function readFence({ region, fence }: GuardArgs): Promise<Fence | undefined> {
  const value = await new Parameters(region).get(fence);
  return value === undefined ? undefined : parseFence(value);
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

async function targetsOf(
  { region }: GuardArgs,
  guarded: Guarded,
  { colour, from }: Rise,
  hook: ResourceHookArgs,
): Promise<Serving> {
  const loadBalancing = new LoadBalancing(region);
  // A rule that is being created has no load yet.
  const hasLoad = (hook.oldInputs ?? guarded.recorded) && from < 100;
  const [mine, other] = await Promise.all([
    loadBalancing.health(groupOf(colour, guarded, hook)),
    hasLoad ? loadBalancing.health(groupOf(otherColour(colour), guarded, hook)) : undefined,
  ]);
  return { ...mine, ...(other && { other: other.healthy }) };
}

/** A rule that is being created, be it in another's place, has no weights that somebody could have moved. */
async function ruleOf(
  { region }: GuardArgs,
  { targetGroups }: Guarded,
  { id, oldInputs }: ResourceHookArgs,
): Promise<RuleSeen | "gone" | undefined> {
  if (!oldInputs) return undefined;
  if (id === "") throw new Error("the engine does not say which rule it is");
  try {
    const weights = await new LoadBalancing(region).weights(id);
    return { shares: sharesLive(weights, targetGroups), strangers: strangersIn(weights, oldInputs) };
  } catch (error) {
    if (error instanceof Error && error.name === "RuleNotFoundException") return "gone";
    throw error;
  }
}

/**
 * What users' requests met since the release's last change: validation's own would make up for those that are missing.
 *
 * @throws the SDK's error also where it cannot be seen what validation sent
 */
async function metricsOf(
  { region, validations, since: changed, now = () => nowIso() }: GuardArgs,
  guarded: Guarded,
  rise: Rise,
  hook: ResourceHookArgs,
): Promise<Measured | undefined> {
  const { service, colour, from } = rise;
  if (!asksMetrics(rise)) return undefined;
  if (changed === undefined) throw new Error("the state does not say when the release last changed");
  const to = now();
  const since = measuredSince(changed, to);
  const mine = groupOf(colour, guarded, hook);
  const other = from < 100 ? groupOf(otherColour(colour), guarded, hook) : undefined;
  const [log, minutes] = await Promise.all([
    new Parameters(region).get(validations).then(logAnew),
    new TargetMetrics(region).minutes([mine, ...(other ? [other] : [])], { from: since, to }),
  ]);
  const observed = (colour: Colour, arn: string) =>
    observationOf(service, colour, since, withoutOwn(minutes[arn] ?? [], ownOf(log, colour, service)));
  return {
    candidate: observed(colour, mine),
    ...(other !== undefined && { live: observed(otherColour(colour), other) }),
    since,
    now: to,
  };
}

/** @throws Error where it is not known yet, as in the preview of a new service */
function groupOf(
  colour: Colour,
  { service, targetGroups }: Guarded,
  { newInputs }: ResourceHookArgs,
): string {
  const arn = targetGroupArn(newInputs, colour, targetGroups);
  if (arn === undefined) throw new Error(`${service} ${colour} has no target group yet`);
  return arn;
}
