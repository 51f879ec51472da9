import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../failure";
import type { Terminal } from "../terminal";

export interface PageOptions {
  /** The file to write. */
  readonly out: string;
  /** Write nothing, and fail where the file is out of date. */
  readonly check?: boolean;
}

/**
 * Writes a page that the code generates, or compares it with what is there.
 *
 * @param command that writes it anew, for people
 * @throws UsageError where the file was to be checked and is not what would be written, or cannot be written
 */
export function page(text: string, command: string, options: PageOptions, terminal: Terminal): void {
  const path = resolve(terminal.folder, options.out);
  if (options.check) {
    if (textAt(path) === text) return;
    throw new UsageError(`${path} is not what the code says; write it anew: ${command}`);
  }
  try {
    writeFileSync(path, text);
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
