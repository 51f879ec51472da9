import { type Finding, unseen } from "./finding";
import { type Observation, staleness } from "./observation";
import type { ConditionThreshold } from "./thresholds";
import { duration } from "./wording";

/** What each figure counts, as a person says it. */
const SAID: Readonly<Record<ConditionThreshold["figure"], string>> = {
  failedChecks: "health checks failed in a row",
  restarts: "restarts of one container",
  unreadySeconds: "that a pod has waited to become ready",
  unavailableSeconds: "without a healthy target",
};

/** What an absolute limit of pods and targets says of the candidate. Nothing seen is no good condition. */
export function judgeCondition(
  criterion: string,
  threshold: ConditionThreshold,
  { service, colour, condition }: Observation,
  now: string,
): Finding {
  const who = `${service} ${colour}`;
  const value = condition?.[threshold.figure] ?? Number.NaN;
  const stale = condition && staleness(condition.at, now);
  if (stale !== undefined) return unseen(criterion, `${who}: figures of pods and targets: ${stale}`);
  if (!Number.isFinite(value) || value < 0) {
    const why = condition?.unknown?.[threshold.figure];
    const what = why ?? `not known how many ${threshold.unit} of ${threshold.figure}`;
    return unseen(criterion, `${who}: ${what}`);
  }
  const { above, unit, windowSeconds } = threshold;
  const measure = (figure: number) => (unit === "seconds" ? `${Math.round(figure)} s` : `${figure}`);
  const span = windowSeconds > 0 ? ` in the last ${duration(windowSeconds)}` : "";
  const figures = { value, above };
  const evidence = `${who}: ${measure(value)} ${SAID[threshold.figure]}${span}; at most ${measure(above)} may be`;
  return value > above
    ? { criterion, verdict: "failure", urgency: threshold.urgency, evidence, figures }
    : { criterion, verdict: "success", evidence, figures };
}
