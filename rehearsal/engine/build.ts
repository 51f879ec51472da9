import { chmod, copyFile, mkdir, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { cacheFolder, exists, makeOnce } from "./cache";
import { engineAt, HOST_FOLDER, HOST_NAME, type Engine } from "./engine";
import type { Progress } from "./progress";
import { runLeashed } from "./run";

/** The folder with the Go module that pins the engine's version and the checksums of all it is built from. */
const MODULE = join(__dirname, "go");

const PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** What {@link buildEngine} needs. */
export interface BuildOptions {
  environment: NodeJS.ProcessEnv;
  progress: Progress;
  signal?: AbortSignal;
}

/** The version that the Go module pins, such as "3.250.0". */
export async function pinnedVersion(): Promise<string> {
  const text = await readFile(join(MODULE, "go.mod"), "utf8");
  const found = /github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/.exec(text)?.[1];
  if (found === undefined)
    throw new Error(`${MODULE}/go.mod does not require github.com/pulumi/pulumi/pkg/v3`);
  return found;
}

const folderOf = async (environment: NodeJS.ProcessEnv) =>
  join(cacheFolder(environment), `built-engine-${await pinnedVersion()}`);

/** The engine that was built into the cache before, if one was. */
export async function builtBefore(environment: NodeJS.ProcessEnv): Promise<Engine | undefined> {
  const folder = await folderOf(environment);
  if (!(await exists(folder))) return undefined;
  const bin = join(folder, "bin");
  return engineAt(join(bin, "pulumi"), "built", [bin, HOST_FOLDER].join(delimiter), environment);
}

/**
 * Builds the engine from its Go module into the user's cache; five minutes or so, once. Go's own caches stay where
 * the user's Go has them. Throws an Error with what go printed.
 */
export async function buildEngine({ environment, progress, signal }: BuildOptions): Promise<Engine> {
  const version = await pinnedVersion();
  const folder = await folderOf(environment);
  // A workspace or flags of the user's would build something else than what is pinned here.
  const env = { ...environment, GOWORK: "off", GOFLAGS: `${environment.GOFLAGS ?? ""} -mod=readonly`.trim() };
  const go = (args: string[], line: (text: string, stream: "out" | "err") => void) =>
    runLeashed({ command: "go", args, cwd: MODULE, env, line, signal });
  try {
    await makeOnce(
      folder,
      async (draft) => {
        const packages = await countPackages(go, progress);
        let compiled = 0;
        await mkdir(join(draft, "bin"));
        // No -trimpath and the like: with the flags of an ordinary build, what Go has compiled before is reused.
        const flags = `-s -w -X ${VERSION_VARIABLE}=v${version}`;
        await go(["build", "-v", "-ldflags", flags, "-o", join(draft, "bin", "pulumi"), PACKAGE], (text) => {
          if (!/\s/.test(text)) compiled += 1;
          progress.show(
            `Building Pulumi ${version} with Go, once: ${compiled} of ${packages} packages compiled`,
          );
        });
        const host = join(draft, "bin", HOST_NAME);
        await copyFile(join(__dirname, "bundled-host.sh"), host);
        await chmod(host, 0o755);
      },
      { signal, waiting: () => progress.show("Waiting for another process that builds Pulumi") },
    );
  } catch (error) {
    throw explained(error as Error);
  } finally {
    progress.done();
  }
  const engine = await builtBefore(environment);
  if (engine === undefined) throw new Error(`the build left nothing in ${folder}`);
  return engine;
}

/** How many packages the engine consists of. Finding out fetches the modules that it needs. */
async function countPackages(
  go: (args: string[], line: (text: string, stream: "out" | "err") => void) => Promise<void>,
  progress: Progress,
): Promise<number> {
  let modules = 0;
  let packages = 0;
  progress.show("Reading Pulumi's Go modules");
  await go(["list", "-deps", PACKAGE], (text, stream) => {
    if (stream === "out") packages += 1;
    else if (text.startsWith("go: downloading")) {
      modules += 1;
      progress.show(`Downloading Pulumi's Go modules: ${modules}`);
    }
  });
  return packages;
}

function explained(error: Error): Error {
  return /could not be started: not found/.test(error.message)
    ? new Error("no go on PATH", { cause: error })
    : error;
}
