import { setTimeout as pause } from "node:timers/promises";

/**
 * Looks again and again until the function that it returns is called, which looks once more and waits for that. Calling
 * it again waits for the same.
 *
 * @param look must not reject
 * @param every milliseconds between two looks
 */
export function lookUntil(look: () => Promise<void>, every: number): () => Promise<void> {
  const stop = new AbortController();
  const run = async () => {
    while (!stop.signal.aborted) {
      await look();
      await pause(every, undefined, { signal: stop.signal }).catch(() => undefined);
    }
    await look();
  };
  const running = run();
  return () => {
    stop.abort();
    return running;
  };
}
