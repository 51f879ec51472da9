import { AWS, type TypeFacts } from "../../facts/facts";
import { CloudError } from "../../faults";
import type { World } from "../../world";
import type { Values } from "../behaviour";
import { isAutoName, nameProperty } from "./naming";
import { hex, type Recipe } from "./recipe";
import { RECIPES } from "./recipes";

/** @throws Error for a type that the table of facts does not have. */
export function factsOf(type: string): TypeFacts {
  const facts = AWS.types[type];
  if (facts) return facts;
  throw new Error(
    `the local cloud does not know the type ${type}; add it to rehearsal/cloud/facts/aws-types.ts ` +
      "and run rehearsal/cloud/facts/generate.ts",
  );
}

/** How AWS makes a type; without a recipe of its own, ids are made from the logical name. */
export function recipeOf(type: string): Recipe {
  const noun = type.split(":").pop() ?? type;
  return (
    RECIPES[type] ?? {
      service: type.split(":")[1]!.split("/")[0]!,
      operations: [`Create${noun}`, `Update${noun}`, `Delete${noun}`],
      make: ({ logical }) => ({ id: `${logical}-${hex(8)}` }),
    }
  );
}

/** Refuses, by `CloudError`, what another resource of the type claims already. */
export function refuseDuplicate(
  world: World,
  type: string,
  properties: Values,
  self: string | undefined,
): void {
  const { identity } = recipeOf(type);
  if (!identity) return;
  const key = (of: Values): string =>
    JSON.stringify([...identity.by, "region"].map((name) => of[name] ?? null));
  const wanted = key(properties);
  const other = world.all(type).find((held) => held.id !== self && key(held.properties as Values) === wanted);
  if (other) throw new CloudError(identity.code, identity.message(properties));
}

/** Whether old and new resource cannot be there at once, since the program gives both the same name. */
export function collides(type: string, logical: string, olds: Values, news: Values): boolean {
  const by = RECIPES[type]?.identity?.by ?? [];
  return (
    by.includes(nameProperty(type)) &&
    by.every((name) => olds[name] === news[name]) &&
    !by.some((name) => isAutoName(type, logical, news[name]))
  );
}
