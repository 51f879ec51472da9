import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** A process as the system lists it. */
export interface Listed {
  readonly pid: number;
  readonly parent: number;
  /** The process group. */
  readonly group: number;
  /** When it began, in whatever form the system has: with the number it names one process for good. */
  readonly started: string;
  /** Its command line; empty for one that has ended and that nobody has asked about yet. */
  readonly line: string;
}

/** Every process of this machine that has not ended. */
export function processTable(): Listed[] {
  const all = existsSync("/proc/self/stat") ? fromProc() : fromPs();
  return all.filter((process): process is Listed => process !== undefined);
}

function fromProc(): (Listed | undefined)[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        // The second field is the command in parentheses, which may itself contain spaces and parentheses.
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        if (fields[0] === "Z") return undefined;
        return {
          pid: Number(name),
          parent: Number(fields[1]),
          group: Number(fields[2]),
          started: fields[19]!,
          line: readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim(),
        };
      } catch {
        // It has ended meanwhile.
        return undefined;
      }
    });
}

function fromPs(): (Listed | undefined)[] {
  const columns = "pid=,ppid=,pgid=,state=,lstart=,args=";
  const text = execFileSync("ps", ["-A", "-ww", "-o", columns], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
  });
  return text.split("\n").map((row) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+((?:\S+\s+){4}\S+)\s+(.*)$/.exec(row);
    if (!found || found[4]!.startsWith("Z")) return undefined;
    const [, pid, parent, group, , started, line] = found;
    return {
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      started: started!,
      line: line!.trim(),
    };
  });
}
