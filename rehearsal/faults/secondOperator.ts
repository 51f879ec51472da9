import { setTimeout as pause } from "node:timers/promises";
import { endOfLeashed, runLeashed } from "../engine/run";
import { engineIn } from "../owner";
import type { Scene } from "../scene";
import type { Mend } from "./fault";

/** Milliseconds between two looks for the lock. */
const EVERY = 20;

/**
 * Begins an update as somebody else does, in the same folder, and stops it once it holds the lock. It is mended by
 * letting it go on, interrupting it, as by Ctrl-C, and cancelling what it left.
 *
 * @throws Error where it ends before it has the lock
 */
export async function holdLock({ dir, stack, env, signal }: Scene): Promise<Mend> {
  const pulumi = { command: "pulumi", cwd: dir, env: { ...process.env, ...env } };
  const over = new AbortController();
  let ended: string | undefined;
  const update = endOfLeashed({
    ...pulumi,
    args: ["up", "-s", stack, "--yes", "--skip-preview", "--non-interactive", "--color", "never"],
    signal: AbortSignal.any([signal, over.signal]),
  }).then(
    ({ last }) => void (ended = last),
    (error: unknown) => void (ended = String(error)),
  );
  // A function, because it becomes true while something is awaited.
  const hasEnded = () => ended !== undefined;
  let holder = await engineIn(dir);
  for (; holder === undefined; holder = await engineIn(dir)) {
    if (hasEnded()) throw new Error(`somebody else's update ended before it held the lock:\n${ended ?? ""}`);
    await pause(EVERY);
  }
  process.kill(holder, "SIGSTOP");
  return async () => {
    if (!hasEnded()) process.kill(holder, "SIGCONT");
    over.abort();
    await update;
    // An engine that has just got the lock does not hear an interrupt yet: it dies of it, and leaves the lock.
    await runLeashed({ ...pulumi, args: ["cancel", "-s", stack, "--yes"] });
  };
}
