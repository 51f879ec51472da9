import { seconds, sleep } from "../../cloud/clock";
import { PATIENCE_SECONDS } from "../../model/guardObjection";

/** How long to wait for what is on its way, and by which clock. */
export interface Patience {
  /** Between two looks, in seconds. */
  readonly everySeconds: number;
  /** In all, in seconds. */
  readonly mostSeconds: number;
  readonly clock: Clock;
}

/** The time, as far as waiting needs it. */
export interface Clock {
  /** Milliseconds from any moment on that does not change. */
  now(): number;
  sleep(milliseconds: number): Promise<unknown>;
}

/** What guards wait by. */
export const PATIENCE: Patience = {
  everySeconds: 5,
  mostSeconds: PATIENCE_SECONDS,
  clock: { now: () => 1000 * seconds(), sleep: (milliseconds) => sleep(milliseconds / 1000) },
};

/**
 * Looks until what is seen is worth no more waiting, or patience ends.
 *
 * @param waiting called before each pause, with what was seen and the seconds that are left
 * @returns what was seen last
 */
export async function lookUntil<Seen>(
  look: () => Promise<Seen>,
  isWorthWaiting: (seen: Seen) => boolean,
  { everySeconds, mostSeconds, clock }: Patience,
  waiting: (seen: Seen, secondsLeft: number) => Promise<void>,
): Promise<Seen> {
  const end = clock.now() + mostSeconds * 1000;
  for (;;) {
    const seen = await look();
    const left = end - clock.now();
    if (left <= 0 || !isWorthWaiting(seen)) return seen;
    await waiting(seen, Math.ceil(left / 1000));
    await clock.sleep(Math.min(everySeconds * 1000, left));
  }
}
