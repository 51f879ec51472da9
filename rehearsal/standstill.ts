/** Longer than any process here works without a pause, in milliseconds: a machine that is taken away for as long. */
const LEAST = 2_000;

/** How often it is looked whether time goes on, in milliseconds. */
const EVERY = 250;

/**
 * Tells of times in which nothing here could run, such as on a virtual machine that was paused: what users met then says
 * nothing of the release, and where time passes faster a few seconds are minutes of it.
 *
 * @param told called with how long it was, in seconds
 * @param now a monotonic clock, in milliseconds. Default: the machine's
 * @returns what ends it
 */
export function watchStandstill(told: (seconds: number) => void, now = () => performance.now()): () => void {
  let last = now();
  const timer = setInterval(() => {
    const lasted = now() - last - EVERY;
    last += lasted + EVERY;
    if (lasted >= LEAST) told(lasted / 1_000);
  }, EVERY);
  timer.unref();
  return () => clearInterval(timer);
}
