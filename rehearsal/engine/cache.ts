import { link, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { machineTime } from "../../cloud/clock";

/** Where engines are kept for this user: a folder `sluice` in XDG_CACHE_HOME or the system's own place for caches. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const own = process.platform === "darwin" ? "Library/Caches" : ".cache";
  return join(environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), own), "sluice");
}

/** How often a lock's owner shows that it still works, and after how long a silence it counts as dead; in ms. */
const BEAT = 5_000;
const SILENCE = 60_000;

/**
 * Makes `folder` once: calls `make` with a draft folder beside it and renames that into place when it is done, so
 * that an interrupted attempt leaves nothing half-done. A second process waits until the first has finished or is
 * dead (`waiting` is called when it begins to wait), and then finds the folder there. `signal` ends the wait.
 */
export async function makeOnce(
  folder: string,
  make: (draft: string) => Promise<void>,
  { waiting, signal }: { waiting?: () => void; signal?: AbortSignal } = {},
): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const lock = `${folder}.lock`;
  while (!(await exists(folder))) {
    signal?.throwIfAborted();
    if (await taken(lock)) {
      waiting?.();
      waiting = undefined;
      await sleep(500, undefined, { signal });
      continue;
    }
    const beat = setInterval(
      () => void utimes(lock, machineTime(), machineTime()).catch(() => undefined),
      BEAT,
    );
    const draft = `${folder}.draft-${process.pid}`;
    try {
      await clear(folder);
      if (await exists(folder)) return;
      await mkdir(draft);
      await make(draft);
      await rename(draft, folder);
    } finally {
      clearInterval(beat);
      await rm(draft, { recursive: true, force: true });
      await rm(lock, { force: true });
    }
  }
}

/** Whether somebody else holds the lock; if not, it is this process's from now on. */
async function taken(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, `${process.pid}\n`, { flag: "wx" });
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const owner = await readFile(lock, "utf8").catch(() => undefined);
  if (owner !== undefined && !(await lives(lock, Number(owner)))) await evict(lock, owner);
  return true;
}

async function lives(lock: string, pid: number): Promise<boolean> {
  const { mtimeMs } = await stat(lock).catch(() => ({ mtimeMs: machineTime().getTime() }));
  return machineTime().getTime() - mtimeMs < SILENCE && (pid === 0 || Number.isNaN(pid) || running(pid));
}

function running(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Removes a dead owner's lock. Another waiter may have been faster and hold it now: then it is given back. */
async function evict(lock: string, owner: string): Promise<void> {
  const aside = `${lock}.${process.pid}`;
  try {
    await rename(lock, aside);
    if ((await readFile(aside, "utf8")) !== owner) await link(aside, lock);
  } catch {
    // It has been removed meanwhile; the next attempt to take it decides.
  } finally {
    await rm(aside, { force: true });
  }
}

/** Removes drafts of attempts that were killed: the lock is ours, so nobody works on them. */
async function clear(folder: string): Promise<void> {
  for (const name of await readdir(dirname(folder))) {
    if (!name.startsWith(`${basename(folder)}.draft-`)) continue;
    await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}

/** Whether something is at a path. */
export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
