import { AWS, type Properties, type Property } from "../../facts/facts";
import { Asset, isObject, show, UNKNOWN, type CheckFailure, type Value, type Values } from "../behaviour";

/** Checks values against the table of facts; gives all faults, each with its path. */
export function checkProperties(facts: Properties, values: Values, path = ""): CheckFailure[] {
  const failures: CheckFailure[] = [];
  for (const name of Object.keys(values)) {
    if (!(name in facts)) failures.push({ property: join(path, name), reason: unknownProperty(name, facts) });
  }
  for (const [name, property] of Object.entries(facts)) {
    const value = values[name];
    if (value !== undefined && value !== null) {
      failures.push(...checkValue(property, property.type, value, join(path, name)));
    } else if (property.required) {
      failures.push({
        property: join(path, name),
        reason: `missing required property "${name}": expected ${kind(property.type)}${allowed(property)}`,
      });
    }
  }
  return failures;
}

/** The path of a property within an object; map keys with dots are quoted, as Pulumi writes paths. */
export function join(path: string, name: string): string {
  if (!/^[\w$]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}

function checkValue(property: Property, type: string, value: Value, path: string): CheckFailure[] {
  if (value === UNKNOWN) return [];
  const wrong = (): CheckFailure[] => [
    { property: path, reason: `found ${show(value)}; expected ${kind(type)}${allowed(property)}` },
  ];
  if (type.startsWith("[]")) {
    if (!Array.isArray(value)) return wrong();
    const { minItems = 0, maxItems = Infinity } = property;
    const faults = value.flatMap((item, i) => checkValue(property, type.slice(2), item, `${path}[${i}]`));
    return value.length < minItems || value.length > maxItems
      ? [
          ...faults,
          { property: path, reason: `found ${value.length} items; allowed: ${range(minItems, maxItems)}` },
        ]
      : faults;
  }
  if (type.startsWith("{}")) {
    if (!isObject(value)) return wrong();
    return Object.entries(value).flatMap(([name, item]) =>
      checkValue(property, type.slice(2), item, join(path, name)),
    );
  }
  switch (type) {
    case "any":
      return [];
    case "boolean":
      return typeof value === "boolean" ? [] : wrong();
    case "number":
      return typeof value === "number" ? checkLimits(property, value, path) : wrong();
    case "string":
      return typeof value === "string" ? checkLimits(property, value, path) : wrong();
    case "json":
      return checkJson(value, path) ?? wrong();
    case "asset":
    case "archive":
      return value instanceof Asset ? [] : wrong();
    default:
      return isObject(value) ? checkProperties(AWS.objects[type] ?? {}, value, path) : wrong();
  }
}

function checkJson(value: Value, path: string): CheckFailure[] | undefined {
  if (isObject(value)) return [];
  if (typeof value !== "string") return undefined;
  try {
    JSON.parse(value);
    return [];
  } catch (error) {
    return [{ property: path, reason: `contains an invalid JSON policy: ${(error as Error).message}` }];
  }
}

function checkLimits(property: Property, value: string | number, path: string): CheckFailure[] {
  const found = typeof value === "number" ? value : value.length;
  const lower = typeof value === "number" ? property.min : property.minLength;
  const upper = typeof value === "number" ? property.max : property.maxLength;
  const within =
    (lower === undefined || found >= lower) &&
    (upper === undefined || found <= upper) &&
    (property.enum === undefined || property.enum.includes(value)) &&
    (property.pattern === undefined ||
      typeof value === "number" ||
      new RegExp(property.pattern, "u").test(value));
  if (within) return [];
  const length =
    typeof value === "string" && property.maxLength !== undefined ? ` (${value.length} characters)` : "";
  return [{ property: path, reason: `found ${show(value)}${length}${allowed(property)}` }];
}

/** What a property allows, for the end of a message. */
function allowed(property: Property): string {
  const { min, max, minLength, maxLength, pattern } = property;
  const limits = [
    property.enum && property.enum.map((v) => JSON.stringify(v)).join(", "),
    (min !== undefined || max !== undefined) && range(min, max),
    maxLength !== undefined ? `${minLength ?? 0} to ${maxLength} characters` : false,
    minLength !== undefined && maxLength === undefined && `at least ${minLength} characters`,
    pattern !== undefined && `text that matches ${pattern}`,
  ].filter(Boolean);
  return limits.length > 0 ? `; allowed: ${limits.join(", ")}` : "";
}

const range = (min = -Infinity, max = Infinity): string =>
  max === Infinity ? `at least ${min}` : min === -Infinity ? `at most ${max}` : `${min} to ${max}`;

function kind(type: string): string {
  if (type.startsWith("[]")) return "a list";
  if (type.startsWith("{}") || !/^(any|boolean|number|string|json|asset|archive)$/.test(type))
    return "an object";
  return { json: "JSON", asset: "an asset", archive: "an archive", any: "a value" }[type] ?? `a ${type}`;
}

function unknownProperty(name: string, facts: Properties): string {
  const names = Object.keys(facts);
  const [nearest] = names
    .map((other) => ({ other, distance: distance(name.toLowerCase(), other.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const meant =
    nearest && nearest.distance <= Math.max(2, name.length / 4) ? `; did you mean "${nearest.other}"?` : "";
  return `unexpected property "${name}"${meant || `; allowed: ${names.join(", ")}`}`;
}

/** How many letters to add, take away or change to get from one word to the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
