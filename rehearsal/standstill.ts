import { machineTime } from "../cloud/clock";

/** Longer than any process here works without a pause, in milliseconds: a machine that is taken away for as long. */
const LEAST = 2_000;

/** One that only goes on, but not while the machine sleeps; and the one by which a release's time passes. */
const CLOCKS: readonly (() => number)[] = [() => performance.now(), () => machineTime().getTime()];

/** How often it is looked whether time goes on, in milliseconds. */
const EVERY = 250;

/**
 * Tells of times in which nothing here could run, such as on a virtual machine that was paused: what users met then says
 * nothing of the release, and where time passes faster a few seconds are minutes of it.
 *
 * @param told called with how long it was, in seconds
 * @param clocks in milliseconds; that which went on the most counts. Default: the machine's
 * @returns what ends it
 */
export function watchStandstill(told: (seconds: number) => void, clocks = CLOCKS): () => void {
  let last = clocks.map((now) => now());
  const timer = setInterval(() => {
    const times = clocks.map((now) => now());
    const lasted = Math.max(...times.map((time, at) => time - (last[at] ?? time))) - EVERY;
    last = times;
    if (lasted >= LEAST) told(lasted / 1_000);
  }, EVERY);
  timer.unref();
  return () => clearInterval(timer);
}
