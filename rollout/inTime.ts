import { setTimeout as pause } from "node:timers/promises";

/**
 * What a look gives, if it gives it in time.
 *
 * @throws Error where it does not
 */
export async function inTime<Value>(look: Promise<Value>, seconds: number): Promise<Value> {
  const stop = new AbortController();
  const late = pause(seconds * 1000, undefined, { signal: stop.signal, ref: false }).then(() => {
    throw new Error(`no answer within ${seconds} s`);
  });
  try {
    return await Promise.race([look, late]);
  } finally {
    stop.abort();
  }
}
