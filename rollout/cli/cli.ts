import type { Command } from "commander";
import type { ExitCode } from "../exit";
import type { Terminal } from "../terminal";

/** Where commands are declared. */
export interface Cli {
  /** Begins the declaration of a command. */
  readonly command: (name: string, description: string) => Command;
  readonly terminal: Terminal;
  /** Told how a command ended that has more than one way to. */
  readonly ended: (code: ExitCode) => void;
}

/** The end of a command's help. */
export const examples = (...lines: string[]): string =>
  `\nExample${lines.length > 1 ? "s" : ""}:\n${lines.map((line) => `  ${line}`).join("\n")}\n`;
