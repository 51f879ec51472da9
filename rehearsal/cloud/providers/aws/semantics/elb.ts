import { isObject, UNKNOWN } from "../../behaviour";
import { objects, texts } from "../recipe";
import { atMostOne, exactlyOne, fail, given, type Rule } from "./rule";

/** The properties that each type of action needs; `forward` may have its target group beside it instead. */
const ACTION_NEEDS: Readonly<Record<string, readonly string[]>> = {
  forward: ["forward", "targetGroupArn"],
  redirect: ["redirect"],
  "fixed-response": ["fixedResponse"],
  "authenticate-cognito": ["authenticateCognito"],
  "authenticate-oidc": ["authenticateOidc"],
};

const actions =
  (property: string): Rule =>
  (values) =>
    objects(values[property]).flatMap((action, i) => {
      const path = `${property}[${i}]`;
      const needs = typeof action.type === "string" ? ACTION_NEEDS[action.type] : undefined;
      return [
        fail(
          given(action, "forward") && given(action, "targetGroupArn"),
          path,
          "found targetGroupArn beside forward; allowed: one of them. Name the target group in forward.targetGroups",
        ),
        fail(
          !!needs && !needs.some((name) => given(action, name)),
          path,
          `an action of type ${JSON.stringify(action.type)} needs ${(needs ?? []).join(" or ")}`,
        ),
      ];
    });

/** Kinds of a rule's condition. */
const CONDITIONS = [
  "hostHeader",
  "httpHeader",
  "httpRequestMethod",
  "pathPattern",
  "queryStrings",
  "sourceIp",
];

/** AWS's quota of values over all conditions of a rule. */
const CONDITION_VALUES = 5;

const conditions: Rule = (values) => {
  const all = objects(values.conditions);
  const count = all
    .flatMap((condition) => CONDITIONS.map((kind) => condition[kind]))
    .reduce(
      (sum: number, c) => sum + (isObject(c) ? texts(c.values).length : Array.isArray(c) ? c.length : 0),
      0,
    );
  return [
    fail(
      Array.isArray(values.conditions) && values.conditions.length === 0,
      "conditions",
      "found none; allowed: 1 or more",
    ),
    fail(
      count > CONDITION_VALUES,
      "conditions",
      `found ${count} values in all; allowed: at most ${CONDITION_VALUES} a rule`,
    ),
    ...all.map((condition, i) => {
      const kinds = CONDITIONS.filter((kind) => given(condition, kind));
      const found = kinds.length > 0 ? kinds.join(" and ") : "nothing";
      return fail(
        kinds.length !== 1,
        `conditions[${i}]`,
        `found ${found}; allowed: exactly one of ${CONDITIONS.join(", ")}`,
      );
    }),
  ];
};

const noHyphenAtEnds: Rule = ({ name }) => [
  fail(
    typeof name === "string" && /^-|-$/.test(name),
    "name",
    `found ${JSON.stringify(name)}; must neither begin nor end with a hyphen`,
  ),
];

const targetGroup: Rule = (values) => {
  const lambda = values.targetType === "lambda" || values.targetType === UNKNOWN;
  const check = isObject(values.healthCheck) ? values.healthCheck : {};
  const { interval = 30, timeout } = check;
  return [
    ...["port", "protocol", "vpcId"].map((name) =>
      fail(
        !lambda && !given(values, name),
        name,
        `missing required property "${name}": only target groups of type lambda go without`,
      ),
    ),
    fail(
      typeof interval === "number" && typeof timeout === "number" && timeout >= interval && !lambda,
      "healthCheck.timeout",
      `found ${String(timeout)}; allowed: less than the interval, which is ${String(interval)}`,
    ),
  ];
};

const listener: Rule = (values) => {
  const secure = values.protocol === "HTTPS" || values.protocol === "TLS";
  return [
    fail(
      secure && !given(values, "certificateArn"),
      "certificateArn",
      `missing: a listener with protocol ${String(values.protocol)} needs a certificate`,
    ),
    fail(
      values.protocol === "HTTP" && given(values, "certificateArn"),
      "certificateArn",
      "found one; a listener with protocol HTTP takes none",
    ),
    fail(
      !given(values, "port"),
      "port",
      "missing: listeners of application and network load balancers need a port",
    ),
  ];
};

const loadBalancer: Rule = (values) => {
  const { loadBalancerType = "application", subnets, name } = values;
  return [
    ...exactlyOne("subnets", "subnetMappings")(values),
    fail(
      loadBalancerType === "application" && Array.isArray(subnets) && subnets.length < 2,
      "subnets",
      `found ${Array.isArray(subnets) ? subnets.length : 0}; an application load balancer needs subnets in at least 2 availability zones`,
    ),
    fail(
      typeof name === "string" && name.startsWith("internal-"),
      "name",
      `found ${JSON.stringify(name)}; must not begin with "internal-"`,
    ),
  ];
};

/** Load balancers. */
export const ELB: Readonly<Record<string, readonly Rule[]>> = {
  "aws:lb/listenerRule:ListenerRule": [actions("actions"), conditions],
  "aws:lb/listener:Listener": [actions("defaultActions"), listener],
  "aws:lb/targetGroup:TargetGroup": [targetGroup, noHyphenAtEnds, atMostOne("name", "namePrefix")],
  "aws:lb/loadBalancer:LoadBalancer": [loadBalancer, noHyphenAtEnds, atMostOne("name", "namePrefix")],
};
