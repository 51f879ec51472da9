import { readFile, readdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where a backend of one's own keeps its files; keys have slashes. */
export interface Store {
  /** The keys in a folder of it; empty where there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** A file's text; undefined where it is gone. */
  read(key: string): Promise<string | undefined>;
  /** Removes a file, whether or not it is still there. */
  remove(key: string): Promise<void>;
}

/**
 * A folder of this machine.
 *
 * @param url `file://` and a path, which may begin with `~` or be relative
 * @param from what a relative path is meant from
 */
export function folderStore(url: string, from: string): Store {
  const [path = ""] = url.slice("file://".length).split("?");
  const root = path.startsWith("~") ? join(homedir(), path.slice(1)) : resolve(from, path);
  return {
    list: async (folder) =>
      (await unlessGone(readdir(join(root, folder)), [])).map((name) => `${folder}/${name}`),
    read: (key) => unlessGone(readFile(join(root, key), "utf8"), undefined),
    remove: async (key) => {
      // The engine keeps a file's attributes in another beside it.
      for (const file of [key, `${key}.attrs`]) await rm(join(root, file), { force: true });
    },
  };
}

async function unlessGone<Value, Otherwise>(
  reading: Promise<Value>,
  otherwise: Otherwise,
): Promise<Value | Otherwise> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return otherwise;
    throw error;
  }
}
