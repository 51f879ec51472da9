import type { Values } from "../../behaviour";
import { hex, textOf, type Making, type Recipe } from "../recipe";

/** A UUID as AWS makes them for keys, versions and the like. */
export const uuid = (): string => [8, 4, 4, 4, 12].map(hex).join("-");

/** A service's ARN that names no region: the service is global. */
export const globalArn = ({ scope }: Making, service: string, resource: string): string =>
  `arn:${scope.partition}:${service}::${scope.account}:${resource}`;

const exists = (property: string) => (v: Values) => `${textOf(v[property])} already exists`;

interface Named {
  /** The input that is the id; `name` by default. */
  readonly property?: string;
  /** AWS's refusal of a second one; without it AWS makes one more, or writes over the first. */
  readonly code?: string;
  readonly outputs?: (m: Making) => Values;
}

/** A resource whose id is one of its inputs. */
export function byName(
  service: string,
  noun: string,
  { property = "name", code, outputs = () => ({}) }: Named,
): Recipe {
  return {
    service,
    operations: [`Create${noun}`, `Update${noun}`, `Delete${noun}`],
    notFound: "ResourceNotFoundException",
    make: (m) => ({ id: m.text(property), outputs: outputs(m) }),
    ...(code !== undefined && { identity: { by: [property], code, message: exists(property) } }),
  };
}

/** A resource whose id is its ARN. */
export function byArn(
  service: string,
  noun: string,
  arn: (m: Making) => string,
  more: Omit<Named, "property"> = {},
): Recipe {
  return {
    ...byName(service, noun, more),
    make: (m) => {
      const id = arn(m);
      return { id, outputs: { arn: id, ...more.outputs?.(m) } };
    },
  };
}

/** What is put on another resource, and has its id. */
export const satellite = (
  service: string,
  operations: Recipe["operations"],
  id: (m: Making) => string,
  notFound = "ResourceNotFoundException",
): Recipe => ({ service, operations, notFound, make: (m) => ({ id: id(m) }) });
