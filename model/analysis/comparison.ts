import { type Block, evidenceAgainst } from "./evidence";
import { type Finding, unseen } from "./finding";
import { liveSamplesOf } from "./idle";
import { type Interval, intervalsOf, total } from "./intervals";
import { DID, FRESH_SECONDS, type Signal, staleness } from "./observation";
import { FALSE_PASS, MARGINS, alarmOf, questionOf } from "./questions";
import type { Pair } from "./rates";
import { type Tally, samplesOf } from "./samples";
import { count, duration, ratio } from "./wording";

/** What a comparison is asked about, and what it promises. */
export interface Terms {
  /** ISO time at which the present step began: only what was seen since then lets it pass. */
  readonly since: string;
  /** How many comparisons share the chance of a false alarm: two for each service. */
  readonly comparisons: number;
}

/**
 * The candidate against live over the same time.
 *
 * It fails on the evidence of the whole release, so that a fault which shows slowly is found, and so that one
 * promise holds for all steps together. It passes on the evidence of the step alone, because a share that is greater
 * is another test: what went well with a tenth of the load need not with half of it.
 *
 * It passes only where harm is excluded, not where merely no harm was found: without requests none is found either.
 * Both may be shown of a candidate that is between harmless and harmful; then it fails, for it is worse.
 */
export function compare(signal: Signal, pair: Pair, terms: Terms): Finding {
  const criterion = `${signal} against live`;
  const candidate = samplesOf(pair.candidate, signal, pair.now);
  if ("unseen" in candidate) return unseen(criterion, candidate.unseen);
  const live = liveSamplesOf(pair, signal);
  if (live && "unseen" in live) return unseen(criterion, live.unseen);
  const blocks = intervalsOf(candidate.samples, live?.samples);
  const since = blocks.filter(({ from }) => from >= Date.parse(terms.since) / 1_000);
  const newest = blocks.at(-1)?.to;
  if (newest === undefined)
    return unseen(criterion, `${pair.candidate.service}: no two looks at both colours`);
  const stale = staleness(new Date(1_000 * newest).toISOString(), pair.now);
  if (stale !== undefined)
    return unseen(criterion, `${pair.candidate.service}: looks at both colours: ${stale}`);

  const worse = evidenceAgainst(questionOf(signal, "harmless"), blocks).most;
  const harm = questionOf(signal, "harmful");
  const well = Math.min(evidenceAgainst(harm, since).now, evidenceAgainst(harm, recent(since)).now);
  const alarm = alarmOf(terms.comparisons);
  const failed = worse >= Math.log(1 / alarm);
  const of = failed ? blocks : since;
  const totals = { candidate: total(of, "candidate"), live: total(of, "live") };
  const seconds = newest - (of[0]?.from ?? newest);
  const found = (verdict: Finding["verdict"], evidence: string): Finding => ({
    criterion,
    verdict,
    evidence: `${counted(signal, pair, totals)} in the last ${duration(seconds)}. ${evidence}`,
    figures: {
      requests: totals.candidate.requests,
      bad: totals.candidate.bad,
      liveRequests: totals.live.requests,
      liveBad: totals.live.bad,
      seconds,
      againstHarmless: worse,
      againstHarm: well,
    },
  });
  const { harmless, harmful } = MARGINS[signal];
  if (failed) {
    const evidence =
      `That is more than ${harmless} points worse than live: one of no more would look so bad once in ` +
      `${count(1 / alarm)} releases, however often one looks`;
    return { ...found("failure", evidence), urgency: "retreat" };
  }
  if (requestsSince(since, newest - FRESH_SECONDS) <= 0) {
    return found("inconclusive", `No requests in the last ${duration(FRESH_SECONDS)}`);
  }
  if (well >= Math.log(1 / FALSE_PASS)) {
    const evidence = `A candidate worse than live by ${harmful} point${harmful === 1 ? "" : "s"} is excluded`;
    return found("success", `${evidence}, with a chance of error of ${100 * FALSE_PASS} %`);
  }
  return found(
    "inconclusive",
    `Neither shown to be more than ${harmless} points worse than live, nor less than ${harmful}: ` +
      `more requests will tell`,
  );
}

/**
 * The last looks, of so many requests that a good candidate passes by them alone. Harm is to be excluded by these as
 * well as by the whole step: all of a good night would otherwise speak for a candidate that is bad in the morning.
 */
const RECENT = { requests: 5_000, seconds: 900 };

function recent(blocks: readonly Interval[]): readonly Interval[] {
  const end = blocks.at(-1)?.to ?? 0;
  let requests = 0;
  const start = blocks.findLastIndex(({ from, candidate }) => {
    requests += candidate.requests;
    return requests >= RECENT.requests && end - from >= RECENT.seconds;
  });
  return blocks.slice(Math.max(0, start));
}

const requestsSince = (blocks: readonly Interval[], time: number): number =>
  total(
    blocks.filter(({ to }) => to > time),
    "candidate",
  ).requests;

function counted(
  signal: Signal,
  { candidate, live }: Pair,
  totals: Readonly<Record<keyof Block, Tally>>,
): string {
  const mine = `${candidate.service} ${candidate.colour}: ${ratio(totals.candidate.bad, totals.candidate.requests)}`;
  const theirs = live
    ? `${live.colour} ${ratio(totals.live.bad, totals.live.requests)}`
    : "live has no traffic to compare with";
  return `${mine} ${DID[signal]}, ${theirs}`;
}
