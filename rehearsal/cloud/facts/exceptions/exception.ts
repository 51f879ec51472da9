import type { Property } from "../facts";

/** A fact that the published schemas lack or have otherwise, and why it is so. */
export interface Exception {
  /** The owner and the property; the owner is a type token or the name of a nested object. */
  readonly property: string;
  /** Overlays what was generated; `undefined` takes a limit away. */
  readonly facts: { readonly [K in keyof Property]?: Property[K] | undefined };
  readonly reason: string;
}

/** Properties of one type, their names parted by blanks, with the same exception. */
export const each = (type: string, names: string, facts: Exception["facts"], reason: string): Exception[] =>
  names.split(" ").map((name) => ({ property: `${type}.${name}`, facts, reason }));

/** Properties whose change replaces the resource, although the schemas do not say so. */
export const replaces = (type: string, names: string, reason: string): Exception[] =>
  each(type, names, { replace: true }, reason);

/** Properties that change in place, although the schemas have them replace. */
export const changes = (type: string, names: string, reason: string): Exception[] =>
  each(type, names, { replace: undefined }, reason);

export const NO_SCHEMA =
  "no schema of the type is read; the provider's documentation has the property as immutable";
export const OTHER_NAME = "CloudFormation names the property otherwise, and has it as createOnly";
export const NO_UPDATE = "the API has no call that changes it";
