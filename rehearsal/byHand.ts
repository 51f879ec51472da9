import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { Engine } from "./engine/engine";
import type { WorkingCopy } from "./workingCopy";

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** The command line, as a shell calls it that has not installed it. */
const SLUICE = join(__dirname, "..", "bin", "sluice.js");

/** What breaks something by hand. */
const FAULT = join(__dirname, "faults", "main.ts");
const HOOK = join(__dirname, "..", "register.cjs");

/**
 * Writes `env` into the working copy: what a shell needs so that plain `pulumi` and `sluice` work there.
 *
 * @param env as the rehearsal gives it to the engine
 */
export async function environmentFile(
  copy: WorkingCopy,
  engine: Engine,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const lines = Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}`);
  const path = `export PATH=${engine.path.split(delimiter).map(quoted).join(delimiter)}${delimiter}"$PATH"`;
  const sluice = `sluice() { ${quoted(process.execPath)} ${quoted(SLUICE)} "$@"; }`;
  const fault = `fault() { ${[process.execPath, "-r", HOOK, FAULT].map(quoted).join(" ")} "$@"; }`;
  await writeFile(join(copy.dir, "env"), `${[path, ...lines, sluice, fault].join("\n")}\n`, { mode: 0o600 });
}
