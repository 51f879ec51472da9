import { execFile } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, makeOnce } from "../engine/cache";

const run = promisify(execFile);

/** Who is told what takes longer than people expect. */
export interface Waiting {
  readonly say?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * A program, by its name where the machine has it, and else out of Debian's package: taken on first use into the user's
 * cache folder, and not installed, since it would run as a service of the machine then.
 *
 * @param name of the program, `promtool`
 * @param debian the package that has it, `prometheus`
 * @throws Error with the reason and what mends it, when it can't be had
 */
export async function programOf(name: string, debian: string, waiting: Waiting = {}): Promise<string> {
  const there = await run(name, ["--version"]).then(
    () => true,
    () => false,
  );
  return there ? name : join(await debianPackage(debian, waiting), "usr/bin", name);
}

/** The folder with what is in one of Debian's packages, taken now if it isn't there. */
async function debianPackage(name: string, { say = () => undefined, signal }: Waiting): Promise<string> {
  const folder = join(cacheFolder(), `${name}-debian`);
  const fill = async (draft: string) => {
    say(`taking ${name} out of Debian's package into ${folder}`);
    await done("apt-get", ["download", name]);
    const file = (await readdir(draft)).find((one) => one.endsWith(".deb")) ?? `${name}.deb`;
    await done("dpkg-deb", ["--extract", file, "."]);
    await rm(join(draft, file));

    async function done(command: string, args: readonly string[]): Promise<void> {
      await run(command, args, { cwd: draft, signal }).catch((error: unknown) => {
        signal?.throwIfAborted();
        const { message } = error as Error;
        throw new Error(
          `${name} is not there: ${message.trim()}; install it so that its programs are found (Debian and ` +
            `Ubuntu: apt-get install ${name})`,
          { cause: error },
        );
      });
    }
  };
  await makeOnce(folder, fill, { signal, waiting: () => say(`waiting for another process to take ${name}`) });
  return folder;
}
