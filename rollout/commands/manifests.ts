import { relative, resolve } from "node:path";
import { filesOf, templateCommand } from "../manifests/files";
import { writeFolder } from "../manifests/folder";
import { manifestsOf } from "../manifests/objects";
import { recordProgram } from "../program/record";
import { findProject, readStackFile } from "../project";
import type { Terminal } from "../terminal";

export interface ManifestsOptions {
  readonly stack: string;
  /** Folder to write to. */
  readonly out: string;
  readonly json?: boolean;
}

/**
 * Writes every Kubernetes object of a stack to a file of its own.
 *
 * @throws UsageError where the stack's settings or the folder are at fault; then nothing is written
 */
export async function manifests(options: ManifestsOptions, terminal: Terminal): Promise<void> {
  const project = findProject(terminal.folder);
  const all = manifestsOf(await recordProgram(project, readStackFile(project, options.stack)));
  const files = filesOf(all, options.stack);
  const folder = resolve(terminal.folder, options.out);
  const { removed } = await writeFolder(folder, files);
  const releases = all.flatMap((manifest) => ("release" in manifest ? [manifest.release] : []));
  if (options.json) {
    terminal.print(
      JSON.stringify({ schema: 1, folder, files: files.map(({ name }) => name), removed, releases }, null, 2),
    );
    return;
  }
  const shown = relative(terminal.folder, folder) || ".";
  const gone = removed.length > 0 ? `; ${removed.length} of an earlier run removed` : "";
  terminal.print(`${files.length} files in ${shown}${gone}`);
  if (releases.length === 0) return;
  terminal.print(
    `\n${releases.length} of them are Helm releases, whose objects are their charts'. In ${shown}:`,
  );
  for (const release of releases) terminal.print(`  ${templateCommand(release)}`);
}
