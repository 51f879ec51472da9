import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { promisify } from "node:util";

/** A process, and what it takes. */
interface Taken {
  readonly pid: number;
  readonly parent: number;
  /** KiB; undefined where it has ended meanwhile. */
  readonly kib: () => Promise<number | undefined>;
}

/** Milliseconds between two looks: asking the kernel what processes share costs it some milliseconds for each. */
const EVERY = 2_000;

/**
 * The memory of this process and of all that it has started, in MiB: on Linux what each takes of its own and its part
 * of what it shares, elsewhere what is resident, so that shared pages count more than once. 0 where nobody can tell.
 */
export async function memoryNow(pid = process.pid): Promise<number> {
  const all = await (process.platform === "linux" ? fromProc() : fromPs()).catch(() => []);
  const tree = all.filter((one) => one.pid === pid);
  // It grows while it is gone through: children of children come at its end.
  for (const { pid: of } of tree) tree.push(...all.filter(({ parent }) => parent === of));
  const taken = await Promise.all(tree.map(({ kib }) => kib()));
  return taken.reduce<number>((sum, kib) => sum + (kib ?? 0), 0) / 1024;
}

async function fromProc(): Promise<Taken[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    names.map(async (name): Promise<Taken[]> => {
      const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
      // The command's name, in parentheses, may have spaces and parentheses in it.
      const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      return Number.isNaN(parent) ? [] : [{ pid: Number(name), parent, kib: () => proportionate(name) }];
    }),
  );
  return found.flat();
}

async function proportionate(pid: string): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
  const kib = /^Pss:\s+(\d+) kB$/m.exec(text)?.[1];
  return kib === undefined ? undefined : Number(kib);
}

async function fromPs(): Promise<Taken[]> {
  const { stdout } = await promisify(execFile)("ps", ["-axo", "pid=,ppid=,rss="]);
  return stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([pid = 0, parent = 0, rss = 0]) => ({ pid, parent, kib: () => Promise.resolve(rss) }));
}

/** Looks again and again until the function that it returns is called, which gives the most there was, in MiB. */
export function watchMemory(look: () => Promise<number> = memoryNow, every = EVERY): () => number {
  let most = 0;
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void look().then((mib) => {
      most = Math.max(most, mib);
      looking = false;
    });
  }, every);
  timer.unref();
  return () => {
    clearInterval(timer);
    return Math.round(most);
  };
}
