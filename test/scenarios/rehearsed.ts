import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Record1 } from "../../rehearsal/report/record";
import { PROJECT } from "../program/fixture";

/** What came of a whole rehearsal. */
export interface Rehearsed {
  readonly record: Record1;
  /** What it printed. */
  readonly printed: string;
  /** Its exit code, or the signal that ended it. */
  readonly ended: unknown;
}

/** Rehearses through the command line, as people do. @throws Error where it left no report */
export async function rehearsed(...args: string[]): Promise<Rehearsed> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-report-"));
  const report = join(folder, "report.json");
  const child = spawn("npm", ["start", "--", ...args, "--report", report], {
    cwd: PROJECT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = new Promise((resolve) => child.once("exit", (code, signal) => resolve(signal ?? code)));
  const printed = await text(child.stdout);
  const ended = await exit;
  try {
    const record = await readFile(report, "utf8").catch(() => {
      throw new Error(`npm start ended with ${String(ended)} and left no report:\n${printed}`);
    });
    return { record: JSON.parse(record) as Record1, printed, ended };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Lines that a rehearsal printed, without npm's. */
export const linesOf = ({ printed }: Rehearsed): string[] =>
  printed.split("\n").filter((line) => !line.startsWith(">"));
