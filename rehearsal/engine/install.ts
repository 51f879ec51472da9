import { join } from "node:path";
import { version as sdkVersion } from "@pulumi/pulumi/version";
import { cacheFolder, exists, makeOnce } from "./cache";
import { engineAt, type Engine } from "./engine";
import type { Progress } from "./progress";
import { runLeashed } from "./run";

/** What {@link installedEngine} may be told; everything has a default. */
export interface InstallOptions {
  environment: NodeJS.ProcessEnv;
  progress: Progress;
  signal?: AbortSignal;
  /** The longest that the download may take, in seconds; 180 by default. Some networks swallow packets silently. */
  limit?: number;
  /** A JavaScript text, run by Node.js, that installs the SDK's version into the folder `process.argv[1]`. */
  installer?: string;
}

/** A process of its own, because the API's promise can be neither bounded nor ended. */
const INSTALLER = `
const { PulumiCommand } = require(${JSON.stringify(require.resolve("@pulumi/pulumi/automation"))});
PulumiCommand.install({ root: process.argv[1] }).catch((error) => {
  console.error(String(error.message).trim());
  process.exitCode = 1;
});`;

const folderOf = (environment: NodeJS.ProcessEnv) => join(cacheFolder(environment), `engine-${sdkVersion}`);

/** The engine that was installed into the cache before, if one was. */
export async function installedBefore(environment: NodeJS.ProcessEnv): Promise<Engine | undefined> {
  const folder = folderOf(environment);
  if (!(await exists(folder))) return undefined;
  const bin = join(folder, "bin");
  return engineAt(join(bin, "pulumi"), "installed", bin, environment);
}

/**
 * Installs the engine of the SDK's version into the user's cache with the Automation API's own installer.
 * Throws an Error with the installer's message, or that it took too long.
 */
export async function installEngine(options: InstallOptions): Promise<Engine> {
  const { environment, progress, signal, limit = 180, installer = INSTALLER } = options;
  const folder = folderOf(environment);
  const began = performance.now();
  const tell = () =>
    progress.show(`Downloading Pulumi ${sdkVersion}: ${Math.round((performance.now() - began) / 1000)} s`);
  const timer = setInterval(tell, 1000);
  tell();
  try {
    await makeOnce(
      folder,
      (draft) =>
        runLeashed({
          command: process.execPath,
          args: ["-e", installer, draft],
          env: environment,
          signal,
          limit,
        }),
      { signal, waiting: () => progress.show("Waiting for another process that downloads Pulumi") },
    );
  } finally {
    clearInterval(timer);
    progress.done();
  }
  const engine = await installedBefore(environment);
  if (engine === undefined) throw new Error(`the installer left nothing in ${folder}`);
  return engine;
}
