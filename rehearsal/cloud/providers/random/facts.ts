import type { Properties, Property } from "../../facts/facts";

/** Every property of a random value makes another value when it changes. */
const replacing = (property: Property): Property => ({ ...property, replace: true });

const keepers = replacing({ type: "{}string" });
const flag = replacing({ type: "boolean", default: true });
const least = replacing({ type: "number", default: 0, min: 0 });

const TEXT: Properties = {
  keepers,
  length: replacing({ type: "number", required: true, min: 1 }),
  lower: flag,
  minLower: least,
  minNumeric: least,
  minSpecial: least,
  minUpper: least,
  number: replacing({ type: "boolean" }),
  numeric: flag,
  overrideSpecial: replacing({ type: "string" }),
  special: flag,
  upper: flag,
};

/** What the types of @pulumi/random take, as the provider's schema has them. */
export const RANDOM_TYPES: Readonly<Record<string, Properties>> = {
  "random:index/randomPassword:RandomPassword": TEXT,
  "random:index/randomString:RandomString": TEXT,
  "random:index/randomId:RandomId": {
    byteLength: replacing({ type: "number", required: true, min: 1 }),
    keepers,
    prefix: replacing({ type: "string" }),
  },
};
