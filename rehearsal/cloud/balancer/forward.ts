import type { Target } from "../world";
import { type Forward, numberFrom } from "./resources";

/** Which target group a request goes to. */
export interface Choice {
  readonly groupArn: string;
  /** The stickiness cookie decided, not the weights. */
  readonly sticky: boolean;
  /** Seconds for which the answer's cookie binds the client to the group; absent: no cookie. */
  readonly bindSeconds?: number;
}

/**
 * Chooses a target group as the ALB does. A cookie that names a group of this action is honoured even
 * when the group's weight is 0: stickiness beats weight. Otherwise the weights share the requests out.
 *
 * @param remembered the group that the client's cookie names, if it has a valid one.
 * @param random a number from 0 up to but not including 1.
 * @returns nothing when every weight is 0: the ALB answers 503 then.
 */
export function chooseGroup(
  forward: Forward,
  remembered: string | undefined,
  random: number,
): Choice | undefined {
  const bindSeconds = forward.stickiness?.enabled ? forward.stickiness.duration : undefined;
  if (bindSeconds && forward.targetGroups.some((group) => group.arn === remembered)) {
    return { groupArn: remembered as string, sticky: true, bindSeconds };
  }
  const total = forward.targetGroups.reduce((sum, group) => sum + (group.weight ?? 1), 0);
  let left = random * total;
  for (const { arn, weight = 1 } of forward.targetGroups) {
    if (weight > 0 && left < weight) return { groupArn: arn, sticky: false, bindSeconds };
    left -= weight;
  }
  return undefined;
}

/**
 * What a target group asks of AWS that this load balancer does not do, and so refuses: it takes turns among targets
 * from the first healthy moment on, and binds clients to groups alone.
 *
 * @param properties of the target group
 */
export function unknownIn(properties: Record<string, unknown>): string | undefined {
  const { slowStart, loadBalancingAlgorithmType: algorithm = "round_robin", stickiness } = properties;
  if (numberFrom(slowStart, 0) > 0) return `slowStart of ${String(slowStart)} s`;
  if (algorithm !== "round_robin") return `loadBalancingAlgorithmType ${String(algorithm)}`;
  return (stickiness as { enabled?: unknown } | undefined)?.enabled === true ? "stickiness" : undefined;
}

/**
 * The targets among which requests go round. With no healthy one the ALB fails open: it sends to every
 * registered target, whatever its health. Draining targets are not registered any more.
 */
export function eligible(targets: readonly Target[]): readonly Target[] {
  const healthy = targets.filter((target) => target.state === "healthy");
  return healthy.length > 0 ? healthy : targets.filter((target) => target.state !== "draining");
}
