import type { Values } from "../providers/behaviour";
import { listOf, numberOf, objectOf } from "./objects";

/** How far an autoscaler may go in one direction. */
export interface Direction {
  /** It does what was asked for throughout this time, in seconds. */
  readonly windowSeconds: number;
  /** At most so many pods, or percent of the pods, within a period in seconds; the policy counts that permits most. */
  readonly policies: readonly Policy[];
}

interface Policy {
  readonly type: string;
  readonly value: number;
  readonly periodSeconds: number;
}

/** What an autoscaler is told. */
export interface Scaling {
  readonly min: number;
  readonly max: number;
  /** Processor use that pods are kept at, in percent of what they ask for. */
  readonly target: number;
  readonly up: Direction;
  readonly down: Direction;
}

/** Kubernetes' own, where nothing is said. */
const TARGET = 80;
const PERIOD = 15;
const UP: Direction = {
  windowSeconds: 0,
  policies: [
    { type: "Percent", value: 100, periodSeconds: PERIOD },
    { type: "Pods", value: 4, periodSeconds: PERIOD },
  ],
};
const DOWN: Direction = {
  windowSeconds: 300,
  policies: [{ type: "Percent", value: 100, periodSeconds: PERIOD }],
};

/** A use that differs from the target by less than this part of it changes nothing. */
const TOLERANCE = 0.1;

/** Reads the spec of a HorizontalPodAutoscaler that goes by processor use. */
export function scalingOf(spec: Values): Scaling {
  const metric = listOf(spec.metrics).map((one) => objectOf(objectOf(one).resource))[0] ?? {};
  const { scaleUp, scaleDown } = objectOf(spec.behavior);
  return {
    min: numberOf(spec.minReplicas, 1),
    max: numberOf(spec.maxReplicas, Infinity),
    target: numberOf(objectOf(metric.target).averageUtilization, TARGET),
    up: directionOf(objectOf(scaleUp), UP),
    down: directionOf(objectOf(scaleDown), DOWN),
  };
}

function directionOf(told: Values, otherwise: Direction): Direction {
  const policies = listOf(told.policies).map((one): Policy => {
    const { type, value, periodSeconds } = objectOf(one);
    return { type: String(type), value: numberOf(value, 0), periodSeconds: numberOf(periodSeconds, PERIOD) };
  });
  return {
    windowSeconds: numberOf(told.stabilizationWindowSeconds, otherwise.windowSeconds),
    policies: policies.length > 0 ? policies : otherwise.policies,
  };
}

/** What an autoscaler sees of its pods at one look. */
export interface Load {
  /** Processor use of each ready pod, in percent of what it asks for. */
  readonly used: readonly number[];
  /** Pods that are on their way. */
  readonly unready: number;
}

/** How many pods the load asks for, whatever the bounds; as many as there are where nothing can be said. */
export function wanted(target: number, current: number, { used, unready }: Load): number {
  if (used.length === 0) return current;
  const sum = used.reduce((total, one) => total + one, 0);
  const ratio = sum / used.length / target;
  if (Math.abs(ratio - 1) <= TOLERANCE) return current;
  if (ratio < 1 || unready === 0) return Math.ceil(ratio * used.length);
  // What is on its way will take its part of the load: no more is started before it does.
  const spread = sum / (used.length + unready) / target;
  return spread <= 1 + TOLERANCE ? current : Math.ceil(spread * (used.length + unready));
}

/** Something at a time in seconds. */
interface At {
  readonly at: number;
}

/** What an autoscaler remembers: how many pods were wanted at each look, and by how many it changed them. */
export interface Memory {
  readonly wanted: readonly (At & { readonly pods: number })[];
  readonly changed: readonly (At & { readonly by: number })[];
}

/** How many pods there should be from now on, by Kubernetes' rules. `memory` includes this look. */
export function replicas(scaling: Scaling, current: number, memory: Memory, now: number): number {
  const { min, max, up, down } = scaling;
  const within = ({ windowSeconds }: Direction) =>
    memory.wanted.filter(({ at }) => at >= now - windowSeconds);
  const low = Math.min(...within(up).map(({ pods }) => pods));
  const high = Math.max(...within(down).map(({ pods }) => pods));
  const stable = Math.min(Math.max(current, low), high);
  const limited =
    stable > current
      ? Math.min(stable, Math.max(current, limit(up, current, memory, now, 1)))
      : Math.max(stable, Math.min(current, limit(down, current, memory, now, -1)));
  return Math.max(min, Math.min(max, limited));
}

/** How far the policies let it go in a direction: 1 up, -1 down. */
function limit(
  { policies }: Direction,
  current: number,
  { changed }: Memory,
  now: number,
  sign: 1 | -1,
): number {
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const recent = changed.filter(({ at, by }) => at > now - periodSeconds && Math.sign(by) === sign);
    const start = current - recent.reduce((total, { by }) => total + by, 0);
    if (type === "Pods") return start + sign * value;
    const part = start * (1 + (sign * value) / 100);
    return sign > 0 ? Math.ceil(part) : Math.floor(part);
  });
  return sign > 0 ? Math.max(...limits) : Math.min(...limits);
}
