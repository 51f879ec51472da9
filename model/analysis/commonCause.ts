import { isAbove, isWorse } from "./chance";
import { liveSamplesOf } from "./idle";
import { type Interval, intervalsOf, total } from "./intervals";
import type { Pair } from "./rates";
import { type Sample, type Tally, rateOf } from "./samples";
import type { RateThreshold } from "./thresholds";
import { duration, ratio } from "./wording";

/**
 * Whether the live colour is as bad as a candidate that breaches a limit, and what that means.
 *
 * Then something fails that both colours use. Going back would mend nothing, move load onto a colour that fails, and
 * fence a version for a fault that is not its own; people are paged by the same limit. Only a live colour with
 * requests enough, that is itself above half the limit, speaks for a candidate.
 *
 * Where the live colour had no requests, its record speaks in its place: see `recordOf`.
 *
 * @param samples the candidate's
 * @param seconds how long the window is that breaches the limit, up to the newest sample
 * @returns a sentence, or undefined where nothing speaks for the candidate
 */
export function commonCause(
  pair: Pair,
  threshold: RateThreshold,
  samples: readonly Sample[],
  seconds: number,
): string | undefined {
  const { live } = pair;
  const seen = liveSamplesOf(pair, threshold.signal);
  if (!live || !seen || "unseen" in seen) return undefined;
  const intervals = intervalsOf(samples, seen.samples);
  const end = intervals.at(-1)?.to ?? 0;
  const window = intervals.filter(({ from, candidate }) => from >= end - seconds && candidate.requests > 0);
  const beside = window.filter((interval) => interval.live.requests > 0);
  const alone = window.filter((interval) => interval.live.requests <= 0);
  const record = alone.length > 0 ? recordOf(intervals, seconds, threshold.samples) : undefined;
  const spoken = record ?? total(beside, "live");
  const isBad = liveRateOf(beside, alone, record) > threshold.above / 200;
  if (spoken.requests < threshold.samples || !isBad || isWorse(beside)) return undefined;
  if (alone.length === 0) {
    return (
      `Live ${live.colour} is no better: ${ratio(spoken.bad, spoken.requests)}. Going back would mend nothing; ` +
      `look for what both colours use`
    );
  }
  return (
    record &&
    `Live ${live.colour} has no traffic to compare with, and was no better for as long in this release when it had: ` +
      `${ratio(record.bad, record.requests)} within ${duration(seconds)}. Going back is not shown to mend anything; ` +
      `look for what both colours use`
  );
}

/** Live's rate (0–1), had it had the candidate's requests: of each interval its own, or that of its record. */
function liveRateOf(
  beside: readonly Interval[],
  alone: readonly Interval[],
  record: Tally | undefined,
): number {
  const bad = beside.reduce((sum, { candidate, live }) => sum + candidate.requests * rateOf(live), 0);
  const others = total(alone, "candidate").requests;
  return (bad + (record ? others * rateOf(record) : 0)) / (total(beside, "candidate").requests + others);
}

/** How long a candidate without live is held against live's record, as multiples of the window. */
const SCALES = [1, 3, 12] as const;

/**
 * The live colour's worst time in this release of the window's length, where the candidate, since it is alone, is
 * no worse than that.
 *
 * With all traffic at the candidate there is nothing to compare it with, and a fault that meets both colours again
 * and again, for some minutes each time, meets the candidate alone. What live did while it had traffic says whether
 * it would do better. That speaks for bursts that live had, and not for a fault that stays: the candidate is held
 * against live's worst in longer windows as well, where a fault that stays is soon above any burst.
 *
 * @param least requests that a time of the live colour must hold to speak
 */
function recordOf(intervals: readonly Interval[], seconds: number, least: number): Tally | undefined {
  const last = intervals.findLastIndex(({ live }) => live.requests > 0);
  const before = intervals.slice(0, last + 1);
  const [end, began] = [intervals.at(-1)?.to ?? 0, before.at(-1)?.to ?? 0];
  const records = SCALES.map((scale) => {
    const length = Math.min(scale * seconds, end - began);
    const since = intervals.filter(({ from }) => from >= end - length && from >= began);
    const worst = worstOf(before, length, least);
    return worst && !isAbove(total(since, "candidate"), worst) ? worst : undefined;
  });
  return records.includes(undefined) ? undefined : records[0];
}

/**
 * The live colour's worst time of at least so many seconds.
 *
 * @param least requests that it must hold
 * @returns undefined where none holds so many, or is so long
 */
function worstOf(intervals: readonly Interval[], seconds: number, least: number): Tally | undefined {
  let worst: Tally | undefined;
  let [start, requests, bad] = [0, 0, 0];
  for (const { to, live } of intervals) {
    [requests, bad] = [requests + live.requests, bad + live.bad];
    // The shortest that is long enough and holds enough.
    for (let first = intervals[start]; first; first = intervals[start]) {
      const next = intervals[start + 1];
      if (!next || to - next.from < seconds || requests - first.live.requests < least) break;
      [requests, bad, start] = [requests - first.live.requests, bad - first.live.bad, start + 1];
    }
    const from = intervals[start]?.from ?? to;
    const isOne = requests >= least && to - from >= seconds;
    if (isOne && (!worst || bad / requests > rateOf(worst))) worst = { requests, bad };
  }
  return worst;
}
