import { capacityFor, partOf } from "./capacity";
import { type Colour, otherColour } from "./release";
import { set } from "./schema/faults";

/** What a rise of a colour's share at one rule needs targets for. */
export interface Sizing {
  readonly colour: Colour;
  /** Share before and after, in percent. */
  readonly from: number;
  readonly to: number;
  /** Pods that the colour has when it serves everything. */
  readonly replicas: number;
  /** The least number of pods of either colour: below it an autoscaler does not go, whatever the load. */
  readonly floors: Readonly<Record<Colour, number>>;
}

/** The whole of a rise, which a guard is asked about in the moment before it happens. */
export interface Rise extends Sizing {
  readonly service: string;
  /** Of its pods, in the cluster. */
  readonly namespace: string;
  readonly version: string;
}

/** A version that nobody may give traffic to, as kept in the fence parameter. */
export interface Fence {
  readonly version: string;
  readonly reason: string;
  readonly by: string;
  /** ISO time. */
  readonly at: string;
}

/** What the world looked like when it was asked. */
export interface Observation {
  /** The colour's share at the load balancer itself, in percent. Absent: the rule is being created. */
  readonly share?: number;
  /** Targets of the colour's target group that pass their health check. */
  readonly healthy: number;
  /** All of its targets but those that leave. */
  readonly registered: number;
  /** The other colour's, where it has a share of the rule. */
  readonly other?: number;
  readonly fence?: Fence;
}

/** What is kept above the demand of the moment, in percent of it: demand moves while a rule does. */
const HEADROOM = 10;

/** Healthy targets that a share needs: its part of full size, and one at least. */
export const targetsNeeded = (share: number, replicas: number): number => partOf(replicas, share);

/**
 * Pods that all of the service's traffic takes at the moment, where that can be told.
 *
 * It can where a colour has more pods than its floor: its load has made them. Pods up to the floor are there
 * with or without load, and those of a colour without a share serve nobody. What the pods of both colours
 * carry is not above their sum; and what the other colour's carry is its share of the whole.
 *
 * @returns undefined where both colours are at their floors, so that full size is the only measure
 */
export function demandOf(rise: Sizing, { healthy, other = 0 }: Observation): number | undefined {
  const { colour, from, floors } = rise;
  const share = 100 - from;
  const [mine, theirs] = [from > 0 ? healthy : 0, share > 0 ? other : 0];
  const loaded = theirs > floors[otherColour(colour)];
  if (!loaded && mine <= floors[colour]) return undefined;
  const sum = mine + theirs;
  return loaded ? Math.min(sum, (100 * theirs) / share) : sum;
}

/** Healthy targets that a rise needs: for its part of full size, and for its part of the present demand. */
export function neededFor(rise: Sizing, observed: Observation): number {
  const demand = demandOf(rise, observed);
  const planned = targetsNeeded(rise.to, rise.replicas);
  if (demand === undefined) return planned;
  // Whole pods: what rounding of fractions leaves over must not ask for another one.
  const wanted = (rise.to * demand * (100 + HEADROOM)) / 10_000;
  return Math.max(planned, Math.ceil(Number(wanted.toFixed(6))));
}

/**
 * Whether the rise may become possible by itself: all that it lacks is targets, and the colour's floor asks for
 * as many as it needs, so that they are on their way.
 */
export const isWorthWaiting = (rise: Rise, observed: Observation): boolean =>
  lackOf(rise, observed) !== undefined &&
  standing(rise, observed).length === 0 &&
  neededFor(rise, observed) <= rise.floors[rise.colour];

/** Likewise, and too few are even registered: the pods are still to come, rather than there and failing. */
export const isOnItsWay = (rise: Rise, observed: Observation): boolean =>
  isWorthWaiting(rise, observed) && observed.registered < neededFor(rise, observed);

/** Why the rise may not happen now; empty where it may. */
export function judgeRise(rise: Rise, observed: Observation): string[] {
  const lack = lackOf(rise, observed);
  return [...(lack === undefined ? [] : [lack]), ...standing(rise, observed)];
}

function lackOf(rise: Rise, observed: Observation): string | undefined {
  const { service, namespace, colour, to, replicas, floors } = rise;
  const needed = neededFor(rise, observed);
  if (observed.healthy >= needed) return undefined;
  const planned = targetsNeeded(to, replicas);
  const why = needed > planned ? ` for the load of the moment and ${HEADROOM} % above it` : "";
  const way =
    needed > floors[colour]
      ? `Raise its capacity in an update of its own: ` +
        set(["release", "capacity", colour], capacityFor(needed, { replicas }))
      : `Wait until its pods are ready, or look at them: kubectl get pods -n ${namespace} -l app=${service},colour=${colour}`;
  return `${observed.healthy} healthy targets for ${service} ${colour}; ${to} % needs ${needed}${why}. ${way}`;
}

/**
 * What waiting does not mend. The load balancer's own share is compared with the recorded one because somebody
 * who moved it by hand has taken a decision that this update knows nothing of: from a share that was lowered, a
 * permitted step is a jump.
 */
function standing({ service, colour, version, from }: Rise, { share, fence }: Observation): string[] {
  const refusals = judgeFence(version, fence);
  if (share === undefined || share === from) return refusals;
  const moved = share > from ? "raised" : "lowered";
  return [
    `${service} ${colour} has ${share} % at the load balancer and ${from} % in state: somebody ${moved} it. ` +
      `Bring state and load balancer together first: pulumi refresh`,
    ...refusals,
  ];
}

/** Why a version may have no greater share at all: somebody has taken it back, and said so outside the engine. */
export function judgeFence(version: string, fence: Fence | undefined): string[] {
  if (fence?.version !== version) return [];
  const { by, at, reason } = fence;
  return [`version ${version} is fenced since ${at} by ${by}: ${reason}. Release another version.`];
}

/**
 * The fence that a parameter's value describes.
 *
 * @throws Error where the value is not a fence: what cannot be read must not count as absent
 */
export function parseFence(value: string): Fence {
  const fence = parsed(value) as Partial<Fence> | null;
  const texts = ["version", "reason", "by", "at"] as const;
  const missing = texts.filter((key) => typeof fence?.[key] !== "string");
  if (missing.length > 0) throw new Error(`the fence lacks ${missing.join(", ")}: found ${value}`);
  return fence as Fence;
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new Error(`the fence is no JSON: found ${value}`);
  }
}
