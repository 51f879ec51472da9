import { join } from "node:path";
import { endOfLeashed } from "../engine/run";
import type { Scene } from "../scene";
import type { Asked, Mend } from "./fault";

const HOOK = join(__dirname, "..", "..", "register.cjs");

/** What {@link killTick} runs, with how it is called: the stack's name, and after how many effects it dies. */
export const KILLED_TICK = join(__dirname, "tickThatDies.ts");

/** How a process ends that SIGKILL ended, to whoever waits for the leash. */
const KILLED = 128 + 9;

/**
 * Calls `sluice tick` and kills it outright right after so many effects. There is nothing to mend: the next tick goes
 * on with what is there.
 *
 * @throws Error where it ended by itself, for it had less to do
 */
export async function killTick({ dir, stack, env, signal }: Scene, { amount }: Asked): Promise<Mend> {
  const { PATH = "" } = process.env;
  const { code, last } = await endOfLeashed({
    ...{ command: process.execPath, args: ["-r", HOOK, KILLED_TICK, stack, String(amount)] },
    ...{ cwd: dir, env: { PATH, ...env }, signal },
  });
  if (code !== KILLED) throw new Error(`the tick was not killed, it ended with ${String(code)}:\n${last}`);
  return () => Promise.resolve();
}
