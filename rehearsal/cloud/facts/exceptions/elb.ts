import { each, replaces, NO_SCHEMA, NO_UPDATE, type Exception } from "./exception";

const FORWARDS = ["lb.ListenerRuleActionForward", "lb.ListenerDefaultActionForward"];

/** Load balancers. */
export const ELB: readonly Exception[] = [
  ...FORWARDS.flatMap((forward): Exception[] => [
    {
      property: `${forward}.targetGroups`,
      facts: { set: true, minItems: 1, maxItems: 5 },
      reason: "ELBv2 API, ForwardActionConfig: 1 to 5 target groups; the provider keeps them as a set",
    },
    {
      property: `${forward}TargetGroup.weight`,
      facts: { min: 0, max: 999, default: 1 },
      reason: "ELBv2 API, TargetGroupTuple.Weight: 0 to 999, and 1 where none is given",
    },
    {
      property: `${forward}Stickiness.duration`,
      facts: { required: true, min: 1, max: 604800 },
      reason: "ELBv2 API, TargetGroupStickinessConfig.DurationSeconds: 1 to 604800; the provider requires it",
    },
    {
      property: `${forward}Stickiness.enabled`,
      facts: { default: false },
      reason: "the provider's documentation: the default is false",
    },
  ]),
  {
    property: "aws:lb/listenerRule:ListenerRule.actions",
    facts: { set: undefined, minItems: 1 },
    reason: "the provider keeps actions in their order, and an API call without actions is refused",
  },
  {
    property: "lb.ListenerRuleConditionHttpHeader.httpHeaderName",
    facts: { minLength: 1, maxLength: 40, pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$" },
    reason: "ELBv2 API, HttpHeaderConditionConfig: at most 40 characters of RFC 7230's token",
  },
  ...["HostHeader", "HttpHeader", "PathPattern"].map((kind): Exception => ({
    property: `lb.ListenerRuleCondition${kind}.values`,
    facts: { minLength: 1, maxLength: 128 },
    reason: "ELBv2 API, RuleCondition: each value has at most 128 characters",
  })),
  ...each(
    "aws:lb/targetGroup:TargetGroup",
    "name",
    { minLength: 1, maxLength: 32, pattern: "^[A-Za-z0-9-]+$" },
    "ELBv2 API, CreateTargetGroup.Name: at most 32 letters, digits and hyphens",
  ),
  ...each(
    "aws:lb/loadBalancer:LoadBalancer",
    "name",
    { minLength: 1, maxLength: 32, pattern: "^[A-Za-z0-9-]+$" },
    "ELBv2 API, CreateLoadBalancer.Name: at most 32 letters, digits and hyphens",
  ),
  ...each(
    "aws:lb/targetGroup:TargetGroup",
    "slowStart",
    { min: 0, max: 900 },
    "ELBv2 API, slow_start.duration_seconds: 30 to 900, or 0 for off",
  ),
  ...each(
    "aws:lb/targetGroup:TargetGroup",
    "loadBalancingAlgorithmType",
    { enum: ["least_outstanding_requests", "round_robin", "weighted_random"] },
    "ELBv2 API, TargetGroupAttribute load_balancing.algorithm.type",
  ),
  ...each(
    "aws:lb/targetGroup:TargetGroup",
    "protocolVersion",
    { enum: ["GRPC", "HTTP1", "HTTP2"] },
    "ELBv2 API, CreateTargetGroup.ProtocolVersion",
  ),
  {
    property: "lb.TargetGroupStickiness.type",
    facts: { enum: ["app_cookie", "lb_cookie", "source_ip", "source_ip_dest_ip", "source_ip_dest_ip_proto"] },
    reason: "ELBv2 API, TargetGroupAttribute stickiness.type",
  },
  {
    property: "lb.TargetGroupStickiness.cookieDuration",
    facts: { default: 86400, min: 1, max: 604800 },
    reason: "ELBv2 API, stickiness.lb_cookie.duration_seconds: 1 to 604800, 86400 by default",
  },
  {
    property: "lb.TargetGroupHealthCheck.protocol",
    facts: { enum: ["HTTP", "HTTPS", "TCP"] },
    reason: "ELBv2 API, CreateTargetGroup.HealthCheckProtocol: those of a group's protocol that can check",
  },
  ...each(
    "aws:lb/loadBalancer:LoadBalancer",
    "idleTimeout",
    { min: 1, max: 4000 },
    "ELBv2 API, LoadBalancerAttribute idle_timeout.timeout_seconds: 1 to 4000",
  ),
  ...each(
    "aws:lb/loadBalancer:LoadBalancer",
    "clientKeepAlive",
    { min: 60, max: 604800 },
    "ELBv2 API, LoadBalancerAttribute client_keep_alive.seconds: 60 to 604800",
  ),
  ...each(
    "aws:lb/loadBalancer:LoadBalancer",
    "loadBalancerType",
    { enum: ["application", "gateway", "network"], replace: true },
    "ELBv2 API, CreateLoadBalancer.Type; CloudFormation calls it Type, createOnly",
  ),
  ...each(
    "aws:lb/loadBalancer:LoadBalancer",
    "desyncMitigationMode",
    { enum: ["defensive", "monitor", "strictest"], default: "defensive" },
    "ELBv2 API, LoadBalancerAttribute routing.http.desync_mitigation_mode",
  ),
  ...replaces("aws:lb/loadBalancer:LoadBalancer", "internal", "CloudFormation calls it Scheme, createOnly"),
  ...replaces("aws:lb/listenerCertificate:ListenerCertificate", "certificateArn", NO_UPDATE),
  ...replaces(
    "aws:lb/targetGroupAttachment:TargetGroupAttachment",
    "targetGroupArn targetId port availabilityZone",
    NO_SCHEMA,
  ),
];
