import {
  type Control,
  GUARDED,
  type Inapplicable,
  type Judged,
  type Unmet,
  at,
  controlsOf,
  isGiven,
  isOneOf,
  isTrue,
  listAt,
  put,
  refersTo,
  without,
} from "./control";
import { absent, unmet } from "./others";

const BALANCER = ["aws:lb/loadBalancer:LoadBalancer"];
const LISTENER = ["aws:lb/listener:Listener"];
const { property, each, together } = controlsOf("FSBP", "S5");

/** Policies of ELB that AWS recommends: TLS 1.2 and forward secrecy at least. */
const TLS_POLICIES = [
  "ELBSecurityPolicy-TLS13-1-2-2021-06",
  "ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04",
  "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
  "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04",
  "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-3-2021-06",
  "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
];

const protocolOf = ({ inputs }: Judged): unknown => inputs["protocol"];

/** Whether all that a listener does by itself is to send people to HTTPS. */
const redirects = (inputs: unknown): boolean => {
  const actions = listAt(inputs, "defaultActions");
  return (
    actions.length > 0 &&
    actions.every(
      (action) => at(action, "type") === "redirect" && at(action, "redirect.protocol") === "HTTPS",
    )
  );
};

/** Elastic Load Balancing, in the order of their numbers. */
export const EDGE: readonly (Control | Inapplicable | Unmet)[] = [
  each({
    id: "ELB.1",
    title: "Application Load Balancer should be configured to redirect all HTTP requests to HTTPS",
    severity: "medium",
    types: LISTENER,
    applies: (listener) => protocolOf(listener) === "HTTP",
    environments: GUARDED,
    breaks: ["ELB.18", "CIS 5.4.5"],
    fault: (inputs) =>
      redirects(inputs)
        ? undefined
        : "found an HTTP listener that does not redirect; allowed: a redirect to HTTPS",
    flip: (inputs) =>
      put(inputs, "defaultActions", [{ type: "fixed-response", fixedResponse: { statusCode: "404" } }]),
  }),
  property({
    id: "ELB.4",
    title: "Application Load Balancer should be configured to drop invalid HTTP headers",
    severity: "medium",
    types: BALANCER,
    at: "dropInvalidHeaderFields",
    allowed: "true",
    ok: isTrue,
    broken: false,
  }),
  property({
    id: "ELB.5",
    title: "Application and Classic Load Balancers logging should be enabled",
    severity: "medium",
    types: BALANCER,
    environments: GUARDED,
    at: "accessLogs.enabled",
    allowed: "true",
    ok: isTrue,
    broken: false,
  }),
  property({
    id: "ELB.6",
    title: "Load Balancers should have deletion protection enabled",
    severity: "medium",
    types: BALANCER,
    environments: ["prod"],
    at: "enableDeletionProtection",
    allowed: "true",
    ok: isTrue,
    broken: false,
  }),
  property({
    id: "ELB.12",
    title:
      "Application Load Balancer should be configured with defensive or strictest desync mitigation mode",
    severity: "medium",
    types: BALANCER,
    at: "desyncMitigationMode",
    allowed: "defensive or strictest",
    ok: (value) => value === undefined || isOneOf(["defensive", "strictest"])(value),
    broken: "monitor",
  }),
  each({
    id: "ELB.13",
    title: "Application, Network and Gateway Load Balancers should span multiple Availability Zones",
    severity: "medium",
    types: BALANCER,
    fault: (inputs) => {
      const count = listAt(inputs, "subnets").length;
      return count >= 2 ? undefined : `found ${count} subnets; allowed: two or more, of different zones`;
    },
    flip: (inputs) => put(inputs, "subnets", listAt(inputs, "subnets").slice(0, 1)),
  }),
  together({
    id: "ELB.16",
    title: "Application Load Balancers should be associated with an AWS WAF web ACL",
    severity: "medium",
    types: BALANCER,
    environments: GUARDED,
    fault: (balancer, all) =>
      all.some((one) => protects(one, balancer))
        ? undefined
        : "found no association with a web ACL; allowed: an aws.wafv2.WebAclAssociation of its ARN",
    flip: (balancer, all) => without(all, (one) => protects(one, balancer)),
  }),
  property({
    id: "ELB.17",
    title: "Load Balancers with listeners should use recommended security policies",
    severity: "medium",
    types: LISTENER,
    applies: (listener) => protocolOf(listener) === "HTTPS",
    at: "sslPolicy",
    allowed: TLS_POLICIES.join(", "),
    ok: isOneOf(TLS_POLICIES),
    broken: "ELBSecurityPolicy-2016-08",
  }),
  property({
    id: "ELB.18",
    title: "Load Balancer listeners should use secure protocols to encrypt data in transit",
    severity: "medium",
    types: LISTENER,
    scope: "listeners that do more than redirect to HTTPS, which ELB.1 asks for",
    applies: ({ inputs }) => !redirects(inputs),
    environments: GUARDED,
    breaks: ["ELB.1", "CIS 5.4.5"],
    at: "protocol",
    allowed: "HTTPS",
    ok: (value) => value === "HTTPS",
    broken: "HTTP",
  }),
  ...absent("FSBP", ["aws:elb/loadBalancer:LoadBalancer"], "there is no Classic Load Balancer", [
    [
      "ELB.2",
      "medium",
      "Classic Load Balancers should use a certificate provided by AWS Certificate Manager",
    ],
    ["ELB.3", "medium", "Classic Load Balancer listeners should be configured with HTTPS or TLS termination"],
    ["ELB.7", "low", "Classic Load Balancers should have connection draining enabled"],
    ["ELB.8", "medium", "Classic Load Balancers with SSL listeners should use a predefined security policy"],
    ["ELB.9", "medium", "Classic Load Balancers should have cross-zone load balancing enabled"],
    ["ELB.10", "medium", "Classic Load Balancer should span multiple Availability Zones"],
    [
      "ELB.14",
      "medium",
      "Classic Load Balancer should be configured with defensive or strictest desync mode",
    ],
  ]),
  ...unmet(
    "FSBP",
    "TLS ends at the load balancer: pods of the services speak HTTP, in private subnets, to it alone",
    [
      ["ELB.21", "medium", "Target groups should use encrypted health check protocols"],
      ["ELB.22", "medium", "ELB target groups should use encrypted transport protocols"],
    ],
  ),
];

const protects = (one: Judged, balancer: Judged): boolean =>
  one.type === "aws:wafv2/webAclAssociation:WebAclAssociation" &&
  isGiven(one.inputs["webAclArn"]) &&
  refersTo(one.inputs["resourceArn"], balancer);
