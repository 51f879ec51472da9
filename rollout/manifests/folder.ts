import { mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../failure";
import { HEADER, type ManifestFile } from "./files";

/** What became of a folder. */
export interface Written {
  /** Files of an earlier run whose objects the stack has no more. */
  readonly removed: readonly string[];
}

/**
 * Writes the files and removes those of an earlier run that are none of them. What somebody else put into
 * the folder stays as it is; nothing at all is written where one of our names is taken.
 *
 * @throws UsageError where the folder is a file, or a file in it is somebody else's
 */
export async function writeFolder(folder: string, files: readonly ManifestFile[]): Promise<Written> {
  const before = await ownAndForeign(folder);
  const taken = files.filter(({ name }) => before.foreign.includes(name)).map(({ name }) => name);
  if (taken.length > 0) {
    throw new UsageError(
      `--out: ${folder} has files of these names that sluice did not write: ${taken.join(", ")}; ` +
        `name another folder, or move them away`,
    );
  }
  await mkdir(folder, { recursive: true });
  for (const { name, text } of files) await writeFile(join(folder, name), text);
  const removed = before.own.filter((name) => !files.some((file) => file.name === name));
  for (const name of removed) await rm(join(folder, name));
  return { removed };
}

async function ownAndForeign(folder: string): Promise<{ own: string[]; foreign: string[] }> {
  const own: string[] = [];
  const foreign: string[] = [];
  const found = await stat(folder).catch(() => undefined);
  if (!found) return { own, foreign };
  if (!found.isDirectory()) throw new UsageError(`--out: ${folder} is a file; name a folder`);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const ours =
      entry.isFile() &&
      entry.name.endsWith(".yaml") &&
      (await readFile(join(folder, entry.name), "utf8")).startsWith(HEADER);
    (ours ? own : foreign).push(entry.name);
  }
  return { own: own.sort(), foreign };
}
