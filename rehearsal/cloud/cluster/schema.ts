import { isObject, show, UNKNOWN, type CheckFailure, type Value } from "../providers/behaviour";
import { shapeOf } from "./kinds";

/**
 * What the API server's strict validation refuses in a value of a type: unknown fields, missing required
 * ones, wrong types and values outside an enumeration. Unknown values (of a preview) are accepted anywhere.
 * `path` is where the value stands, for example `spec.template`; `type` is in the notation of the facts.
 */
export function violations(value: Value | undefined, type: string, path: string): CheckFailure[] {
  if (value === UNKNOWN || value === undefined || value === null || type === "any") return [];
  const results = alternatives(type).map((one) => judge(value, one, path));
  return results.find((found) => found.length === 0) ?? closest(results, value, type, path);
}

/** Splits on the bars that stand outside brackets: `n|[s|b]` is two alternatives. */
function alternatives(type: string): string[] {
  const parts: string[] = [];
  let part = "";
  let depth = 0;
  for (const char of type) {
    if (char === "[" || char === "{") depth++;
    if (char === "]" || char === "}") depth--;
    if (char === "|" && depth === 0) {
      parts.push(part);
      part = "";
    } else part += char;
  }
  return [...parts, part];
}

const NAMES: Readonly<Record<string, string>> = { s: "a string", n: "a number", b: "true or false" };

const describe = (type: string): string =>
  alternatives(type)
    .map((one) => {
      if (one.startsWith("[")) return "a list";
      if (one.startsWith("{") || one.startsWith("#")) return "an object";
      if (one.startsWith("=")) return `one of ${one.slice(1).split(",").join(", ")}`;
      return NAMES[one] ?? one;
    })
    .join(" or ");

/** With one alternative its own faults say most; with several, that none fits. */
function closest(results: CheckFailure[][], value: Value, type: string, path: string): CheckFailure[] {
  const [only] = results;
  if (results.length === 1 && only) return only;
  return [{ property: path, reason: `found ${show(value)}, expected ${describe(type)}` }];
}

function judge(value: Value, type: string, path: string): CheckFailure[] {
  const wrong = [{ property: path, reason: `found ${show(value)}, expected ${describe(type)}` }];
  if (type === "s") return typeof value === "string" ? [] : wrong;
  if (type === "n") return typeof value === "number" ? [] : wrong;
  if (type === "b") return typeof value === "boolean" ? [] : wrong;
  if (type.startsWith("=")) {
    return typeof value === "string" && type.slice(1).split(",").includes(value) ? [] : wrong;
  }
  if (type.startsWith("[")) {
    if (!Array.isArray(value)) return wrong;
    return value.flatMap((item, index) => violations(item, type.slice(1, -1), `${path}[${index}]`));
  }
  if (!isObject(value)) return wrong;
  if (type.startsWith("{")) {
    return Object.entries(value).flatMap(([key, item]) =>
      violations(item, type.slice(1, -1), `${path}${/^[\w-]+$/.test(key) ? `.${key}` : `["${key}"]`}`),
    );
  }
  return fields(value, type.slice(1), path);
}

function fields(value: Readonly<Record<string, Value>>, type: string, path: string): CheckFailure[] {
  const shape = shapeOf(type);
  const at = (name: string): string => (path === "" ? name : `${path}.${name}`);
  const found: CheckFailure[] = [];
  for (const [name, item] of Object.entries(value)) {
    const expected = shape[name] ?? shape[`${name}!`];
    if (expected !== undefined) found.push(...violations(item, expected, at(name)));
    else found.push({ property: at(name), reason: unknownField(name, Object.keys(shape), type) });
  }
  for (const name of Object.keys(shape)) {
    if (!name.endsWith("!")) continue;
    const item = value[name.slice(0, -1)];
    if (item === undefined || item === null) {
      found.push({ property: at(name.slice(0, -1)), reason: "required, but nothing was found" });
    }
  }
  return found;
}

function unknownField(name: string, allowed: readonly string[], type: string): string {
  const names = allowed.map((one) => one.replace("!", ""));
  const near = names
    .map((one) => ({ one, distance: distance(name.toLowerCase(), one.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  const hint = near && near.distance <= 3 ? `; did you mean ${near.one}?` : `: ${names.join(", ")}`;
  return `unknown field "${name}"; ${type} takes no such field${hint}`;
}

/** How many letters must be changed, added or removed to turn one name into the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
