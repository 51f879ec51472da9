import { compare } from "./comparison";
import { judgeCondition } from "./conditions";
import { type Finding, type Judgement, together } from "./finding";
import { type Observation, SIGNALS } from "./observation";
import { type Pair, judgeRate } from "./rates";
import { THRESHOLDS, type Threshold } from "./thresholds";

/** One service in both colours. */
export interface Compared {
  readonly candidate: Observation;
  /**
   * Where its share is 0 it is there with `idleSince`, for what it did before speaks on; where it could not be seen,
   * with what is missing. Absent: it has had no traffic since the candidate has.
   */
  readonly live?: Observation;
}

/** What is to be judged. */
export interface Watched {
  /** Every service that takes part in the release. */
  readonly services: readonly Compared[];
  /** ISO time at which the present step began. */
  readonly since: string;
  /** ISO time of the judgement. */
  readonly now: string;
}

/**
 * What all criteria say of a candidate.
 *
 * - `success`: in every service no limit is breached, by fresh data and enough requests, and harm is excluded.
 * - `failure`: a limit is breached, or the candidate is shown to be worse than live. It counts even where something
 *   else could not be seen.
 * - `could-not-observe`: something that must be good could not be seen.
 * - `inconclusive`: all was seen, and it is not enough to say.
 */
export const analyse = ({ services, since, now }: Watched): Judgement => {
  const terms = { since, comparisons: services.length * SIGNALS.length };
  return together(
    services.flatMap((service) => {
      const pair: Pair = { ...service, now };
      return [...judgeThresholds(pair), ...SIGNALS.map((signal) => compare(signal, pair, terms))];
    }),
  );
};

/** What the absolute limits alone say of a candidate: all that is asked between the steps, and without a plan. */
export const judgeThresholds = (pair: Pair): Finding[] =>
  Object.entries<Threshold>(THRESHOLDS).map(([criterion, threshold]) =>
    threshold.kind === "rate"
      ? judgeRate(criterion, threshold, pair)
      : judgeCondition(criterion, threshold, pair.candidate, pair.now),
  );
