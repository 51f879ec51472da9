import { isBeyond } from "./chance";
import { commonCause } from "./commonCause";
import { type Finding, unseen } from "./finding";
import { DID, FRESH_SECONDS, type Observation } from "./observation";
import { type Window, rateOf, samplesOf, windowOf } from "./samples";
import { type RateThreshold, SLOW_SECONDS } from "./thresholds";
import { duration, ratio } from "./wording";

/** A colour, what it is compared with, and when. */
export interface Pair {
  readonly candidate: Observation;
  /** Absent: it has had no traffic since the candidate has, so there is nothing to compare with. */
  readonly live?: Observation;
  /** ISO time of the judgement. */
  readonly now: string;
}

/**
 * What an absolute limit of a rate says of the candidate.
 *
 * With too few requests a rate is none: it neither passes nor breaches, but where so many are bad that no candidate
 * within the limit would come to it by chance. A candidate that answers nothing is known by its fifth request.
 */
export function judgeRate(criterion: string, threshold: RateThreshold, pair: Pair): Finding {
  const { candidate, now } = pair;
  const seen = samplesOf(candidate, threshold.signal, now);
  if ("unseen" in seen) return unseen(criterion, seen.unseen);
  const window = windowOf(seen.samples, threshold.windowSeconds, threshold.samples);
  const short = windowOf(seen.samples, threshold.windowSeconds, 0);
  const { above, samples } = threshold;
  const isEarly = isBeyond(short, above / 100);
  const judged = isEarly ? short : window;
  const said = sentence(pair, threshold, judged);
  const found = (verdict: Finding["verdict"], evidence: string): Finding => ({
    criterion,
    verdict,
    evidence,
    figures: { requests: judged.requests, bad: judged.bad, seconds: judged.seconds, above },
  });
  if (isEarly || (window.requests >= samples && rateOf(window) > above / 100)) {
    const live = commonCause(pair, threshold, seen.samples, judged.seconds);
    const urgency = live ? "hold" : threshold.urgency;
    return { ...found("failure", live ? `${said}. ${live}` : said), urgency };
  }
  if (window.requests < samples) {
    return found("inconclusive", `${said}; ${samples} requests are needed to say`);
  }
  if (windowOf(seen.samples, FRESH_SECONDS, 0).requests <= 0) {
    return found("inconclusive", `${said}; no requests in the last ${duration(FRESH_SECONDS)}`);
  }
  return found("success", said);
}

function sentence({ candidate }: Pair, threshold: RateThreshold, window: Window): string {
  const what = threshold.signal === "slow" ? `took longer than ${SLOW_SECONDS} s` : DID[threshold.signal];
  return (
    `${candidate.service} ${candidate.colour}: ${ratio(window.bad, window.requests)} ${what} in the last ` +
    `${duration(window.seconds)}; the limit is ${threshold.above} %`
  );
}
