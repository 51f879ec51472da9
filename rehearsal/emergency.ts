import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { CLOCK } from "../cloud/clock";
import type { Colour } from "../model/release";
import type { Outcome } from "./engine/workspace";
import { engineIn } from "./owner";
import { type Scene, endText, endpointOf, sluice } from "./scene";
import { askShares } from "./traffic/weights";

/** What it took to take traffic back in an emergency. */
export interface Rescue {
  /**
   * From the command's start to the moment in which no rule gave the version any new user, in seconds; absent where one
   * still did when all was over.
   */
  readonly moved?: number;
  /** Whether the update still held the lock at that moment. */
  readonly held: boolean;
  /** From the command's start to where configuration and state had followed, in seconds. */
  readonly converged: number;
}

/** What is asked of the command line. */
export interface Emergency {
  /** Whose traffic is taken back. */
  readonly from: Colour;
  readonly reason: string;
}

/** Milliseconds between two looks at the rules. */
const EVERY = 10;

/**
 * Takes traffic back by the command line while an update is raising it: first from a folder that has credentials and
 * nothing else, then from the project, so that configuration and state follow.
 *
 * @param update begins the update; called back once it holds the lock
 * @throws Error where the update ends before it holds the lock, or the command line with anything but 0
 */
export async function takeBack(
  { from, reason }: Emergency,
  scene: Scene,
  update: (locked: () => void) => Promise<Outcome>,
): Promise<{ readonly outcome: Outcome; readonly rescue: Rescue }> {
  const { dir, stack, env, subject, signal } = scene;
  const bare = await mkdtemp(join(tmpdir(), "sluice-bare-"));
  let begun = (): void => undefined;
  const locked = new Promise<undefined>((resolve) => (begun = () => resolve(undefined)));
  const ending = update(begun);
  const over = new AbortController();
  try {
    const early = await Promise.race([locked, ending]);
    if (early) throw new Error(`the update ended before it held the lock:\n${early.diagnostics.join("\n")}`);
    const began = performance.now();
    const since = () => Math.round(performance.now() - began) / 1000;
    const { app, environment, region } = subject;
    const named = ["--app", app, "--environment", environment, "--region", region];
    const moving = noneLeft(from, endpointOf(scene), AbortSignal.any([signal, over.signal])).then(
      async () => ({ moved: since(), held: (await engineIn(dir)) !== undefined }),
      () => ({ held: false }),
    );
    await succeed(["rollback", ...named, "--reason", reason], { dir: bare, env: awsOf(env), signal });
    const outcome = await ending;
    await succeed(["rollback", "-s", stack, "--reason", reason], scene);
    const converged = since();
    over.abort();
    return { outcome, rescue: { ...(await moving), converged } };
  } finally {
    over.abort();
    // It must not go on when the cloud is taken down.
    await Promise.allSettled([ending]);
    await rm(bare, { recursive: true, force: true });
  }
}

/** Of what processes need the bare folder gets the AWS part, and the time. */
const awsOf = (env: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith("AWS_") || name === CLOCK));

/**
 * Waits until no rule gives a colour a share. A cloud that is too busy to say so is asked again.
 *
 * @param every milliseconds between two looks
 * @throws Error once `signal` aborts
 */
export async function noneLeft(
  colour: Colour,
  endpoint: string,
  signal: AbortSignal,
  every = EVERY,
): Promise<void> {
  const share = async () => (await askShares(endpoint).catch(() => undefined))?.[colour];
  while ((await share()) !== 0) await pause(every, undefined, { signal });
}

/** @throws Error where it ends with anything but 0 */
async function succeed(args: readonly string[], scene: Pick<Scene, "dir" | "env" | "signal">): Promise<void> {
  const ended = await sluice(args, scene);
  if (ended.code !== 0) throw new Error(`sluice ${args.join(" ")} ${endText(ended)}:\n${ended.last}`);
}
