import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

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
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const environment = join(cache, "sluice", `moto-${VERSION}`);
  if (existsSync(environment)) return environment;
  // Made under another name, so that an installation that was broken off is never taken for a whole one.
  const unfinished = `${environment}.${process.pid}`;
  mkdirSync(join(cache, "sluice"), { recursive: true });
  try {
    say(`making a Python environment for moto ${VERSION} in ${environment}`);
    await run(
      "python3",
      ["-m", "venv", unfinished],
      "install python3 with its venv module (Debian: python3-venv)",
    );
    say("installing moto from PyPI; this takes one to three minutes, once");
    const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"];
    const python = join(unfinished, "bin", "python");
    await run(
      python,
      [...pip, `moto[server]==${VERSION}`],
      "make PyPI, or a mirror that pip knows, reachable",
    );
    if (!existsSync(environment)) renameSync(unfinished, environment);
    return environment;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

const say = (line: string): void => void process.stderr.write(`    ${line}\n`);

/** Runs a command with its output in view. */
async function run(command: string, args: readonly string[], mend: string): Promise<void> {
  const ending = await ended(spawn(command, args, { stdio: ["ignore", 2, 2] }));
  if (ending !== "0") throw new Error(`\`${command} ${args.join(" ")}\` ended with ${ending}; ${mend}`);
}

/** Waits for a child's end and says how it ended; the child does not outlive this process's own orderly end. */
function ended(child: ChildProcess): Promise<string> {
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  return new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => resolve(String(code ?? signal)));
  }).finally(() => process.off("exit", kill));
}
