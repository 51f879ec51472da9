import type { Minute } from "./minutes";

/** Requests that we sent to a colour of a service ourselves, from one ISO time to another. */
export interface Own {
  readonly from: string;
  readonly until: string;
  readonly requests: number;
  /** Of these, answered by 5xx. */
  readonly errors: number;
  /** Of these, answered later than `SLOW_SECONDS`. */
  readonly slow: number;
}

/** How much later than we did the load balancer may have counted what we sent, in milliseconds. */
const LATE = 60_000;

const COUNTED = ["requests", "errors", "slow"] as const;
type Counted = (typeof COUNTED)[number];

/**
 * Minutes without what we sent ourselves: it reaches the same targets as users' requests do and is counted with them.
 *
 * It is not known in which minute each of ours was counted. So they are taken from the first minutes in which they may
 * have been: users' requests may be thought too few by it for a while, and never too many. No count falls below 0.
 *
 * @param minutes ascending
 * @param own of the same colour of the same service
 */
export function withoutOwn(minutes: readonly Minute[], own: readonly Own[]): readonly Minute[] {
  if (own.length === 0) return minutes;
  const waiting = own.map(({ from, until, ...counts }) => ({
    from: Date.parse(from),
    until: Date.parse(until) + LATE,
    left: { ...counts },
  }));
  return minutes.map((minute) => {
    const end = Date.parse(minute.at);
    const here = waiting.filter(({ from, until }) => from < end && until > end - LATE);
    const taken = { requests: 0, errors: 0, slow: 0 };
    const take = (key: Counted) => {
      for (const { left } of here) {
        const part = Math.min(left[key], minute[key] - taken[key]);
        left[key] -= part;
        taken[key] += part;
      }
    };
    COUNTED.forEach(take);
    return {
      at: minute.at,
      requests: minute.requests - taken.requests,
      errors: minute.errors - taken.errors,
      slow: minute.slow - taken.slow,
      ended: Math.max(0, minute.ended - taken.requests),
    };
  });
}
