import type { Colour } from "./release";

/** A rise of a colour's share at one rule, which a guard is asked about in the moment before it happens. */
export interface Rise {
  readonly service: string;
  readonly colour: Colour;
  readonly version: string;
  /** Share before and after, in percent. */
  readonly from: number;
  readonly to: number;
  /** Pods that the colour has when it serves everything. */
  readonly replicas: number;
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
  readonly fence?: Fence;
}

/** Healthy targets that a share needs: its part of full size, and one at least. */
export const targetsNeeded = (share: number, replicas: number): number =>
  Math.max(1, Math.ceil((share * replicas) / 100));

/**
 * Why the rise may not happen now; empty where it may.
 *
 * The load balancer's own share is compared with the recorded one because somebody who moved it by hand has
 * taken a decision that this update knows nothing of: from a share that was lowered, a permitted step is a jump.
 */
export function judgeRise(rise: Rise, observed: Observation): string[] {
  const { service, colour, version, from, to, replicas } = rise;
  const needed = targetsNeeded(to, replicas);
  const refusals: string[] = [];
  if (observed.healthy < needed) {
    refusals.push(
      `${observed.healthy} healthy targets for ${service} ${colour}; ${to} % needs ${needed}. ` +
        `Wait until its pods are ready, or look at them: kubectl get pods -l app=${service},colour=${colour}`,
    );
  }
  if (observed.share !== undefined && observed.share !== from) {
    const moved = observed.share > from ? "raised" : "lowered";
    refusals.push(
      `${service} ${colour} has ${observed.share} % at the load balancer and ${from} % in state: somebody ${moved} it. ` +
        `Bring state and load balancer together first: pulumi refresh`,
    );
  }
  return [...refusals, ...judgeFence(version, observed.fence)];
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
