import { isObject, show, UNKNOWN, type CheckFailure, type Value, type Values } from "../providers/behaviour";
import { isEnvName, isLabel, quantity } from "./names";
import { labelFaults } from "./labels";
import { listOf, objectOf } from "./objects";
import { portFaults } from "./service-rules";

/**
 * What the API server refuses in a pod template (or a pod). `restart` are the restart policies that the
 * owner allows; `explicit` says that one must be set, because the default (Always) is not among them.
 */
export function podFaults(
  template: Value | undefined,
  path: string,
  restart: readonly string[],
  explicit = false,
): CheckFailure[] {
  if (!isObject(template)) return [];
  const at = (name: string): string => (path === "" ? name : `${path}.${name}`);
  const found = labelFaults(objectOf(template.metadata).labels, at("metadata.labels"));
  const spec = objectOf(template.spec);
  if (template.spec === undefined) return [...found, required(at("spec"))];
  if (template.spec === UNKNOWN) return found;
  const policy = spec.restartPolicy;
  if (policy === undefined ? explicit : typeof policy === "string" && !restart.includes(policy)) {
    found.push({
      property: at("spec.restartPolicy"),
      reason: `found ${show(policy)}, allowed here ${restart.length === 1 ? "is" : "are"} ${restart.join(", ")}`,
    });
  }
  if (Array.isArray(spec.containers) && spec.containers.length === 0)
    found.push(required(at("spec.containers")));
  const volumes = listOf(spec.volumes).map((volume) => objectOf(volume).name);
  for (const list of ["containers", "initContainers"]) {
    const names = new Set<string>();
    listOf(spec[list]).forEach((container, index) => {
      if (!isObject(container)) return;
      const where = at(`spec.${list}[${index}]`);
      if (typeof container.name === "string" && names.has(container.name)) {
        found.push({
          property: `${where}.name`,
          reason: `found ${show(container.name)} twice; names must differ`,
        });
      }
      if (typeof container.name === "string") names.add(container.name);
      found.push(...containerFaults(container, where, volumes));
    });
  }
  return [...found, ...graceFaults(spec, at("spec.terminationGracePeriodSeconds"))];
}

const required = (property: string): CheckFailure => ({
  property,
  reason: "required, but nothing was found",
});

function containerFaults(
  container: Values,
  path: string,
  volumes: readonly (Value | undefined)[],
): CheckFailure[] {
  const found: CheckFailure[] = [];
  if (typeof container.name === "string" && !isLabel(container.name)) {
    found.push({
      property: `${path}.name`,
      reason: `found ${show(container.name)}, allowed is an RFC 1123 label`,
    });
  }
  if (container.image === undefined || container.image === "") found.push(required(`${path}.image`));
  if (typeof container.image === "string" && /\s/.test(container.image)) {
    found.push({
      property: `${path}.image`,
      reason: `found ${show(container.image)}, allowed is an image reference without blanks`,
    });
  }
  listOf(container.ports).forEach((port, index) => {
    found.push(...portFaults(objectOf(port).containerPort, `${path}.ports[${index}].containerPort`));
    found.push(...portFaults(objectOf(port).name, `${path}.ports[${index}].name`));
  });
  listOf(container.env).forEach((variable, index) => {
    const { name, value, valueFrom } = objectOf(variable);
    const where = `${path}.env[${index}]`;
    if (typeof name === "string" && !isEnvName(name)) {
      found.push({ property: `${where}.name`, reason: `found ${show(name)}, allowed is a name without =` });
    }
    if (value !== undefined && value !== "" && valueFrom !== undefined) {
      found.push({ property: where, reason: "has both value and valueFrom; one of them is allowed" });
    }
  });
  listOf(container.volumeMounts).forEach((mount, index) => {
    const { name } = objectOf(mount);
    if (typeof name === "string" && !volumes.includes(name) && !volumes.includes(UNKNOWN)) {
      found.push({
        property: `${path}.volumeMounts[${index}].name`,
        reason: `found ${show(name)}, but the pod has no such volume`,
      });
    }
  });
  for (const probe of ["livenessProbe", "readinessProbe", "startupProbe"]) {
    found.push(...probeFaults(container[probe], `${path}.${probe}`));
  }
  return [...found, ...resourceFaults(objectOf(container.resources), `${path}.resources`)];
}

const HANDLERS = ["exec", "grpc", "httpGet", "tcpSocket"];

function probeFaults(probe: Value | undefined, path: string): CheckFailure[] {
  if (!isObject(probe)) return [];
  const handlers = HANDLERS.filter((name) => probe[name] !== undefined);
  const found: CheckFailure[] = [];
  if (handlers.length !== 1) {
    found.push({
      property: path,
      reason: `found ${handlers.join(" and ") || "no handler"}; exactly one of ${HANDLERS.join(", ")} is needed`,
    });
  }
  found.push(...portFaults(objectOf(probe.httpGet).port, `${path}.httpGet.port`));
  if (isObject(probe.httpGet) && probe.httpGet.port === undefined)
    found.push(required(`${path}.httpGet.port`));
  for (const [name, least] of [
    ["initialDelaySeconds", 0],
    ["periodSeconds", 1],
    ["timeoutSeconds", 1],
    ["successThreshold", 1],
    ["failureThreshold", 1],
  ] as const) {
    const value = probe[name];
    if (typeof value === "number" && value < least) {
      found.push({
        property: `${path}.${name}`,
        reason: `found ${value}, allowed are whole numbers from ${least}`,
      });
    }
  }
  if (
    !path.endsWith("readinessProbe") &&
    typeof probe.successThreshold === "number" &&
    probe.successThreshold > 1
  ) {
    found.push({
      property: `${path}.successThreshold`,
      reason: `found ${probe.successThreshold}, must be 1`,
    });
  }
  return found;
}

function resourceFaults(resources: Values, path: string): CheckFailure[] {
  const found: CheckFailure[] = [];
  const amounts = (list: "limits" | "requests"): Map<string, number> => {
    const read = new Map<string, number>();
    for (const [name, value] of Object.entries(objectOf(resources[list]))) {
      if (typeof value !== "string") continue;
      const amount = quantity(value);
      if (amount === undefined || amount < 0) {
        found.push({
          property: `${path}.${list}.${name}`,
          reason: `found ${show(value)}, allowed are quantities such as 500m, 2 or 512Mi`,
        });
      } else read.set(name, amount);
    }
    return read;
  };
  const limits = amounts("limits");
  for (const [name, amount] of amounts("requests")) {
    const limit = limits.get(name);
    if (limit !== undefined && amount > limit) {
      const shown = objectOf(resources.requests)[name];
      found.push({
        property: `${path}.requests.${name}`,
        reason: `found ${show(shown)}, must be less than or equal to the limit, ${show(objectOf(resources.limits)[name])}`,
      });
    }
  }
  return found;
}

function graceFaults(spec: Values, property: string): CheckFailure[] {
  const { terminationGracePeriodSeconds: grace } = spec;
  if (typeof grace !== "number") return [];
  const found: CheckFailure[] = [];
  if (grace < 0) found.push({ property, reason: `found ${grace}, allowed are whole numbers from 0` });
  listOf(spec.containers).forEach((container, index) => {
    const { seconds } = objectOf(objectOf(objectOf(objectOf(container).lifecycle).preStop).sleep);
    if (typeof seconds === "number" && seconds > grace) {
      found.push({
        property: property.replace(
          "terminationGracePeriodSeconds",
          `containers[${index}].lifecycle.preStop.sleep.seconds`,
        ),
        reason: `found ${seconds}, must not be greater than terminationGracePeriodSeconds, which is ${grace}`,
      });
    }
  });
  return found;
}
