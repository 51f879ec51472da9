import type { Environment } from "../environments";
import type { AwsAlarm } from "../monitoring/cloudwatch/alarm";
import { PARTIAL_RESULTS, PARTIAL_RESULTS_NAMESPACE } from "../monitoring/families";
import { flagAlarmPrefix } from "../names";
import { secondsBetween } from "../trust";

/** How far an alarm takes a flag back: to the stop before this one on its plan, or off. */
export const RETREATS = ["step", "off"] as const;
export type FlagRetreat = (typeof RETREATS)[number];

/** An alarm of CloudWatch that a flag's way up waits for, and that takes the flag back. */
export interface WatchedAlarm {
  /** Its whole name in CloudWatch. */
  readonly name: string;
  readonly retreat: FlagRetreat;
}

/** An alarm of a flag's own: its name ends that of the flag's alarms. */
export interface FlagAlarm extends AwsAlarm {
  readonly retreat: FlagRetreat;
}

const MINUTE = 60;

/** Above so many milliseconds a partial result comes too late (guide 004). */
const LATE = 5_000;

const own = ({ name }: { readonly name: string }, statistic: string) => ({
  value: { namespace: PARTIAL_RESULTS_NAMESPACE, metric: name, dimensions: {}, statistic },
});

/**
 * The alarms of a flag with partial results, with the thresholds, periods and deeds of guide 004: what is slow or
 * dropped takes the flag back to the stop before, and errors of the function disable it at once.
 *
 * @param lambda name of the function that the application processes audio by
 */
export const flagAlarms = (lambda: string): readonly FlagAlarm[] => [
  {
    name: "latency-high",
    severity: "critical",
    says: "partial results come later than 5 s after what was said (p95)",
    help: "the function's memory, and how often its buffer overflows",
    metrics: own(PARTIAL_RESULTS.latency, "p95"),
    ...{ comparison: "above", threshold: LATE, periodSeconds: MINUTE, periods: 2 },
    retreat: "step",
  },
  {
    name: "partial-results-dropped",
    severity: "critical",
    says: "more than 100 partial results a minute are dropped",
    help: "the buffer's timeout and the stability threshold: sluice flags get",
    metrics: own(PARTIAL_RESULTS.dropped, "Sum"),
    ...{ comparison: "above", threshold: 100, periodSeconds: MINUTE, periods: 2 },
    retreat: "step",
  },
  {
    name: "results-orphaned",
    severity: "critical",
    says: "a session leaves more than 10 results without their end",
    help: "the sessions with the most, in the function's log",
    // One value is what one session left.
    metrics: own(PARTIAL_RESULTS.orphaned, "Maximum"),
    ...{ comparison: "above", threshold: 10, periodSeconds: MINUTE, periods: 2 },
    retreat: "step",
  },
  {
    name: "transcribe-fallback",
    severity: "critical",
    says: "a session fell back to final results alone",
    help: "the health of Amazon Transcribe; if it lasts: sluice flags disable",
    metrics: own(PARTIAL_RESULTS.fallback, "Sum"),
    ...{ comparison: "at least", threshold: 1, periodSeconds: MINUTE, periods: 1 },
    retreat: "step",
  },
  {
    name: "lambda-errors",
    severity: "critical",
    says: "the function fails more than 5 times in 5 minutes",
    help: "the function's log, and what DynamoDB throttles",
    metrics: {
      value: {
        ...{ namespace: "AWS/Lambda", metric: "Errors", statistic: "Sum" },
        dimensions: { FunctionName: lambda },
      },
    },
    ...{ comparison: "above", threshold: 5, periodSeconds: 5 * MINUTE, periods: 1 },
    retreat: "off",
  },
];

/** The flag of guide 004. No other one has alarms of its own: these are about what this one does. */
const GUIDED = "partial-results";

/**
 * What watches a flag that names no alarms: its own, by their whole names. dev has nobody to be woken, and none.
 *
 * @param flag its name
 */
export const ownAlarms = (app: string, environment: Environment, flag: string): WatchedAlarm[] =>
  environment === "dev" || flag !== GUIDED
    ? []
    : flagAlarms("").map(({ name, retreat }) => ({
        name: flagAlarmPrefix(app, environment, flag) + name,
        retreat,
      }));

/** An alarm as CloudWatch has it. */
export interface AlarmSeen {
  readonly state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  /** ISO time since which it is in this state. Absent: CloudWatch does not say. */
  readonly since?: string;
}

/** By name; one that is absent CloudWatch does not have. */
export type AlarmsSeen = Readonly<Record<string, AlarmSeen>>;

/**
 * How long after a fall an alarm may still say what was before it, in seconds: clients hear of the fall within 65 s, the
 * longest period is five minutes, and CloudWatch publishes late.
 */
export const ABATES_SECONDS = 600;

/** An alarm that takes a flag back, and why. */
export interface Alarmed {
  readonly retreat: FlagRetreat;
  /** A sentence without a full stop. */
  readonly text: string;
}

/**
 * The alarms that take a flag back now. One that went off before its last change is about what was then, unless it stays.
 *
 * @param since ISO time of the flag's last change. Absent: nobody knows
 */
export const alarmed = (
  asked: readonly WatchedAlarm[],
  seen: AlarmsSeen,
  { since, now }: { readonly since: string | undefined; readonly now: string },
): Alarmed[] =>
  asked.flatMap(({ name, retreat }) => {
    const alarm = seen[name];
    if (alarm?.state !== "ALARM") return [];
    const isOld =
      since !== undefined &&
      alarm.since !== undefined &&
      Date.parse(alarm.since) <= Date.parse(since) &&
      secondsBetween(since, now) < ABATES_SECONDS;
    const at = alarm.since === undefined ? "" : ` at ${alarm.since}`;
    return isOld ? [] : [{ retreat, text: `alarm ${name} went off${at}` }];
  });
