import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { controlsTable } from "../../model/controls/table";
import { UsageError } from "../failure";
import type { Terminal } from "../terminal";

export interface ControlsOptions {
  /** The file to write. */
  readonly out: string;
  /** Write nothing, and fail where the file is out of date. */
  readonly check?: boolean;
}

/**
 * Writes the table of controls.
 *
 * @throws UsageError where the file was to be checked and is not what would be written, or cannot be written
 */
export function controls(options: ControlsOptions, terminal: Terminal): void {
  const path = resolve(terminal.folder, options.out);
  const table = controlsTable();
  if (options.check) {
    if (textAt(path) === table) return;
    throw new UsageError(`${path} is not what the code says; write it anew: npx sluice controls`);
  }
  try {
    writeFileSync(path, table);
  } catch (error) {
    throw new UsageError(`--out: ${path} cannot be written: ${(error as Error).message}`);
  }
  terminal.print(`written to ${options.out}`);
}

function textAt(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
