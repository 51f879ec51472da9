import { AWS, type Properties, type Property } from "../../facts/facts";
import { equal, isObject, UNKNOWN, type Change, type Value, type Values } from "../behaviour";
import { join } from "./check";

/** Compares inputs by the table of facts: nested, sets as sets, JSON by its meaning. */
export function diffProperties(
  facts: Properties,
  olds: Values,
  news: Values,
  path = "",
  replace = false,
): Change[] {
  const names = new Set([...Object.keys(olds), ...Object.keys(news)]);
  return [...names].flatMap((name) => {
    const property = facts[name] ?? { type: "any" };
    const before: Value | undefined = olds[name];
    const after: Value | undefined = news[name];
    // AWS keeps what it has chosen, or what it was last told, when the program no longer says anything.
    if (after === undefined && property.computed) return [];
    return diffValue(property, property.type, before, after, join(path, name), replace || !!property.replace);
  });
}

function diffValue(
  property: Property,
  type: string,
  before: Value | undefined,
  after: Value | undefined,
  path: string,
  replace: boolean,
): Change[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return isEmpty(after) ? [] : [{ path, kind: "add", replace }];
  if (after === undefined) return isEmpty(before) ? [] : [{ path, kind: "delete", replace }];
  if (type === "json" ? sameJson(before, after) : equal(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) {
    return property.set
      ? diffSet(property, type.slice(2), before, after, path, replace)
      : diffList(property, type.slice(2), before, after, path, replace);
  }
  if (isObject(before) && isObject(after) && type !== "json") {
    const facts = AWS.objects[type] ?? mapFacts(type, before, after);
    return diffProperties(facts, before, after, path, replace);
  }
  return [{ path, kind: "update", replace }];
}

/** A map compares as an object whose keys all have the map's type. */
function mapFacts(type: string, before: Values, after: Values): Properties {
  const item: Property = { type: type.startsWith("{}") ? type.slice(2) : "any" };
  return Object.fromEntries([...Object.keys(before), ...Object.keys(after)].map((name) => [name, item]));
}

function diffList(
  property: Property,
  type: string,
  before: Value[],
  after: Value[],
  path: string,
  replace: boolean,
): Change[] {
  const length = Math.max(before.length, after.length);
  return Array.from({ length }).flatMap((_, i) =>
    diffValue(property, type, before[i], after[i], `${path}[${i}]`, replace),
  );
}

/**
 * Pairs equal items, then objects that carry the same key, then what is left in order; the paths of what
 * remains or is new are those of the new list.
 */
function diffSet(
  property: Property,
  type: string,
  before: Value[],
  after: Value[],
  path: string,
  replace: boolean,
): Change[] {
  const left = new Set(before.keys());
  const partner = new Map<number, number>();
  const pair = (fits: (a: Value, b: Value) => boolean): void => {
    after.forEach((item, index) => {
      if (partner.has(index)) return;
      const found = [...left].find((i) => fits(before[i]!, item));
      if (found === undefined) return;
      left.delete(found);
      partner.set(index, found);
    });
  };
  pair((a, b) => equal(a, b));
  pair((a, b) => sameKey(a, b));
  if (AWS.objects[type] || after.includes(UNKNOWN)) pair(() => true);
  return [
    ...after.flatMap((item, i) =>
      diffValue(
        property,
        type,
        partner.has(i) ? before[partner.get(i)!] : undefined,
        item,
        `${path}[${i}]`,
        replace,
      ),
    ),
    ...[...left].map((i): Change => ({ path: `${path}[${i}]`, kind: "delete", replace })),
  ];
}

/** The properties by which AWS tells the members of its sets apart. */
const KEYS = ["arn", "name", "id", "key", "subnetId", "priority"];

function sameKey(a: Value, b: Value): boolean {
  if (!isObject(a) || !isObject(b)) return false;
  const key = KEYS.find((name) => name in a || name in b);
  return key !== undefined && equal(a[key], b[key]);
}

const isEmpty = (value: Value | undefined): boolean => Array.isArray(value) && value.length === 0;

/** Policies that differ only in spacing or in the order of keys are the same to AWS. */
export function sameJson(before: Value, after: Value): boolean {
  const parse = (value: Value): Value => (typeof value === "string" ? (JSON.parse(value) as Value) : value);
  try {
    return equal(parse(before), parse(after));
  } catch {
    return equal(before, after);
  }
}
