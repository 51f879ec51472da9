import {
  type Action,
  groupsIn,
  LISTENER,
  LISTENER_RULE,
  loadBalancersByGroup,
  ruleOf,
  TARGET_GROUP,
} from "../../balancer/resources";
import type { World } from "../../world";
import { get } from "./describe";
import { defaultRuleArn, ruleToAws } from "./shapes";
import { actionFromAws, conditionFromAws } from "./validate";
import { AwsError, validationError } from "../errors";
import { type Call, structures, text } from "../service";

/** AWS's fixed quota. */
const MOST_GROUPS_OF_BALANCER = 100;

/** Changes a rule's actions, conditions or both; what isn't named stays. The load balancer follows at once. */
export function modifyRule({ world, input }: Call): object {
  const arn = text(input.RuleArn) ?? "";
  const isDefault = world.all(LISTENER).some((listener) => defaultRuleArn(listener.id) === arn);
  if (isDefault) throw new AwsError("OperationNotPermitted", `Default rule '${arn}' cannot be modified`);
  const held = get(world, LISTENER_RULE, arn);
  const given = {
    actions: structures(input.Actions),
    conditions: structures(input.Conditions),
  };
  if (given.actions.length + given.conditions.length === 0) {
    throw validationError("Either conditions or actions must be specified");
  }
  const actions = given.actions.map(actionFromAws);
  const conditions = given.conditions.map(conditionFromAws);
  checkActions(world, actions, String(held.properties.listenerArn));
  const changed = {
    ...(actions.length > 0 && { actions }),
    ...(conditions.length > 0 && { conditions }),
  };
  const after = { ...held, properties: { ...held.properties, ...changed } };
  world.put(after);
  return { Rules: [ruleToAws(ruleOf(after))] };
}

/** What can be told only with the world in hand: that the groups exist, and that there are not too many. */
function checkActions(world: World, actions: readonly Action[], listenerArn: string): void {
  const terminal = actions.filter(({ type }) => ["forward", "redirect", "fixed-response"].includes(type));
  if (actions.length > 0 && terminal.length !== 1) {
    throw new AwsError(
      "InvalidLoadBalancerAction",
      `Actions must have exactly one of forward, redirect or fixed-response, and it comes last; found ${terminal.length}`,
    );
  }
  const groups = groupsIn(actions);
  for (const group of groups) {
    if (!world.get(TARGET_GROUP, group)) {
      throw new AwsError("TargetGroupNotFound", `Target group '${group}' not found`);
    }
  }
  const loadBalancer = String(world.get(LISTENER, listenerArn)?.properties.loadBalancerArn);
  const used = [...loadBalancersByGroup(world)]
    .filter(([, users]) => users.includes(loadBalancer))
    .map(([group]) => group);
  if (new Set([...used, ...groups]).size > MOST_GROUPS_OF_BALANCER) {
    throw new AwsError(
      "TooManyUniqueTargetGroupsPerLoadBalancer",
      `'${loadBalancer}' would use more than ${MOST_GROUPS_OF_BALANCER} target groups`,
    );
  }
}
