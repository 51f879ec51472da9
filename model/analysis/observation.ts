import type { Colour } from "../release";

/**
 * What a colour of a service had done by a moment: running totals since the candidate first had traffic, so that
 * a look that was missed is made up for by the next one.
 */
export interface Counts {
  /** Requests that were answered, or that failed for want of an answer. */
  readonly requests: number;
  /** Of these, answered by 5xx or not at all. Absent or NaN: not known, which is never 0. */
  readonly errors?: number;
  /** Of these, slower than `SLOW_SECONDS`. Absent or NaN: not known, which is never 0. */
  readonly slow?: number;
  /**
   * Of these, slower than the service's p95 objective. Absent: nobody measured it; the load balancer does not, and an
   * application does where it has a bucket there.
   */
  readonly late?: number;
}

/** One look at a colour's metrics. */
export interface Look extends Counts {
  /** ISO time up to which the totals count: the metrics' time, not that of the query. */
  readonly at: string;
  /**
   * Of the totals, what we sent ourselves: smoke and preview requests reach the same targets as users' do and
   * are counted with them, but say nothing of users. They are taken off. Default: none.
   */
  readonly ours?: Counts;
}

/** How a colour's pods and targets are; not known where absent or NaN. */
export interface Condition {
  /** ISO time of the oldest of these figures. */
  readonly at: string;
  /** Health checks that failed in a row by now, of the target that is worst off. */
  readonly failedChecks?: number;
  /** Restarts within the window of the crash loop's threshold, of the container that restarted most. */
  readonly restarts?: number;
  /** How long the pod that waits longest has not been ready, in seconds. */
  readonly unreadySeconds?: number;
  /** How long the colour has had no healthy target by now, in seconds. */
  readonly unavailableSeconds?: number;
  /** Why a figure is not known. Default: nobody says. */
  readonly unknown?: Partial<Readonly<Record<ConditionFigure, string>>>;
}

/** A figure of pods and targets. */
export type ConditionFigure = "failedChecks" | "restarts" | "unreadySeconds" | "unavailableSeconds";

/** What was seen of one colour of one service. */
export interface Observation {
  readonly service: string;
  readonly colour: Colour;
  /** Ascending in time, the first from the moment that the colour's totals began. */
  readonly looks: readonly Look[];
  /** Absent: could not be seen. */
  readonly condition?: Condition;
  /** Names of series that were asked for and gave no answer. Default: none. */
  readonly missing?: readonly string[];
  /**
   * Of the live colour, where its share is 0: ISO time at which it became so. From then on no look means no requests.
   * Default: it has a share, and no look means that it could not be seen.
   */
  readonly idleSince?: string;
}

/** What of a request is judged. */
export const SIGNALS = ["errors", "slow"] as const;
/** `errors`: failed requests. `slow`: those slower than `SLOW_SECONDS`, which stand for the 95th percentile. */
export type Signal = (typeof SIGNALS)[number];

/** What a limit can count. `late`: requests slower than their service's objective; it is held against no other colour. */
export type LimitSignal = Signal | "late";

/** What a signal's requests did, as a person says it. */
export const DID: Readonly<Record<LimitSignal, string>> = {
  errors: "failed",
  slow: "took longer than the limit",
  late: "took longer than the service's p95 objective",
};

/** Data older than this are not about now, in seconds: CloudWatch's are two minutes old at best times. */
export const FRESH_SECONDS = 300;

/** How far data may lie in the future before a clock is not to be believed, in seconds. */
export const SKEW_SECONDS = 60;

/**
 * Why data of so late a time cannot be judged by.
 *
 * @param at ISO time of the newest datum
 * @returns undefined where they are fresh
 */
export function staleness(at: string, now: string): string | undefined {
  const age = (Date.parse(now) - Date.parse(at)) / 1_000;
  if (Number.isNaN(age)) return `their time is not known (found ${at})`;
  if (age > FRESH_SECONDS) return `the newest are ${Math.round(age)} s old; ${FRESH_SECONDS} s are allowed`;
  if (age < -SKEW_SECONDS) return `the newest are ${Math.round(-age)} s in the future: a clock is wrong`;
  return undefined;
}
