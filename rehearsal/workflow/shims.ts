import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** `npx sluice` and `npm start` of the project, called from a folder that has no packages of its own. */
export async function shims(root: string, project: string): Promise<string> {
  const bin = join(root, "bin");
  await mkdir(bin);
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const node = quoted(process.execPath);
  const scripts = {
    npx: [
      '[ "$1" = sluice ] || { echo "npx $1: only sluice is called here" >&2; exit 1; }',
      `shift\nexec ${node} ${quoted(join(project, "bin", "sluice.js"))} "$@"`,
    ],
    // What it is to write belongs to the checkout.
    npm: [
      'here=$PWD\nfor arg do\n  shift\n  case $arg in *.html | *.json) arg=$here/$arg ;; esac\n  set -- "$@" "$arg"\ndone',
      `cd ${quoted(project)} && PATH=${quoted(process.env["PATH"] ?? "")} exec npm "$@"`,
    ],
  };
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${script.join("\n")}\n`);
    await chmod(join(bin, name), 0o755);
  }
  return bin;
}
