import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Colour } from "../model/release";
import type { Subject } from "../rollout/subject";
import type { Outcome } from "./engine/workspace";
import { askShares } from "./traffic/weights";

/** What it took to take traffic back in an emergency. */
export interface Rescue {
  /** From the command's start to the moment in which no rule gave the version any new user, in seconds. */
  readonly moved: number;
  /** From the command's start to where configuration and state had followed, in seconds. */
  readonly converged: number;
}

/** Where an emergency is. */
export interface Scene {
  /** The working copy. */
  readonly dir: string;
  readonly stack: string;
  /** What processes need to meet this cloud in place of AWS; of it the bare folder gets the AWS part. */
  readonly env: Readonly<Record<string, string>>;
  readonly subject: Subject;
  readonly signal: AbortSignal;
}

/** What is asked of the command line. */
export interface Emergency {
  /** Whose traffic is taken back. */
  readonly from: Colour;
  readonly reason: string;
}

const SLUICE = join(__dirname, "..", "bin", "sluice.js");

/** Milliseconds between two looks at the rules. */
const EVERY = 10;

/**
 * Takes traffic back by the command line while an update is raising it: first from a folder that has credentials and
 * nothing else, then from the project, so that configuration and state follow.
 *
 * @param update begins the update; called back once it holds the lock
 * @throws Error where the command line ends with anything but 0
 */
export async function takeBack(
  { from, reason }: Emergency,
  { dir, stack, env, subject, signal }: Scene,
  update: (locked: () => void) => Promise<Outcome>,
): Promise<{ readonly outcome: Outcome; readonly rescue: Rescue }> {
  const bare = await mkdtemp(join(tmpdir(), "sluice-bare-"));
  let begun = (): void => undefined;
  const locked = new Promise<void>((resolve) => (begun = resolve));
  const ending = update(begun);
  try {
    await Promise.race([locked, ending]);
    const began = performance.now();
    const since = () => Math.round(performance.now() - began) / 1000;
    const { app, environment, region } = subject;
    const named = ["--app", app, "--environment", environment, "--region", region];
    const [moved] = await Promise.all([
      noneLeft(from, env["AWS_ENDPOINT_URL"] ?? "", signal).then(since),
      sluice(["rollback", ...named, "--reason", reason], bare, awsOf(env), signal),
    ]);
    const outcome = await ending;
    await sluice(["rollback", "-s", stack, "--reason", reason], dir, env, signal);
    return { outcome, rescue: { moved, converged: since() } };
  } finally {
    // It must not go on when the cloud is taken down.
    await Promise.allSettled([ending]);
    await rm(bare, { recursive: true, force: true });
  }
}

const awsOf = (env: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith("AWS_")));

/** Waits until no rule gives a colour a share. */
async function noneLeft(colour: Colour, endpoint: string, signal: AbortSignal): Promise<void> {
  while ((await askShares(endpoint))?.[colour] !== 0) await pause(EVERY, undefined, { signal });
}

async function sluice(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, [SLUICE, ...args], {
    ...{ cwd, signal, env: { PATH, ...env } },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => said.push(String(text)));
  const code = await new Promise<number | null>((ended, failed) =>
    child.once("error", failed).once("close", ended),
  );
  if (code !== 0) throw new Error(`sluice ${args.join(" ")} ended with ${String(code)}:\n${said.join("")}`);
}
