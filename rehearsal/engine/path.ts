import { delimiter, dirname, join, resolve } from "node:path";
import { engineAt, HOST_FOLDER, HOST_NAME, isExecutable, type Engine } from "./engine";

/**
 * The engine that `pulumi` on PATH is. One that has no Node.js language host beside it or on PATH gets ours behind
 * it. Throws an Error if there is none, or the first does not run or is too old.
 */
export async function engineOnPath(environment: NodeJS.ProcessEnv): Promise<Engine> {
  const executable = await onPath("pulumi", environment);
  if (executable === undefined) throw new Error("no pulumi on PATH");
  const folder = dirname(executable);
  const brought =
    (await isExecutable(join(folder, HOST_NAME))) || (await onPath(HOST_NAME, environment)) !== undefined;
  const path = brought ? folder : [folder, HOST_FOLDER].join(delimiter);
  return engineAt(executable, "path", path, environment).catch((error: unknown) => {
    throw new Error(`${executable}: ${(error as Error).message}`, { cause: error });
  });
}

/** The first executable of a name on PATH. */
async function onPath(name: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (environment.PATH ?? "").split(delimiter).filter(Boolean)) {
    const file = join(resolve(folder), name);
    if (await isExecutable(file)) return file;
  }
  return undefined;
}
