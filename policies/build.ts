import { copyFile, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

/** The project's folder. */
const ROOT = join(__dirname, "..");

/** Packs by the name of their folder once they are built, with the folder they are built from. */
export const PACKS = { transition: "policies", platform: "policies/platform" } as const;

/** What a pack needs beside itself: Pulumi's own, at the versions that the project has. */
const NEEDED = ["@pulumi/policy", "@pulumi/pulumi"];

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Builds each pack into a folder of its own that needs nothing of the project: `pulumi policy publish` packs what is in
 * the pack's folder and no more.
 *
 * @param out folder to write to; what it had of an earlier build is gone
 * @returns the folders
 */
export async function buildPacks(out: string): Promise<string[]> {
  const { dependencies = {} } = await manifestIn(ROOT);
  const needed = Object.fromEntries(NEEDED.map((name) => [name, dependencies[name]]));
  return Promise.all(
    Object.entries(PACKS).map(async ([name, from]) => {
      const [source, target] = [join(ROOT, from), join(out, name)];
      await rm(target, { recursive: true, force: true });
      await mkdir(target, { recursive: true });
      await build({
        entryPoints: [join(source, "pack.ts")],
        outfile: join(target, "index.js"),
        bundle: true,
        platform: "node",
        target: "node20",
        external: NEEDED,
      });
      await copyFile(join(source, "PulumiPolicy.yaml"), join(target, "PulumiPolicy.yaml"));
      await cp(join(source, "config"), join(target, "config"), { recursive: true });
      const manifest = { ...(await manifestIn(source)), dependencies: needed };
      await writeFile(join(target, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
      return target;
    }),
  );
}

const manifestIn = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;

/** Called as a program: into an ignored folder of the project. */
if (require.main === module) {
  void buildPacks(join(ROOT, ".sluice", "policies")).then((folders) => {
    for (const folder of folders) console.log(folder);
  });
}
