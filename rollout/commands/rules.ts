import { rulesPage } from "../../model/ruleTable";
import type { Terminal } from "../terminal";
import { type PageOptions, page } from "./page";

/**
 * Writes the page of rules.
 *
 * @throws UsageError where the file was to be checked and is not what would be written, or cannot be written
 */
export const rules = (options: PageOptions, terminal: Terminal): void =>
  page(rulesPage(), "npx sluice rules", options, terminal);
