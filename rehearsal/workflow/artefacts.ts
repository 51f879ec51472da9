import { cp, mkdir, readdir } from "node:fs/promises";
import { basename, join } from "node:path";

/**
 * What the actions do that hand files from one job to another, between a job's folder and one of the run's.
 *
 * @param options of the action, as its step has them
 */
export async function exchanged(
  action: string,
  options: Readonly<Record<string, string>>,
  folder: string,
  artefacts: string,
): Promise<void> {
  const { name = "", path = "", pattern, "merge-multiple": merged } = options;
  if (action === "actions/upload-artifact") {
    await mkdir(join(artefacts, name), { recursive: true });
    for (const file of path.split("\n").filter(Boolean)) {
      await cp(join(folder, file), join(artefacts, name, basename(file))).catch(() => undefined);
    }
  }
  if (action === "actions/download-artifact") {
    const to = join(folder, path);
    await mkdir(to, { recursive: true });
    // A pattern brings each that it fits into a folder of its own, unless they are merged; a name brings what is in it.
    if (pattern === undefined) await cp(join(artefacts, name), to, { recursive: true });
    else {
      const [begin = "", end = begin] = pattern.split("*");
      const fitting = (await readdir(artefacts)).filter((one) => one.startsWith(begin) && one.endsWith(end));
      const into = (one: string) => (merged === "true" ? to : join(to, one));
      for (const one of fitting) await cp(join(artefacts, one), into(one), { recursive: true });
    }
  }
}
