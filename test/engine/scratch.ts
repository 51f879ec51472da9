import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

const ROOT = join(__dirname, "../..");

/** A temporary folder that is removed after the tests of the suite it is made in. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sluice-engine-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files, given by path below a folder; those in a folder `bin` are executable. */
export async function write(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    if (dirname(name).endsWith("bin")) await chmod(file, 0o755);
  }
}

/** A Pulumi project or policy pack in a folder, whose dependencies are this project's. */
export async function writeProgram(folder: string, files: Record<string, string>): Promise<string> {
  await write(folder, files);
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** An environment in which the engine keeps everything below a folder and asks nobody anything. */
export function engineEnvironment(folder: string): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}

/** Whether a process runs; one that has ended and that nobody has asked about yet does not. */
export function runs(pid: number): boolean {
  try {
    return !execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).startsWith("Z");
  } catch {
    return false;
  }
}

/** The process that started a process. */
export function parentOf(pid: number): number {
  return Number(execFileSync("ps", ["-o", "ppid=", "-p", String(pid)], { encoding: "utf8" }));
}

/** Waits until `look` gives something, and returns that; throws after so many seconds. */
export async function within<T>(
  seconds: number,
  what: string,
  look: () => T | undefined | false,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(100);
  }
}
