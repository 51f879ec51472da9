/**
 * Writes aws.json: what the types of `aws-types.ts` take and give. Property names and types come from the
 * declarations of the installed @pulumi/aws; limits, and what replaces a resource, from CloudFormation's
 * resource schemas as the Python package cfn-lint carries them, and from doc comments; what both lack or
 * have otherwise is in the folder `exceptions`. Run it again after an upgrade of @pulumi/aws or with a new type:
 *
 *     pip download --no-deps --dest cfn cfn-lint==1.58.0 && unzip -q cfn/*.whl -d cfn
 *     node -r ./register.cjs rehearsal/cloud/facts/generate.ts cfn
 */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AWS_TYPES } from "./aws-types";
import { fromComment } from "./comments";
import { Declarations, type DeclaredProperties } from "./declarations";
import { EXCEPTIONS } from "./exceptions";
import type { Facts, Properties, Property, TypeFacts } from "./facts";
import { type Found, match, Schemas } from "./schemas";

const [folder] = process.argv.slice(2);
if (folder === undefined)
  throw new Error("usage: generate.ts FOLDER, where the wheel of cfn-lint is unpacked");
const cfnLint = readdirSync(folder)
  .map((name) => /^cfn_lint-(.+)\.dist-info$/.exec(name)?.[1])
  .find(Boolean);
if (cfnLint === undefined) throw new Error(`${folder} holds no unpacked cfn-lint (no cfn_lint-*.dist-info)`);

const declarations = new Declarations();
const schemas = new Schemas(folder);
const exceptions = new Map<string, Partial<Record<keyof Property, unknown>>>();
for (const { property, facts } of EXCEPTIONS)
  exceptions.set(property, { ...exceptions.get(property), ...facts });
const used = new Set<string>();

/** Every type's region is where it lives, and a prefix makes the name: a change of either is another resource. */
const everywhere = (owner: string, name: string): Partial<Property> =>
  owner.startsWith("aws:") && (name === "region" || name === "namePrefix") ? { replace: true } : {};

/** Joins declaration, doc comment, schema and exception, in rising order of weight. */
function joined(owner: string, declared: DeclaredProperties, found: Found): Properties {
  const all: Record<string, Property> = {};
  for (const [name, { property, doc }] of Object.entries(declared)) {
    const key = `${owner}.${name}`;
    const exception = exceptions.get(key);
    if (exception) used.add(key);
    const merged: Partial<Record<keyof Property, unknown>> = {
      ...property,
      ...fromComment(property, doc),
      ...found.get(key),
      ...everywhere(owner, name),
      ...exception,
    };
    // What AWS chooses, a preview does not know; a default is what the provider itself fills in.
    if (merged.computed && exception?.default === undefined) merged.default = undefined;
    all[name] = Object.fromEntries(
      Object.entries(merged).filter(([, fact]) => fact !== undefined),
    ) as unknown as Property;
  }
  return all;
}

const types: Record<string, TypeFacts> = {};
let objects: Record<string, Properties> = {};

function addObjects(properties: Properties, found: Found): void {
  for (const { type } of Object.values(properties)) {
    const name = type.replace(/^(\[\]|\{\})+/, "");
    const nested = /^[A-Z]\w*$|\./.test(name);
    if (!nested || name in objects) continue;
    objects[name] = {};
    objects[name] = joined(name, declarations.object(name), found);
    addObjects(objects[name], found);
  }
}

for (const [path, cloudFormation] of [["provider", null] as const, ...AWS_TYPES]) {
  const { token, inputs, outputs } = declarations.resource(path);
  const found: Found =
    cloudFormation === null
      ? new Map<string, Partial<Property>>()
      : match(token, inputs, schemas.read(cloudFormation), declarations);
  types[token] = { inputs: joined(token, inputs, found), outputs };
  addObjects(types[token].inputs, found);
}

/** Nested types of the same content become one, under the first name: the SDK repeats those of web ACLs by the hundred. */
function shareEqualObjects(): void {
  for (let changed = true; changed;) {
    const first = new Map<string, string>();
    const renamed = new Map<string, string>();
    for (const name of Object.keys(objects).sort()) {
      const content = JSON.stringify(objects[name]);
      const same = first.get(content);
      if (same === undefined) first.set(content, name);
      else renamed.set(name, same);
    }
    const rename = (properties: Properties): Properties =>
      Object.fromEntries(
        Object.entries(properties).map(([name, property]) => {
          const [, prefix = "", type = ""] = /^((?:\[\]|\{\})*)(.*)$/.exec(property.type) ?? [];
          return [name, { ...property, type: prefix + (renamed.get(type) ?? type) }];
        }),
      );
    objects = Object.fromEntries(
      Object.entries(objects)
        .filter(([name]) => !renamed.has(name))
        .map(([name, properties]) => [name, rename(properties)]),
    );
    for (const [token, facts] of Object.entries(types))
      types[token] = { ...facts, inputs: rename(facts.inputs) };
    changed = renamed.size > 0;
  }
}
shareEqualObjects();

const unused = [...exceptions.keys()].filter((key) => !used.has(key));
if (unused.length > 0) throw new Error(`exceptions/ names what does not exist: ${unused.join(", ")}`);

/** One line a type or object, so that a change of the sources is a readable change of the table. */
const lines = (entries: Readonly<Record<string, unknown>>): string =>
  Object.keys(entries)
    .sort()
    .map((name) => `  ${JSON.stringify(name)}: ${JSON.stringify(entries[name])}`)
    .join(",\n");

const sources: Facts["sources"] = { "@pulumi/aws": declarations.version, "cfn-lint": cfnLint };
writeFileSync(
  join(__dirname, "aws.json"),
  `{\n"sources": ${JSON.stringify(sources)},\n"types": {\n${lines(types)}\n},\n"objects": {\n${lines(objects)}\n}\n}\n`,
);
