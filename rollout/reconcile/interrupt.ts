import { SIGNALS } from "../signals";

/** Somebody ended the command between two of its effects. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/**
 * Works until it is done or somebody ends it. The signal is only noted, and what is done looks for it between its
 * effects: no update is broken off in its middle.
 *
 * @param tell says to whoever ended it that it goes on for a while
 */
export async function interruptible<Result>(
  tell: (what: string) => void,
  work: (stop: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const stopping = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    tell(`${signal}: what has begun is finished first; nothing else begins`);
    stopping.abort(new Interrupted(`ended by ${signal}`));
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await work(stopping.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}
