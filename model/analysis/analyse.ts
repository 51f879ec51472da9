import { compare } from "./comparison";
import { judgeCondition } from "./conditions";
import { type Finding, type Judgement, together, unseen } from "./finding";
import { type Observation, SIGNALS } from "./observation";
import { type Pair, judgeRate } from "./rates";
import { OF_APPLICATIONS, THRESHOLDS, type Threshold, type ThresholdName } from "./thresholds";

/** One service in both colours. */
export interface Compared {
  readonly candidate: Observation;
  /**
   * Where its share is 0 it is there with `idleSince`, for what it did before speaks on; where it could not be seen,
   * with what is missing. Absent: it has had no traffic since the candidate has.
   */
  readonly live?: Observation;
  /** Limits of pods and targets that nobody here can measure. They are not judged. Default: none. */
  readonly unasked?: readonly ConditionName[];
}

/** The limits of how pods and targets are. */
export type ConditionName = {
  [Name in ThresholdName]: (typeof THRESHOLDS)[Name]["kind"] extends "condition" ? Name : never;
}[ThresholdName];

/** What somebody else than the load balancer measured, judged by absolute limits alone. */
export interface Further extends Omit<Compared, "unasked"> {
  /** Who measured it. */
  readonly by: string;
  /** The limits that it is judged by. */
  readonly limits: readonly ThresholdName[];
}

/** What is to be judged. */
export interface Watched {
  /** Every service that takes part in the release. */
  readonly services: readonly Compared[];
  /** Default: nothing. */
  readonly further?: readonly Further[];
  /** Why a source could not be asked, a sentence each: nothing passes then, and what fails counts. Default: none. */
  readonly unseen?: readonly string[];
  /** What was not asked, and why, a sentence each without a full stop. Default: all was asked. */
  readonly remarks?: readonly string[];
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
 *
 * Whether requests are enough the load balancer's count decides: what is inconclusive by somebody else's is said, and
 * stands against nothing. Without any service nothing is seen, whatever else was.
 */
export const analyse = ({
  services,
  further = [],
  unseen: blind = [],
  remarks = [],
  since,
  now,
}: Watched): Judgement => {
  const terms = { since, comparisons: services.length * SIGNALS.length };
  const own = services.flatMap(({ unasked, ...service }) => {
    const pair: Pair = { ...service, now };
    const asked = LIMITS.filter((name) => !unasked?.some((one) => one === name));
    return [...judgeThresholds(pair, asked), ...SIGNALS.map((signal) => compare(signal, pair, terms))];
  });
  if (own.length === 0) return together([]);
  const others = further.flatMap(({ by, limits, ...pair }) =>
    judgeThresholds({ ...pair, now }, limits).map((found) => ({
      ...found,
      criterion: `${found.criterion} by ${by}`,
    })),
  );
  const open = others.filter(({ verdict }) => verdict === "inconclusive");
  const said = [...remarks, ...open.map(({ criterion, evidence }) => `${criterion}: ${evidence}`)];
  return {
    ...together([
      ...own,
      ...others.filter((finding) => !open.includes(finding)),
      ...blind.map((why) => unseen("sources", why)),
    ]),
    ...(said.length > 0 && { remarks: said }),
  };
};

/** What a load balancer, target health and pods tell of. */
const LIMITS = (Object.keys(THRESHOLDS) as ThresholdName[]).filter(
  (name) => !OF_APPLICATIONS.some((one) => one === name),
);

/**
 * What absolute limits alone say of a candidate: all that is asked between the steps, and without a plan.
 *
 * @param names the limits. Default: all but those of what applications alone count
 */
export const judgeThresholds = (pair: Pair, names: readonly ThresholdName[] = LIMITS): Finding[] =>
  names.map((name) => {
    const threshold: Threshold = THRESHOLDS[name];
    return threshold.kind === "rate"
      ? judgeRate(name, threshold, pair)
      : judgeCondition(name, threshold, pair.candidate, pair.now);
  });
