import { controlsTable } from "../../model/controls/table";
import type { Terminal } from "../terminal";
import { type PageOptions, page } from "./page";

/**
 * Writes the table of controls.
 *
 * @throws UsageError where the file was to be checked and is not what would be written, or cannot be written
 */
export const controls = (options: PageOptions, terminal: Terminal): void =>
  page(controlsTable(), "npx sluice controls", options, terminal);
