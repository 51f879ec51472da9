import { CloudError } from "../../../faults";
import type { World } from "../../../world";
import { isObject, type Value } from "../../behaviour";
import { LISTENER, LISTENER_RULE, TARGET_GROUP } from "../../../balancer/resources";
import { mustExist, objects, textOf } from "../recipe";

/** The hosted zones of the load balancers' own names; those that Route 53's alias records point to. */
export const HOSTED_ZONES: Readonly<Record<string, string>> = {
  "us-east-1": "Z35SXDOTRQ7X7K",
  "us-east-2": "Z3AADJGX6KTTL2",
  "us-west-1": "Z368ELLRRE2KJ0",
  "us-west-2": "Z1H1FL5HABSF5",
  "eu-west-1": "Z32O12XQLNTSW2",
  "eu-west-2": "ZHURV8PSTC4K8",
  "eu-central-1": "Z215JYRZR1TBD5",
  "ap-northeast-1": "Z14GRHDCWA56QT",
  "ap-southeast-1": "Z1LMS91P8CMLE5",
  "ap-southeast-2": "Z1GM3OXH4ZPM65",
};

/** The target groups that actions forward to. */
export function forwardsTo(actions: Value | undefined): string[] {
  return objects(actions).flatMap((action) => {
    const forward = isObject(action.forward) ? objects(action.forward.targetGroups) : [];
    return [textOf(action.targetGroupArn), ...forward.map((group) => textOf(group.arn))].filter(Boolean);
  });
}

/** Refuses to forward to what is not there. */
export function targetGroupsMustExist(world: World, actions: Value | undefined): void {
  for (const arn of forwardsTo(actions)) {
    mustExist(world.get(TARGET_GROUP, arn), "TargetGroupNotFound", "One or more target groups not found");
  }
}

/** The listener or rule that forwards to a target group. */
export const userOf = (world: World, arn: string): string | undefined =>
  [
    ...world.all(LISTENER).map(({ id, properties }) => ({ id, actions: properties.defaultActions })),
    ...world.all(LISTENER_RULE).map(({ id, properties }) => ({ id, actions: properties.actions })),
  ].find(({ actions }) => forwardsTo(actions as Value).includes(arn))?.id;

/** AWS's quotas of a load balancer: rules beside the default ones (can be raised), target groups (can not). */
const QUOTA = { rules: 100, targetGroups: 100 };

/** Refuses a rule that is one too many, or whose target groups are. */
export function refuseOverQuota(
  world: World,
  listener: string,
  self: string | undefined,
  actions: Value | undefined,
): void {
  const owner = world.get(LISTENER, listener)?.properties.loadBalancerArn;
  const listeners = world.all(LISTENER).filter(({ properties }) => properties.loadBalancerArn === owner);
  const ids = new Set(listeners.map(({ id }) => id));
  const others = world
    .all(LISTENER_RULE)
    .filter(({ id, properties }) => id !== self && ids.has(textOf(properties.listenerArn as Value)));
  if (others.length >= QUOTA.rules) {
    throw new CloudError(
      "TooManyRules",
      `The maximum number of rules on the load balancer '${String(owner)}' has been reached`,
    );
  }
  const groups = new Set([
    ...forwardsTo(actions),
    ...listeners.flatMap(({ properties }) => forwardsTo(properties.defaultActions as Value)),
    ...others.flatMap(({ properties }) => forwardsTo(properties.actions as Value)),
  ]);
  if (groups.size > QUOTA.targetGroups) {
    throw new CloudError(
      "TooManyUniqueTargetGroupsPerLoadBalancer",
      `The maximum number of unique target groups on the load balancer '${String(owner)}' has been reached`,
    );
  }
}
