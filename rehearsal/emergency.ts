import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { CLOCK } from "../cloud/clock";
import type { Colour } from "../model/release";
import type { Outcome } from "./engine/workspace";
import { lookUntil } from "./lookUntil";
import { engineIn } from "./owner";
import { type Scene, endText, endpointOf, sluice } from "./scene";
import { askShares } from "./traffic/weights";

/** What it took to take traffic back in an emergency. */
export interface Rescue {
  /**
   * From the command's start to the moment from which on no rule gave the version any new user, in seconds; absent
   * where one still did when all was over.
   */
  readonly moved?: number;
  /** Whether the update still held the lock when for the first time none did; absent where that never was. */
  readonly held?: boolean;
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
  let watched: ReturnType<typeof watchShare> | undefined;
  try {
    const early = await Promise.race([locked, ending]);
    if (early) throw new Error(`the update ended before it held the lock:\n${early.diagnostics.join("\n")}`);
    const began = performance.now();
    const since = (at: number) => Math.round(at - began) / 1000;
    const { app, environment, region } = subject;
    const named = ["--app", app, "--environment", environment, "--region", region];
    watched = watchShare(from, endpointOf(scene), async () => (await engineIn(dir)) !== undefined);
    await succeed(["rollback", ...named, "--reason", reason], { dir: bare, env: awsOf(env), signal });
    const outcome = await ending;
    await succeed(["rollback", "-s", stack, "--reason", reason], scene);
    const converged = since(performance.now());
    const { gone, held } = await watched();
    const moved = gone === undefined ? {} : { moved: since(gone) };
    return { outcome, rescue: { ...moved, ...(held !== undefined && { held }), converged } };
  } finally {
    await watched?.();
    // It must not go on when the cloud is taken down.
    await Promise.allSettled([ending]);
    await rm(bare, { recursive: true, force: true });
  }
}

/** Of what processes need the bare folder gets the AWS part, and the time. */
const awsOf = (env: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith("AWS_") || name === CLOCK));

/** What was seen of a colour's share. */
interface Watched {
  /** From when on no rule gave it one, by `performance.now()`; absent where one did at the end. */
  readonly gone?: number;
  /** Whether the lock was held when for the first time none did; absent where that never was. */
  readonly held?: boolean;
}

/**
 * Looks at a colour's share until the function that it returns is called, which looks once more and gives what was seen.
 * An update that passed its guard earlier may give it one again. Calling it again gives the same.
 *
 * @param isHeld whether an update holds the lock
 * @param every milliseconds between two looks
 */
export function watchShare(
  colour: Colour,
  endpoint: string,
  isHeld: () => Promise<boolean>,
  every = EVERY,
): () => Promise<Watched> {
  let seen: Watched = {};
  const over = lookUntil(async () => {
    const share = await shareOf(colour, endpoint);
    if (share === 0) {
      const { gone = performance.now() } = seen;
      seen = { gone, held: seen.held ?? (await isHeld()) };
    } else if (share !== undefined) {
      const { gone: _, ...first } = seen;
      seen = first;
    }
  }, every);
  return async () => {
    await over();
    return seen;
  };
}

/** Undefined where a cloud is too busy to say so. */
const shareOf = async (colour: Colour, endpoint: string): Promise<number | undefined> =>
  (await askShares(endpoint).catch(() => undefined))?.[colour];

/**
 * Waits until no rule gives a colour a share. A cloud that is too busy to say so is asked again.
 *
 * @param every milliseconds between two looks
 * @throws Error where one still does once `signal` has aborted
 */
export async function noneLeft(
  colour: Colour,
  endpoint: string,
  signal: AbortSignal,
  every = EVERY,
): Promise<void> {
  for (;;) {
    const isLast = signal.aborted;
    if ((await shareOf(colour, endpoint)) === 0) return;
    if (isLast) signal.throwIfAborted();
    await pause(every, undefined, { signal }).catch(() => undefined);
  }
}

/** @throws Error where it ends with anything but 0 */
async function succeed(args: readonly string[], scene: Pick<Scene, "dir" | "env" | "signal">): Promise<void> {
  const ended = await sluice(args, scene);
  if (ended.code !== 0) throw new Error(`sluice ${args.join(" ")} ${endText(ended)}:\n${ended.last}`);
}
