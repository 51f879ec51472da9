import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { UsageError } from "./failure";

const DESCRIPTION = "Pulumi.yaml";

/** A folder with a `Pulumi.yaml` in it. */
export interface Project {
  readonly folder: string;
  /** The project's name, which is also the namespace of its configuration. */
  readonly name: string;
  /** The program's file. */
  readonly main: string;
  /** What a key of the project has where a stack does not set it, by key with its namespace. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

/** What one stack's file says. */
export interface StackFile {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/**
 * The project that a folder belongs to: of the nearest `Pulumi.yaml` in it or above it.
 *
 * @throws UsageError where there is none
 */
export function findProject(from: string): Project {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, DESCRIPTION))) return readProject(folder);
    if (folder === dirname(folder)) break;
  }
  throw new UsageError(`no ${DESCRIPTION} in ${resolve(from)} or above it; call sluice inside the project`);
}

function readProject(folder: string): Project {
  const path = join(folder, DESCRIPTION);
  const { name, main, config } = yamlOf(path, readFileSync(path, "utf8")) as {
    name?: unknown;
    main?: unknown;
    config?: Record<string, unknown>;
  };
  if (typeof name !== "string") throw new UsageError(`${path}: found no name; every Pulumi project has one`);
  return {
    folder,
    name,
    main: resolve(folder, typeof main === "string" ? main : "index.ts"),
    defaults: Object.fromEntries(
      Object.entries(config ?? {}).flatMap(([key, declared]) => {
        const value = defaultOf(declared);
        return value === undefined ? [] : [[key.includes(":") ? key : `${name}:${key}`, value]];
      }),
    ),
  };
}

/** The file of a stack of this project. @throws UsageError that names the stacks there are */
export function readStackFile(project: Project, stack: string): StackFile {
  const stacks = readdirSync(project.folder).flatMap(
    (file) => /^Pulumi\.([\w.-]+)\.yaml$/.exec(file)?.[1] ?? [],
  );
  if (!stacks.includes(stack)) {
    throw new UsageError(
      `-s: found ${JSON.stringify(stack)}; allowed are the stacks of ${project.folder}: ` +
        (stacks.sort().join(", ") || "there are none"),
    );
  }
  const path = join(project.folder, `Pulumi.${stack}.yaml`);
  return { name: stack, path, text: readFileSync(path, "utf8") };
}

/** A program's configuration as the engine would give it: text, objects as JSON, by key with its namespace. */
export interface Configuration {
  readonly values: Readonly<Record<string, string>>;
  /** Keys whose value is encrypted, or has an encrypted value inside; nothing is decrypted here. */
  readonly secret: readonly string[];
}

/** What stands for an encrypted value. */
const ENCRYPTED = "withheld";

/** The configuration of a stack. @throws UsageError where its file is no YAML */
export function configurationOf(project: Project, stack: StackFile): Configuration {
  const { config } = yamlOf(stack.path, stack.text) as { config?: Record<string, unknown> };
  const all = { ...project.defaults, ...config };
  const secret: string[] = [];
  const values = Object.entries(all).map(([key, value]): [string, string] => {
    const opened = withoutSecrets(value);
    if (JSON.stringify(opened) !== JSON.stringify(value)) secret.push(key);
    return [key, typeof opened === "string" ? opened : JSON.stringify(opened)];
  });
  return { values: Object.fromEntries(values), secret };
}

/** `{ secure: … }` is how Pulumi writes an encrypted value, at any depth. */
function withoutSecrets(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutSecrets);
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]?.[0] === "secure") return ENCRYPTED;
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutSecrets(inner)]));
}

/** A declared key has its default under `value` or `default`; a key may also be its default itself. */
function defaultOf(declared: unknown): unknown {
  if (typeof declared !== "object" || declared === null) return declared;
  const { value, default: otherwise } = declared as { value?: unknown; default?: unknown };
  return value ?? otherwise;
}

function yamlOf(path: string, text: string): unknown {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new UsageError(`${path}: ${error.message}`);
  return document.toJS() ?? {};
}
