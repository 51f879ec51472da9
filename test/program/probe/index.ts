import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import type { Probed } from "../fixture";

// Past the SDK's types on purpose: what they would not let through is what the cloud must refuse.
const file = process.env["PROBE_RESOURCES"];
if (file === undefined) throw new Error("PROBE_RESOURCES names no file");

const load = createRequire(__filename);
/** As its SDK asks for it: the provider that is attached is of that version. */
const versionOf = (type: string) =>
  (load(`@pulumi/${type.split(":")[0] ?? ""}/package.json`) as { version: string }).version;

class AnyResource extends pulumi.CustomResource {}
class AnyComponent extends pulumi.ComponentResource {}

const made = new Map<string, pulumi.CustomResource>();
for (const { type, name, inputs } of JSON.parse(readFileSync(file, "utf8")) as Probed[]) {
  // `id of NAME` stands for the id of a resource that comes before.
  const resolved = Object.entries(inputs).map(([key, value]) => {
    const other =
      typeof value === "string" && value.startsWith("id of ") ? made.get(value.slice(6)) : undefined;
    return [key, other?.id ?? value];
  });
  if (type.startsWith("sluice:")) new AnyComponent(type, name, inputs);
  else
    made.set(name, new AnyResource(type, name, Object.fromEntries(resolved), { version: versionOf(type) }));
}
