import { isObject, type Value } from "../providers/behaviour";
import type { Held } from "../world";
import { listOf, objectOf, stringOf } from "./objects";

/** The annotation by which a program says what Pulumi is to wait for. */
const WAIT_FOR = "pulumi.com/waitFor";

/**
 * What an object still lacks of its annotation `pulumi.com/waitFor`, one reason an expression; undefined where it
 * has no such annotation. As in Pulumi it is one expression or a JSON list of them: `condition=Ready`,
 * `condition=Ready=False`, `jsonpath={.status.phase}` or `jsonpath={.status.phase}=Bound`.
 *
 * @throws Error for an expression that is none
 */
export function unmet(held: Held): string[] | undefined {
  const asked = stringOf(objectOf(objectOf(held.properties.metadata).annotations)[WAIT_FOR]);
  if (asked === undefined) return undefined;
  const expressions = asked.trim().startsWith("[") ? (JSON.parse(asked) as string[]) : [asked];
  return expressions.flatMap((expression) => missing(held, expression) ?? []);
}

function missing(held: Held, expression: string): string | undefined {
  const condition = /^condition=([^=]+)(?:=(.+))?$/.exec(expression);
  if (condition) return conditionMissing(held, condition[1]!, condition[2] ?? "True");
  const path = /^jsonpath=\{?\.?([^{}=]+)\}?(?:=(.*))?$/.exec(expression);
  if (!path) {
    throw new Error(
      `${WAIT_FOR} is ${JSON.stringify(expression)}; allowed are condition=TYPE, condition=TYPE=STATUS, ` +
        "jsonpath={PATH} and jsonpath={PATH}=VALUE",
    );
  }
  const found = path[1]!
    .split(".")
    .reduce<Value | undefined>(
      (at, name) => (isObject(at) ? at[name] : undefined),
      held.properties as Record<string, Value>,
    );
  const met = path[2] === undefined ? found !== undefined : shown(found) === path[2];
  return met
    ? undefined
    : `waiting for ${expression}; found ${found === undefined ? "nothing" : shown(found)}`;
}

const shown = (value: Value | undefined): string =>
  typeof value === "string" ? value : JSON.stringify(value ?? null);

function conditionMissing(held: Held, type: string, status: string): string | undefined {
  const found = listOf(objectOf(held.properties.status).conditions)
    .map(objectOf)
    .find((one) => one.type === type);
  const { generation } = objectOf(held.properties.metadata);
  const { observedGeneration = generation } = found ?? {};
  if (found?.status === status && observedGeneration === generation) return undefined;
  if (!found) return `waiting for condition ${type} to be ${status}; there is no such condition yet`;
  return `waiting for condition ${type} to be ${status}; it is ${String(found.status)} (${String(found.reason)}): ${String(found.message)}`;
}
