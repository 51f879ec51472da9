import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Record1 } from "../record";
import { reportPage } from "./page";

/**
 * Writes a rehearsal's page, and gives the path for a person to open.
 *
 * @param project folder of Pulumi.yaml
 * @param path default: in the stack's working copy, which stays until the stack's next rehearsal
 */
export async function writePage(record: Record1, project: string, path?: string): Promise<string> {
  const file = path ?? join(project, ".sluice", record.stack, "report.html");
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, reportPage(record));
  return path ?? relative(process.cwd(), file);
}
