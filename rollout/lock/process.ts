import { readFile, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { Running } from "../../model/lock";
import type { Seen } from "../../model/rollout/seen";
import { reasonOf } from "../failure";
import { called } from "./command";

/** Linux tells times in hundredths of a second, whatever the kernel counts in. */
const TICKS = 100;

/** A process of this machine; undefined where there is none. One that has ended and is not buried is none. */
export async function processOf(pid: number): Promise<Seen<Running | undefined>> {
  try {
    return { value: process.platform === "linux" ? await inProc(pid) : await byPs(pid) };
  } catch (error) {
    return { unseen: reasonOf(error) };
  }
}

async function inProc(pid: number): Promise<Running | undefined> {
  return (await started(pid)) ?? inContainer(pid);
}

/**
 * An engine in a container that shares this machine's name, and has this id there only. The kernel tells each
 * process's ids, the innermost last.
 */
async function inContainer(pid: number): Promise<Running | undefined> {
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const status = await readFile(`/proc/${name}/status`, "utf8").catch(() => "");
    const ids = /^NSpid:\s+(.*)$/m.exec(status)?.[1]?.split(/\s+/) ?? [];
    if (ids.length > 1 && ids.at(-1) === String(pid)) {
      const found = await started(Number(name));
      if (found?.program.startsWith("pulumi")) return found;
    }
  }
  return undefined;
}

async function started(pid: number): Promise<Running | undefined> {
  let stat: string;
  try {
    stat = await readFile(`/proc/${pid}/stat`, "utf8");
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
  // The program's name stands in parentheses, and may have some in it.
  const end = stat.lastIndexOf(")");
  const program = stat.slice(stat.indexOf("(") + 1, end);
  const [state = "", ...rest] = stat.slice(end + 2).split(" ");
  if (/[ZXx]/.test(state)) return undefined;
  const boot = /^btime (\d+)$/m.exec(await readFile("/proc/stat", "utf8"))?.[1];
  const ticks = Number(rest[18]);
  if (boot === undefined || Number.isNaN(ticks)) throw new Error(`/proc tells no start of process ${pid}`);
  return { program, since: new Date((Number(boot) + ticks / TICKS) * 1000).toISOString() };
}

async function byPs(pid: number): Promise<Running | undefined> {
  const ended = await called(
    "env",
    ["LC_ALL=C", "ps", "-o", "state=,lstart=,comm=", "-p", String(pid)],
    tmpdir(),
  );
  const found = /^\s*(\S+)\s+(\w+ +\w+ +\d+ +[\d:]+ +\d+)\s+(.*)$/m.exec(ended?.out ?? "");
  if (found) {
    const [, state = "", at = "", program = ""] = found;
    if (state.startsWith("Z")) return undefined;
    return { program: program.trim().split("/").at(-1) ?? "", since: new Date(at).toISOString() };
  }
  // That ps says nothing may be its failure; the system says whether there is such a process.
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return undefined;
  }
  throw new Error("ps does not tell when it began");
}
