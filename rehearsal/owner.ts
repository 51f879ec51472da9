import { link, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ProcessId, commandLine, identify, isAlive, isRunning, launcher } from "./processes";

/** The file of a working copy that names its owner. */
export const OWNER = "owner.json";

/** The rehearsal that uses a working copy. */
interface Owner extends ProcessId {
  /** It ends when this has: usually npm. */
  readonly launcher?: ProcessId;
}

/** How long a rehearsal that lost its launcher, or an engine that lost its rehearsal, may still be ending, in ms. */
const ENDING = 15_000;

/** How often that is looked at, in ms. */
const LOOK = 200;

/** How to wait for an earlier rehearsal that is ending. */
export interface Patience {
  /** Ends the wait. */
  readonly signal?: AbortSignal;
  /** Called once when a wait begins, with what is waited for. */
  readonly waiting?: (what: string) => void;
}

/**
 * Makes this process the owner of a working copy's folder, and gives what ends that. Waits for an earlier rehearsal
 * that was ended or killed: it may not have gone yet, and its engine may be writing state.
 *
 * @throws Error where somebody else uses the folder
 */
export async function takeOver(dir: string, stack: string, patience: Patience): Promise<() => Promise<void>> {
  await mkdir(dir, { recursive: true });
  const file = join(dir, OWNER);
  const by = launcher();
  const owner: Owner = { ...identify(process.pid), ...(by && { launcher: by }) };
  const text = JSON.stringify(owner);
  const wait = waiter(patience);
  for (;;) {
    if (await created(file, text)) break;
    const found = await readFile(file, "utf8").catch(() => undefined);
    if (found === undefined) continue;
    const other = parsed(found) as Owner | undefined;
    if (!other || !isRunning(other)) {
      await evict(file, found);
      continue;
    }
    const ends = other.launcher !== undefined && !isRunning(other.launcher);
    if (!ends || !(await wait(`an earlier rehearsal of ${stack} (process ${other.pid}) to end`))) {
      throw new Error(
        `a rehearsal of ${stack} is running (process ${other.pid}); end it first: kill ${other.pid}`,
      );
    }
  }
  const release = async () => {
    if ((await readFile(file, "utf8").catch(() => undefined)) === text) await rm(file, { force: true });
  };
  try {
    for (let engine = await engineIn(dir); engine !== undefined; engine = await engineIn(dir)) {
      if (!(await wait(`the engine of an earlier rehearsal of ${stack} (process ${engine}) to end`))) {
        throw new Error(`pulumi works in ${dir} (process ${engine}); end it first: kill ${engine}`);
      }
    }
  } catch (error) {
    await release();
    throw error;
  }
  return release;
}

/** Whether the file is now ours. It appears with its whole text, or not at all. */
async function created(file: string, text: string): Promise<boolean> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text);
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    // A new owner clears the folder of all but its own file, and so of this draft.
    if (!["EEXIST", "ENOENT"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    return false;
  } finally {
    await rm(draft, { force: true });
  }
}

/** What a file says, or undefined where a process was killed while it wrote it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Removes a dead owner's file. Another may have been faster and own the folder now: then that is put back. */
async function evict(file: string, dead: string): Promise<void> {
  const aside = `${file}.${process.pid}.dead`;
  try {
    await rename(file, aside);
    if ((await readFile(aside, "utf8")) !== dead) await link(aside, file);
  } catch {
    // It has been removed meanwhile; the next attempt to create it decides.
  } finally {
    await rm(aside, { force: true });
  }
}

/** The process of an engine that holds a lock of the state below a folder, and runs. */
export async function engineIn(dir: string): Promise<number | undefined> {
  const locks = join(dir, "state", ".pulumi", "locks");
  const names = await readdir(locks, { recursive: true }).catch(() => []);
  for (const name of names.filter((found) => found.endsWith(".json"))) {
    const text = await readFile(join(locks, name), "utf8").catch(() => "");
    const lock = parsed(text) as { pid: number } | undefined;
    // A lock may outlive its engine, and another process get the number.
    if (lock && isAlive(lock.pid) && /\bpulumi\b/.test(commandLine(lock.pid) ?? "")) return lock.pid;
  }
  return undefined;
}

/** A pause that says what it is for, once; false when there has been enough of them. */
function waiter({ signal, waiting }: Patience): (what: string) => Promise<boolean> {
  let deadline: number | undefined;
  return async (what) => {
    if (deadline === undefined) waiting?.(what);
    deadline ??= performance.now() + ENDING;
    if (performance.now() > deadline) return false;
    await sleep(LOOK, undefined, { signal });
    return true;
  };
}
