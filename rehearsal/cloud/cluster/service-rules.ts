import { isObject, show, type CheckFailure, type Value, type Values } from "../providers/behaviour";
import { isPortName } from "./names";
import { listOf } from "./objects";

/** Whether a value that should be a port number is one; a name of a port or an unknown value passes. */
export function portFaults(value: Value | undefined, path: string): CheckFailure[] {
  if (typeof value === "string" && !isPortName(value)) {
    return [
      {
        property: path,
        reason: `found ${show(value)}, allowed is a port's name of up to 15 characters a-z, 0-9 and -`,
      },
    ];
  }
  if (typeof value !== "number" || (Number.isInteger(value) && value >= 1 && value <= 65535)) return [];
  return [{ property: path, reason: `found ${value}, allowed are 1-65535` }];
}

/** What the API server refuses in the spec of a Service. */
export function serviceFaults(spec: Values): CheckFailure[] {
  const found: CheckFailure[] = [];
  const ports = listOf(spec.ports);
  if (
    spec.ports !== undefined &&
    Array.isArray(spec.ports) &&
    ports.length === 0 &&
    spec.clusterIP !== "None"
  ) {
    found.push({ property: "spec.ports", reason: "found an empty list; a Service needs at least one port" });
  }
  if (spec.ports === undefined && spec.type !== "ExternalName" && spec.clusterIP !== "None") {
    found.push({ property: "spec.ports", reason: "required, but nothing was found" });
  }
  if (spec.type === "ExternalName" && spec.externalName === undefined) {
    found.push({ property: "spec.externalName", reason: "required for type ExternalName" });
  }
  const names = new Set<Value>();
  ports.forEach((port, index) => {
    if (!isObject(port)) return;
    const path = `spec.ports[${index}]`;
    found.push(
      ...portFaults(port.port, `${path}.port`),
      ...portFaults(port.targetPort, `${path}.targetPort`),
    );
    if (typeof port.nodePort === "number" && (port.nodePort < 30000 || port.nodePort > 32767)) {
      found.push({ property: `${path}.nodePort`, reason: `found ${port.nodePort}, allowed are 30000-32767` });
    }
    if (port.name === undefined && ports.length > 1) {
      found.push({ property: `${path}.name`, reason: "required, since the Service has more than one port" });
    }
    if (port.name !== undefined && names.has(port.name)) {
      found.push({ property: `${path}.name`, reason: `found ${show(port.name)} twice; names must differ` });
    }
    if (port.name !== undefined) names.add(port.name);
  });
  return found;
}
