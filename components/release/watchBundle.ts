import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildResult, buildSync } from "esbuild";

/** The project's folder. */
const ROOT = join(__dirname, "..", "..");

/** The module whose `handler` AWS calls. */
const ENTRY = join("rollout", "watch", "lambda.ts");

/** The watcher's code in one file, AWS's clients included: those that the lockfile names and the tests run with. */
export const bundleWatcher = (): BuildResult<{ write: false; metafile: true }> =>
  buildSync({
    entryPoints: [ENTRY],
    // Names that are part of the output begin here, so it is the same wherever the project lies.
    absWorkingDir: ROOT,
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    minify: true,
    legalComments: "none",
    write: false,
    metafile: true,
  });

/** The file, once it is written: in one process the code does not change. */
let written: string | undefined;

/**
 * Writes the watcher's code into an ignored folder of the project. It is not given to the engine as text, which the
 * state would hold in full; of a file it compares the content, so the same code is no change wherever it lies.
 *
 * @returns the file's path
 */
export const watcherFile = (): string => (written ??= writeWatcher());

function writeWatcher(): string {
  const [bundle] = bundleWatcher().outputFiles;
  if (!bundle) throw new Error(`esbuild made nothing of ${ENTRY}`);
  const folder = join(ROOT, ".sluice", "watch");
  const path = join(folder, "index.js");
  mkdirSync(folder, { recursive: true });
  // Whole or not at all: a preview may run beside an update.
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, bundle.contents);
  renameSync(unfinished, path);
  return path;
}
