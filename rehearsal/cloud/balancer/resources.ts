import type { Held, World } from "../world";

/** Pulumi's type tokens of what makes up a load balancer. */
export const LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer";
export const LISTENER = "aws:lb/listener:Listener";
export const LISTENER_RULE = "aws:lb/listenerRule:ListenerRule";
export const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";

/** A forward action over weighted target groups. */
export interface Forward {
  readonly targetGroups: readonly { readonly arn: string; readonly weight?: number }[];
  /** Group stickiness; `duration` in seconds. */
  readonly stickiness?: { readonly enabled?: boolean; readonly duration?: number };
}

/** An action of a rule or of a listener's default. */
export interface Action {
  readonly type: string;
  readonly order?: number;
  /** The short form of a forward to one group. */
  readonly targetGroupArn?: string;
  readonly forward?: Forward;
  readonly fixedResponse?: {
    readonly contentType: string;
    readonly messageBody?: string;
    readonly statusCode: string;
  };
  readonly redirect?: {
    readonly host?: string;
    readonly path?: string;
    readonly port?: string;
    readonly protocol?: string;
    readonly query?: string;
    readonly statusCode: string;
  };
}

/** A condition of a rule: one of these keys is set. */
export interface Condition {
  readonly hostHeader?: { readonly values?: readonly string[] };
  readonly pathPattern?: { readonly values?: readonly string[] };
  readonly httpHeader?: { readonly httpHeaderName: string; readonly values?: readonly string[] };
  readonly httpRequestMethod?: { readonly values: readonly string[] };
  readonly queryStrings?: readonly { readonly key?: string; readonly value: string }[];
  readonly sourceIp?: { readonly values?: readonly string[] };
}

/** A listener, as the world holds it. */
export interface Listener {
  readonly arn: string;
  readonly loadBalancerArn: string;
  /** The configured port; the one on loopback is another. */
  readonly port: number;
  readonly protocol: string;
  readonly defaultActions: readonly Action[];
}

/** A rule of a listener; its lowest priority number is tried first. */
export interface ListenerRule {
  readonly arn: string;
  readonly listenerArn: string;
  readonly priority: number;
  readonly conditions: readonly Condition[];
  readonly actions: readonly Action[];
}

/** Every listener, in the order of creation. */
export const listenersOf = (world: World): Listener[] =>
  world.all(LISTENER).map((held) => {
    const listener: Partial<Listener> = held.properties;
    return {
      arn: held.id,
      loadBalancerArn: listener.loadBalancerArn ?? "",
      port: numberFrom(listener.port, 80),
      protocol: listener.protocol ?? "HTTP",
      defaultActions: listener.defaultActions ?? [],
    };
  });

/** The rules of a listener by priority, without its default actions. */
export const rulesOf = (world: World, listenerArn: string): ListenerRule[] =>
  world
    .all(LISTENER_RULE)
    .filter((held) => held.properties.listenerArn === listenerArn)
    .map(ruleOf)
    .sort((a, b) => a.priority - b.priority);

/** A rule that the world holds. */
export function ruleOf(held: Held): ListenerRule {
  const rule: Partial<ListenerRule> = held.properties;
  return {
    arn: held.id,
    listenerArn: rule.listenerArn ?? "",
    priority: numberFrom(rule.priority, 50_000),
    conditions: rule.conditions ?? [],
    actions: rule.actions ?? [],
  };
}

/** A forward action in full: AWS's default weight is 1, and the short form names one group. */
export function forwardOf(action: Action): Forward | undefined {
  if (action.type !== "forward") return undefined;
  if (action.forward) return action.forward;
  return { targetGroups: action.targetGroupArn ? [{ arn: action.targetGroupArn, weight: 1 }] : [] };
}

/** The ARNs of the target groups that actions forward to, whatever their weights. */
export const groupsIn = (actions: readonly Action[]): string[] =>
  actions.flatMap((action) => forwardOf(action)?.targetGroups.map((group) => group.arn) ?? []);

/**
 * The load balancers that use each target group, by the group's ARN. A group is in use as soon as a
 * rule or a default action names it, at weight 0 too; a group that is missing here is unused.
 */
export function loadBalancersByGroup(world: World): Map<string, string[]> {
  const users = new Map<string, Set<string>>();
  for (const listener of listenersOf(world)) {
    const rules = rulesOf(world, listener.arn);
    for (const group of groupsIn([...listener.defaultActions, ...rules.flatMap((rule) => rule.actions)])) {
      users.set(group, (users.get(group) ?? new Set()).add(listener.loadBalancerArn));
    }
  }
  return new Map([...users].map(([group, arns]) => [group, [...arns]]));
}

/** A whole or decimal number from a property, which may be a number, its text, or absent. */
export function numberFrom(value: unknown, otherwise: number): number {
  if (value === undefined || value === null || value === "") return otherwise;
  const number = Number(value);
  return Number.isFinite(number) ? number : otherwise;
}

/** The load balancer's idle timeout in milliseconds; AWS's default is 60 s. */
export const idleMilliseconds = (world: World, loadBalancerArn: string): number =>
  1000 * numberFrom(world.get(LOAD_BALANCER, loadBalancerArn)?.properties.idleTimeout, 60);
