import {
  LISTENER,
  LISTENER_RULE,
  listenersOf,
  LOAD_BALANCER,
  loadBalancersByGroup,
  numberFrom,
  rulesOf,
  TARGET_GROUP,
  type Listener,
} from "../../balancer/resources";
import { healthCheckOf } from "../../balancer/health";
import type { Held, World } from "../../world";
import { actionToAws, defaultRuleArn, ruleToAws } from "./shapes";
import { AwsError, validationError } from "../errors";
import { page } from "../page";
import { type Call, text, texts } from "../service";

const NOT_FOUND = {
  [LOAD_BALANCER]: ["LoadBalancerNotFound", "load balancers"],
  [LISTENER]: ["ListenerNotFound", "listeners"],
  [LISTENER_RULE]: ["RuleNotFound", "rules"],
  [TARGET_GROUP]: ["TargetGroupNotFound", "target groups"],
} as const;

type Kind = keyof typeof NOT_FOUND;

/** The error for an ARN or a name that nothing has. */
export const notFound = (kind: Kind, what: string): AwsError =>
  new AwsError(NOT_FOUND[kind][0], `One or more ${NOT_FOUND[kind][1]} not found: '${what}'`);

/** The resource of this ARN. @throws AwsError */
export function get(world: World, kind: Kind, arn: string): Held {
  const held = world.get(kind, arn);
  if (!held) throw notFound(kind, arn);
  return held;
}

/** The resources that ARNs and names pick out, or all where neither is given. */
function select(world: World, kind: Kind, arns: readonly string[], names: readonly string[]): Held[] {
  if (arns.length + names.length === 0) return world.all(kind);
  const byName = names.map((name) => {
    const held = world.all(kind).find(({ properties }) => properties.name === name);
    if (!held) throw notFound(kind, name);
    return held;
  });
  return [...arns.map((arn) => get(world, kind, arn)), ...byName];
}

export function describeLoadBalancers({ world, input }: Call): object {
  const all = select(world, LOAD_BALANCER, texts(input.LoadBalancerArns), texts(input.Names));
  const { page: found, NextMarker } = page(all, (held) => held.id, input);
  const LoadBalancers = found.map(({ id, properties }) => ({
    LoadBalancerArn: id,
    DNSName: properties.dnsName,
    CanonicalHostedZoneId: properties.zoneId,
    LoadBalancerName: properties.name,
    Scheme: properties.internal === true ? "internal" : "internet-facing",
    VpcId: properties.vpcId,
    State: { Code: "active" },
    Type: properties.loadBalancerType ?? "application",
    AvailabilityZones: texts(properties.subnets).map((subnet) => ({ SubnetId: subnet })),
    SecurityGroups: texts(properties.securityGroups),
    IpAddressType: properties.ipAddressType ?? "ipv4",
  }));
  return { LoadBalancers, NextMarker };
}

export function describeListeners({ world, input }: Call): object {
  const arns = texts(input.ListenerArns);
  const loadBalancer = text(input.LoadBalancerArn);
  if (arns.length === 0 && !loadBalancer) {
    throw validationError("You must specify either listener ARNs or a load balancer ARN");
  }
  if (loadBalancer) get(world, LOAD_BALANCER, loadBalancer);
  for (const arn of arns) get(world, LISTENER, arn);
  const all = listenersOf(world).filter(
    (listener) => arns.includes(listener.arn) || listener.loadBalancerArn === loadBalancer,
  );
  const { page: found, NextMarker } = page(all, (listener) => listener.arn, input);
  const Listeners = found.map((listener) => {
    const properties = world.get(LISTENER, listener.arn)?.properties ?? {};
    const certificate = text(properties.certificateArn);
    return {
      ListenerArn: listener.arn,
      LoadBalancerArn: listener.loadBalancerArn,
      Port: listener.port,
      Protocol: listener.protocol,
      Certificates: certificate ? [{ CertificateArn: certificate }] : undefined,
      SslPolicy: text(properties.sslPolicy),
      DefaultActions: listener.defaultActions.map(actionToAws),
    };
  });
  return { Listeners, NextMarker };
}

/** A listener's rules by priority, its default rule last. */
const allRules = (world: World, listener: Listener): { RuleArn: string }[] => [
  ...rulesOf(world, listener.arn).map((rule) => ({ ...ruleToAws(rule), RuleArn: rule.arn })),
  {
    RuleArn: defaultRuleArn(listener.arn),
    ...{ Priority: "default", Conditions: [], Actions: listener.defaultActions.map(actionToAws) },
    ...{ IsDefault: true },
  },
];

export function describeRules({ world, input }: Call): object {
  const listenerArn = text(input.ListenerArn);
  const arns = texts(input.RuleArns);
  if (!listenerArn && arns.length === 0) {
    throw validationError("You must specify either listener rule ARNs or a listener ARN");
  }
  if (listenerArn && arns.length > 0) {
    throw validationError("Listener rule ARNs and a listener ARN cannot be specified at the same time");
  }
  if (listenerArn) get(world, LISTENER, listenerArn);
  const listeners = listenersOf(world).filter(({ arn }) => !listenerArn || arn === listenerArn);
  const rules = listeners.flatMap((listener) => allRules(world, listener));
  for (const arn of arns) if (!rules.some((rule) => rule.RuleArn === arn)) throw notFound(LISTENER_RULE, arn);
  const all = listenerArn ? rules : rules.filter((rule) => arns.includes(rule.RuleArn));
  const { page: found, NextMarker } = page(all, (rule) => rule.RuleArn, input);
  return { Rules: found, NextMarker };
}

export function describeTargetGroups({ world, input }: Call): object {
  const arns = texts(input.TargetGroupArns);
  const names = texts(input.Names);
  const loadBalancer = text(input.LoadBalancerArn);
  if ([arns.length > 0, names.length > 0, loadBalancer].filter(Boolean).length > 1) {
    throw validationError(
      "Target group names, target group ARNs, and a load balancer ARN cannot be specified at the same time",
    );
  }
  if (loadBalancer) get(world, LOAD_BALANCER, loadBalancer);
  const users = loadBalancersByGroup(world);
  const all = select(world, TARGET_GROUP, arns, names).filter(
    ({ id }) => !loadBalancer || users.get(id)?.includes(loadBalancer),
  );
  const { page: found, NextMarker } = page(all, (held) => held.id, input);
  return { TargetGroups: found.map((held) => targetGroupToAws(held, users.get(held.id) ?? [])), NextMarker };
}

function targetGroupToAws({ id, properties }: Held, LoadBalancerArns: string[]): object {
  const check = healthCheckOf(properties);
  return {
    TargetGroupArn: id,
    TargetGroupName: properties.name,
    Protocol: properties.protocol,
    Port: numberFrom(properties.port, 80),
    VpcId: properties.vpcId,
    HealthCheckProtocol: check.protocol,
    HealthCheckPort: check.port,
    HealthCheckEnabled: check.enabled,
    HealthCheckIntervalSeconds: check.interval,
    HealthCheckTimeoutSeconds: check.timeout,
    HealthyThresholdCount: check.healthyThreshold,
    UnhealthyThresholdCount: check.unhealthyThreshold,
    HealthCheckPath: check.path,
    Matcher: { HttpCode: check.matcher },
    LoadBalancerArns,
    TargetType: properties.targetType ?? "instance",
    ProtocolVersion: properties.protocolVersion ?? "HTTP1",
    IpAddressType: properties.ipAddressType ?? "ipv4",
  };
}
