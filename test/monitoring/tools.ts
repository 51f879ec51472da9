import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programOf } from "../../rehearsal/prometheus/debian";
import { say } from "../cloud/tools";

/** How a tool ended, and all that it said. */
export interface Ended {
  readonly code: number;
  readonly said: string;
}

/** A folder for files of a suite, and a tool that is run in it. */
export interface Bench {
  /** Writes a file as JSON, which is YAML. */
  write(name: string, content: unknown): Promise<void>;
  promtool(...args: string[]): Promise<Ended>;
  amtool(...args: string[]): Promise<Ended>;
  /** Where files are written, once a test runs. */
  folder(): string;
}

/**
 * Prometheus' and Alertmanager's own tools for the suite that calls it. Where they cannot be had, it says that the suite
 * did not run, and the suite fails.
 */
export function bench(): Bench {
  let folder = "";
  const programs = { promtool: "", amtool: "" };
  before(async function () {
    // The first run takes the packages from Debian.
    this.timeout(300_000);
    folder = await mkdtemp(join(tmpdir(), "sluice-monitoring-"));
    try {
      programs.promtool = await programOf("promtool", "prometheus", { say });
      programs.amtool = await programOf("amtool", "prometheus-alertmanager", { say });
    } catch (error) {
      process.stdout.write(`NOT RUN rules and routing: ${(error as Error).message}\n`);
      throw error;
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const run = (program: keyof typeof programs, args: readonly string[]) =>
    new Promise<Ended>((resolve) => {
      const options = { cwd: folder, maxBuffer: 64 * 1024 ** 2 };
      execFile(programs[program], args, options, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) || 1 : 0, said: `${stdout}${stderr}` });
      });
    });
  return {
    write: (name, content) => writeFile(join(folder, name), JSON.stringify(content)),
    promtool: (...args) => run("promtool", args),
    amtool: (...args) => run("amtool", args),
    folder: () => folder,
  };
}
