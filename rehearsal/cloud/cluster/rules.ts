import { isObject, show, UNKNOWN, type CheckFailure, type Value, type Values } from "../providers/behaviour";
import type { Kind } from "./kinds";
import { badKey, labelFaults } from "./labels";
import { isLabel, isQualifiedName, isServiceName, isSubdomain } from "./names";
import { objectOf } from "./objects";
import { podFaults } from "./pod-rules";
import { serviceFaults } from "./service-rules";

/** What the API server refuses in an object of a kind beyond what its schema says; all faults at once. */
export function faults(object: Values, kind: Kind): CheckFailure[] {
  const found = metadataFaults(objectOf(object.metadata), kind);
  const spec = objectOf(object.spec);
  switch (kind.kind) {
    case "Deployment":
    case "StatefulSet":
    case "DaemonSet":
    case "ReplicaSet":
      found.push(...selectorFaults(spec), ...atLeast(spec, "spec.replicas", 0));
      found.push(...podFaults(spec.template, "spec.template", ["Always"]));
      break;
    case "Job":
      found.push(...jobFaults(spec, "spec"));
      break;
    case "CronJob":
      found.push(...jobFaults(objectOf(objectOf(spec.jobTemplate).spec), "spec.jobTemplate.spec"));
      found.push(...scheduleFaults(spec.schedule));
      break;
    case "Pod":
      found.push(...podFaults(object, "", ["Always", "OnFailure", "Never"]));
      break;
    case "Service":
      found.push(...serviceFaults(spec));
      break;
    case "HorizontalPodAutoscaler":
      found.push(...autoscalerFaults(spec));
      break;
    case "PodDisruptionBudget":
      found.push(...budgetFaults(spec));
      break;
    case "NetworkPolicy":
      found.push(...policyFaults(spec));
      break;
    case "TargetGroupBinding":
      found.push(...bindingFaults(spec));
      break;
  }
  return found;
}

function metadataFaults(metadata: Values, kind: Kind): CheckFailure[] {
  const found: CheckFailure[] = [];
  const { name, namespace } = metadata;
  if (typeof name === "string") {
    const [legal, rule] =
      kind.kind === "Service"
        ? [isServiceName(name), "a DNS-1035 label: up to 63 of a-z, 0-9 and -, starting with a letter"]
        : kind.kind === "Namespace"
          ? [isLabel(name), "an RFC 1123 label: up to 63 of a-z, 0-9 and -, alphanumeric at both ends"]
          : kind.apiVersion.startsWith("rbac.")
            ? [!/[/%]/.test(name) && name !== "." && name !== "..", "a path segment without / and %"]
            : [
                isSubdomain(name),
                "an RFC 1123 subdomain: up to 253 of a-z, 0-9, - and ., alphanumeric at both ends",
              ];
    if (!legal) found.push({ property: "metadata.name", reason: `found ${show(name)}, allowed is ${rule}` });
  }
  if (typeof namespace === "string" && !isLabel(namespace)) {
    found.push({
      property: "metadata.namespace",
      reason: `found ${show(namespace)}, allowed is an RFC 1123 label`,
    });
  }
  found.push(...labelFaults(metadata.labels, "metadata.labels"));
  for (const key of Object.keys(objectOf(metadata.annotations))) {
    if (!isQualifiedName(key.toLowerCase())) found.push(badKey(key, "metadata.annotations"));
  }
  return found;
}

function selectorFaults(spec: Values): CheckFailure[] {
  const { matchLabels, matchExpressions } = objectOf(spec.selector);
  const wanted = objectOf(matchLabels);
  const empty = matchLabels !== UNKNOWN && Object.keys(wanted).length === 0 && matchExpressions === undefined;
  if (isObject(spec.selector) && empty) {
    return [{ property: "spec.selector", reason: "empty selector is invalid for workloads" }];
  }
  const { labels } = objectOf(objectOf(spec.template).metadata);
  const unknown = objectOf(spec.template).metadata === UNKNOWN || labels === UNKNOWN;
  if (unknown || (labels !== undefined && !isObject(labels))) return [];
  const given = objectOf(labels);
  const missing = Object.entries(wanted).filter(
    ([key, value]) => typeof value === "string" && typeof given[key] !== "symbol" && given[key] !== value,
  );
  if (missing.length === 0 || !isObject(spec.template)) return [];
  return [
    {
      property: "spec.template.metadata.labels",
      reason: `\`selector\` does not match template \`labels\`: selector ${show(wanted)}, labels ${show(given)}`,
    },
  ];
}

function atLeast(spec: Values, path: string, least: number): CheckFailure[] {
  const value = spec[path.slice(path.lastIndexOf(".") + 1)];
  if (typeof value !== "number" || (value >= least && Number.isInteger(value))) return [];
  return [{ property: path, reason: `found ${value}, allowed are whole numbers from ${least}` }];
}

function jobFaults(spec: Values, path: string): CheckFailure[] {
  return [
    ...["backoffLimit", "completions", "parallelism"].flatMap((name) => atLeast(spec, `${path}.${name}`, 0)),
    ...atLeast(spec, `${path}.activeDeadlineSeconds`, 1),
    ...podFaults(spec.template, `${path}.template`, ["OnFailure", "Never"], true),
  ];
}

function scheduleFaults(schedule: Value | undefined): CheckFailure[] {
  if (
    typeof schedule !== "string" ||
    /^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every .+)$/.test(schedule)
  )
    return [];
  const legal = schedule.trim().split(/\s+/).length === 5 && /^[\d\s*,/A-Za-z?-]+$/.test(schedule);
  return legal
    ? []
    : [{ property: "spec.schedule", reason: `found ${show(schedule)}, allowed are five cron fields` }];
}

function autoscalerFaults(spec: Values): CheckFailure[] {
  const { minReplicas, maxReplicas } = spec;
  const found = [...atLeast(spec, "spec.minReplicas", 1), ...atLeast(spec, "spec.maxReplicas", 1)];
  if (typeof minReplicas === "number" && typeof maxReplicas === "number" && maxReplicas < minReplicas) {
    found.push({
      property: "spec.maxReplicas",
      reason: `found ${maxReplicas}, must be greater than or equal to minReplicas, which is ${minReplicas}`,
    });
  }
  return found;
}

/** Nothing is ever evicted here, so a budget is checked and kept, and never enforced. */
function budgetFaults(spec: Values): CheckFailure[] {
  if (spec.minAvailable === undefined || spec.maxUnavailable === undefined) return [];
  return [{ property: "spec.maxUnavailable", reason: "minAvailable and maxUnavailable cannot be both set" }];
}

/** Pods share one host's loopback here, so a policy is checked and kept, and never enforced. */
function policyFaults(spec: Values): CheckFailure[] {
  const types = spec.policyTypes;
  if (!Array.isArray(types)) return [];
  return types.flatMap((type, index) =>
    type === "Ingress" || type === "Egress" || typeof type === "symbol"
      ? []
      : [
          {
            property: `spec.policyTypes[${index}]`,
            reason: `found ${show(type)}, allowed are Ingress and Egress`,
          },
        ],
  );
}

function bindingFaults(spec: Values): CheckFailure[] {
  const { targetGroupARN, targetGroupName } = spec;
  const found: CheckFailure[] = [];
  if (targetGroupARN === undefined && targetGroupName === undefined) {
    found.push({
      property: "spec.targetGroupARN",
      reason: "either targetGroupARN or targetGroupName is required",
    });
  }
  if (
    typeof targetGroupARN === "string" &&
    !/^arn:[\w-]+:elasticloadbalancing:[^:]*:\d+:targetgroup\//.test(targetGroupARN)
  ) {
    found.push({
      property: "spec.targetGroupARN",
      reason: `found ${show(targetGroupARN)}, allowed is the ARN of a target group`,
    });
  }
  if (spec.targetType === "instance") {
    found.push({
      property: "spec.targetType",
      reason: 'found "instance", but the local cluster has no nodes to register; use "ip"',
    });
  }
  return found;
}
