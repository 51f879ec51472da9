import { createHash } from "node:crypto";
import { access, constants, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { cacheFolder } from "./cache";

/** Whence an engine comes: found on PATH, fetched by Pulumi's installer, or built from its Go module. */
export type Source = "path" | "installed" | "built";

/** A Pulumi engine that can be used here. */
export interface Engine {
  /** For the Automation API. What it starts ends with this process, however this process ends. */
  readonly command: PulumiCommand;
  /** Its version, such as "3.250.0". */
  readonly version: string;
  readonly source: Source;
  /**
   * The folders to put before PATH, in their order, separated as in PATH: the engine's, and where it brings no
   * Node.js language host the one that holds ours.
   */
  readonly path: string;
}

/** The folder of the project's own language host. */
export const HOST_FOLDER = join(__dirname, "bin");

/** The name under which the engine looks for the Node.js language host. */
export const HOST_NAME = "pulumi-language-nodejs";

/**
 * The first engine that can be relied on here: since then an error in a hook that runs after a step fails the update,
 * which the guards' tests count on.
 */
export const MINIMUM_VERSION = "3.238.0";

/** Whether a file can be executed by this process. */
export async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * Makes an Engine of an executable. Throws an Error if it does not run, or tells no version or too old a one.
 * `path`: as in {@link Engine.path}.
 */
export async function engineAt(
  executable: string,
  source: Source,
  path: string,
  environment: NodeJS.ProcessEnv,
): Promise<Engine> {
  const root = await leashed(executable, environment);
  const command = heeding(await PulumiCommand.get({ root }));
  const version = command.version?.toString() ?? "unknown";
  if (command.version === null || command.version.compare(MINIMUM_VERSION) < 0) {
    throw new Error(`its version is ${version}; ${MINIMUM_VERSION} or later is needed`);
  }
  return { command, version, source, path };
}

/** How the Automation API uses a command; the declared class leaves it out. */
interface Runner {
  run(...all: [unknown, unknown, unknown, unknown?, unknown?, AbortSignal?]): Promise<unknown>;
}

/**
 * The Automation API asks an operation's signal only while the engine runs. It would start an engine for an operation
 * that was aborted just before, and nobody could end that in time.
 */
function heeding(command: PulumiCommand): PulumiCommand {
  const runner = command as unknown as Runner;
  const run = runner.run.bind(runner);
  runner.run = async (...all) => {
    all[5]?.throwIfAborted();
    return run(...all);
  };
  return command;
}

/**
 * A folder with a `bin/pulumi` that runs `executable` on the leash. The Automation API takes a folder so, and gives no
 * other way to end the engine's whole process group, or to end it with a parent that was killed.
 */
async function leashed(executable: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const words = [process.execPath, join(__dirname, "leash.js"), executable].map(quoted).join(" ");
  const script = `#!/bin/sh\nexec ${words} "$@"\n`;
  const name = createHash("sha256").update(script).digest("hex").slice(0, 16);
  const root = join(cacheFolder(environment), `leash-${name}`);
  const file = join(root, "bin", "pulumi");
  if (await isExecutable(file)) return root;
  await mkdir(join(root, "bin"), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, script, { mode: 0o755 });
  await rename(draft, file);
  return root;
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
