import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { cacheFolder, makeOnce } from "../../rehearsal/engine/cache";
import { ended, run, say } from "./tools";

/** The version of moto that the contract was checked against. */
const VERSION = "5.2.5";

/** Runs moto until its standard input closes: so it goes when the tests go, however they are killed. */
const LEASHED = `
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
from moto.server import main
main(sys.argv[1:])
`;

/** A running moto. */
export interface Moto {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts moto, a well-kept emulator of AWS, on a free port. It is installed from PyPI on first use, into a
 * virtual environment in the user's cache folder.
 *
 * @throws Error with the reason and what mends it, when it can't be had.
 */
export async function startMoto(): Promise<Moto> {
  const environment = await install();
  const child = spawn(join(environment, "bin", "python"), ["-c", LEASHED, "-H", "127.0.0.1", "-p", "0"], {
    stdio: ["pipe", "ignore", "pipe"],
    // The line with the port must come at once.
    env: { ...process.env, PYTHONUNBUFFERED: "1" },
  });
  const exited = ended(child);
  const stop = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  const said: string[] = [];
  const url = await new Promise<string | undefined>((resolve) => {
    createInterface({ input: child.stderr }).on("line", (line) => {
      said.push(line);
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (found) resolve(found);
    });
    void exited.then(() => resolve(undefined));
    setTimeout(() => resolve(undefined), 60_000).unref();
  });
  if (url) return { url, stop };
  await stop();
  throw new Error(`moto did not start; it said:\n${said.join("\n")}`);
}

/** The folder of the virtual environment, made now if it isn't there. */
async function install(): Promise<string> {
  const environment = join(cacheFolder(), `moto-${VERSION}`);
  await makeOnce(environment, async (folder) => {
    say(`making a Python environment for moto ${VERSION} in ${folder}`);
    const venv = ["-m", "venv", folder];
    await run("python3", venv, "install python3 with its venv module (Debian: python3-venv)");
    say("installing moto from PyPI; this takes one to three minutes, once");
    const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"];
    await run(
      join(folder, "bin", "python"),
      [...pip, `moto[server]==${VERSION}`],
      "make PyPI, or a mirror that pip knows, reachable",
    );
  });
  return environment;
}
