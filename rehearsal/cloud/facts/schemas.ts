import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Declarations, DeclaredProperties } from "./declarations";
import type { Property } from "./facts";

/** The part of JSON Schema that CloudFormation's resource schemas use. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly (string | number)[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly insertionOrder?: boolean;
}

interface ResourceSchema extends Schema {
  readonly typeName: string;
  readonly createOnlyProperties?: readonly string[];
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** What a schema adds to properties, by the property's owner (token or object name) and its name. */
export type Found = Map<string, Partial<Property>>;

/** The resource schemas of an unpacked cfn-lint. */
export class Schemas {
  readonly #index: Readonly<Record<string, string>>;

  constructor(readonly folder: string) {
    this.#index = JSON.parse(
      readFileSync(join(folder, "cfnlint/data/schemas/providers/us-east-1.json"), "utf8"),
    ) as Record<string, string>;
  }

  /** @param type without `AWS::`, for example `EC2::VPC`. */
  read(type: string): ResourceSchema {
    const file = this.#index[`AWS::${type}`];
    if (file === undefined) throw new Error(`cfn-lint has no schema of AWS::${type}`);
    return JSON.parse(
      readFileSync(join(this.folder, `cfnlint/data/schemas/resources/${file}.json`), "utf8"),
    ) as ResourceSchema;
  }
}

/**
 * Finds for each property the one of CloudFormation that means the same, by its name, and takes its limits.
 * Nested objects are followed side by side.
 */
export function match(
  owner: string,
  inputs: DeclaredProperties,
  schema: ResourceSchema,
  declarations: Declarations,
): Found {
  const found: Found = new Map();
  const createOnly = new Set(schema.createOnlyProperties ?? []);
  const noun = schema.typeName.split("::").pop()!;

  const visit = (
    name: string,
    members: DeclaredProperties,
    at: Schema,
    pointer: string,
    path: string,
  ): void => {
    for (const [property, { property: declared }] of Object.entries(members)) {
      const key = `${name}.${property}`;
      if (found.has(key)) continue;
      let hit = lookUp(at, pointer, property, noun);
      // CloudFormation often has `HealthCheckPath` where Pulumi has `healthCheck.path`.
      if (!hit && path) hit = lookUp(schema, "/properties", path + capital(property), noun);
      if (!hit && !/^\W*[a-z][\w]*\./.test(declared.type)) continue;
      const target = hit ? resolve(hit.schema, schema) : at;
      const kind = declared.type.replace(/^(\[\]|\{\})/, "");
      found.set(
        key,
        hit ? limits(declared.type, hit.schema, target, createOnly.has(hit.pointer), schema) : {},
      );
      if (kind.includes(".")) {
        const items = target.items ? resolve(target.items, schema) : target;
        const below = hit ? `${hit.pointer}${target.items ? "/*" : ""}/properties` : pointer;
        visit(
          kind,
          declarations.object(kind),
          hit ? items : { properties: {} },
          below,
          path + (path ? capital(property) : property),
        );
      }
    }
  };
  visit(owner, inputs, schema, "/properties", "");
  return found;
}

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/ies$/, "y")
    .replace(/(?<=..)s$/, "");

function lookUp(
  at: Schema,
  pointer: string,
  property: string,
  noun: string,
): { schema: Schema; pointer: string } | undefined {
  const names = new Map(Object.keys(at.properties ?? {}).map((name) => [plain(name), name]));
  const wanted = plain(property);
  const candidates = [
    wanted,
    ...["config", "configuration", "seconds", "count", "id"].map((suffix) => wanted + suffix),
    plain(noun) + wanted,
    plain(noun.replace(/^DB/, "")) + wanted,
    wanted.replace(/id$/, ""),
  ];
  const name = candidates.map((c) => names.get(plain(c))).find((n) => n !== undefined);
  return name === undefined ? undefined : { schema: at.properties![name]!, pointer: `${pointer}/${name}` };
}

function resolve(schema: Schema, root: ResourceSchema): Schema {
  const name = /^#\/definitions\/(.+)$/.exec(schema.$ref ?? "")?.[1];
  const target = name === undefined ? undefined : root.definitions?.[name];
  return target ? resolve({ ...target, ...withoutRef(schema) }, root) : schema;
}

function withoutRef({ $ref: _, ...rest }: Schema): Schema {
  return rest;
}

/** Only limits on the kind of value that Pulumi has there too. */
function limits(
  type: string,
  own: Schema,
  schema: Schema,
  replace: boolean,
  root: ResourceSchema,
): Partial<Property> {
  const list = type.startsWith("[]");
  const value = list && schema.items ? resolve(schema.items, root) : schema;
  const kind = list ? type.slice(2) : type;
  const types = new Set([value.type].flat());
  return {
    ...(replace && { replace: true as const }),
    ...(list && (own.insertionOrder ?? schema.insertionOrder) === false && { set: true as const }),
    ...(list && schema.minItems !== undefined && { minItems: schema.minItems }),
    ...(list && schema.maxItems !== undefined && { maxItems: schema.maxItems }),
    ...(kind === "string" &&
      types.has("string") && {
        ...(value.enum && { enum: value.enum }),
        ...(value.pattern !== undefined && isPattern(value.pattern) && { pattern: value.pattern }),
        ...(value.minLength !== undefined && { minLength: value.minLength }),
        ...(value.maxLength !== undefined && { maxLength: value.maxLength }),
      }),
    ...(kind === "number" &&
      (types.has("integer") || types.has("number")) && {
        ...(value.enum && { enum: value.enum }),
        ...(value.minimum !== undefined && { min: value.minimum }),
        ...(value.maximum !== undefined && { max: value.maximum }),
      }),
  };
}

/** The schemas' patterns are of another dialect: what JavaScript can't read is left out. */
function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, "u");
    return true;
  } catch {
    return false;
  }
}
