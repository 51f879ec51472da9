import type { Block } from "./evidence";
import { type Sample, between } from "./samples";

/** What was done between two looks, and when. */
export interface Interval extends Block {
  /** Seconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/**
 * What both colours did between looks that both have: the same time for both, whatever either of them lacks.
 *
 * @param live absent: the live colour has no traffic
 */
export function intervalsOf(candidate: readonly Sample[], live: readonly Sample[] | undefined): Interval[] {
  const beside = new Map(live?.map((sample) => [sample.at, sample]));
  const none = { requests: 0, bad: 0 };
  const looks = candidate.flatMap((sample) => {
    const other = live ? beside.get(sample.at) : none;
    return other ? [{ at: sample.at, candidate: sample, live: other }] : [];
  });
  return looks.slice(1).map((look, index) => {
    const before = looks[index] ?? look;
    return {
      from: before.at,
      to: look.at,
      candidate: between(before.candidate, look.candidate),
      live: between(before.live, look.live),
    };
  });
}

/** What intervals add up to, of one side. */
export const total = (intervals: readonly Block[], side: keyof Block) => ({
  requests: intervals.reduce((sum, interval) => sum + interval[side].requests, 0),
  bad: intervals.reduce((sum, interval) => sum + interval[side].bad, 0),
});
