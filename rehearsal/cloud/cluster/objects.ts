import { isObject, type Value, type Values } from "../providers/behaviour";

/** A value as an object; empty when it is absent, unknown or something else. */
export const objectOf = (value: unknown): Values => (isObject(value) ? value : {});

/** A value as a list; empty when it is absent, unknown or something else. */
export const listOf = (value: unknown): Value[] => (Array.isArray(value) ? (value as Value[]) : []);

/** A value as a string; undefined when it is absent, unknown or something else. */
export const stringOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

/** A value as a number; the default when it is absent, unknown or something else. */
export const numberOf = (value: unknown, otherwise: number): number =>
  typeof value === "number" ? value : otherwise;

/** Labels or a selector: the entries whose values are known strings. */
export const labelsOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(objectOf(value)).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );

/** Whether the labels have every entry of the selector. An empty selector selects nothing, as a Service's does. */
export function selects(
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}
