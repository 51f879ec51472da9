import { THRESHOLDS, SLOW_SECONDS } from "./analysis/thresholds";

/** A metric that the load balancer publishes of a target group, and how its values of a period become one. */
export interface AlarmMetric {
  readonly metric: string;
  readonly statistic: string;
}

/** An alarm about one colour of one public service. */
export interface ColourAlarm {
  /** Ends its name. */
  readonly name: string;
  /** What it says, for whoever is paged. */
  readonly says: string;
  /** By the name that they have in the expression. */
  readonly metrics: Readonly<Record<string, AlarmMetric>>;
  /** CloudWatch's metric math; it has no value where there is too little to judge by. */
  readonly expression: string;
  /** It is alarmed by a value above this. */
  readonly above: number;
  /** What one value is taken of, in seconds. */
  readonly periodSeconds: number;
  /** So many values in a row must be above. */
  readonly periods: number;
}

const REQUESTS: AlarmMetric = { metric: "RequestCount", statistic: "Sum" };
const { errorRate, latency, failedChecks } = THRESHOLDS;

/** CloudWatch's shortest period of what a load balancer publishes, in seconds. */
const MINUTE = 60;

/**
 * The alarms of each colour of each public service.
 *
 * An alarm decides nothing: it calls the watcher at once and tells people, and the watcher judges by the same limits.
 * A metric without a value is none that is good: nothing is published without requests, and of failures nothing where
 * there are none, so what fails is filled with 0 and a share of no requests has no value. A colour that has no target
 * at all has no metric of its own to be alarmed by; the watcher sees that by itself, a minute later at most.
 */
export const COLOUR_ALARMS: readonly ColourAlarm[] = [
  {
    name: "errors",
    says: `more than ${errorRate.above} % of its requests fail`,
    metrics: {
      requests: REQUESTS,
      failed: { metric: "HTTPCode_Target_5XX_Count", statistic: "Sum" },
      refused: { metric: "TargetConnectionErrorCount", statistic: "Sum" },
    },
    expression: `IF(requests >= ${errorRate.samples}, 100 * (FILL(failed, 0) + FILL(refused, 0)) / requests)`,
    above: errorRate.above,
    periodSeconds: errorRate.windowSeconds,
    periods: 1,
  },
  {
    name: "slow",
    says: `more than ${latency.above} % of its answers take longer than ${SLOW_SECONDS} s`,
    metrics: {
      requests: REQUESTS,
      seconds: { metric: "TargetResponseTime", statistic: `p${100 - latency.above}` },
    },
    expression: `IF(requests >= ${latency.samples}, seconds)`,
    above: SLOW_SECONDS,
    periodSeconds: latency.windowSeconds,
    periods: 1,
  },
  {
    name: "unhealthy",
    says: "it has requests, and a target that fails its health check",
    metrics: {
      requests: REQUESTS,
      // The least of a minute: a target that was unhealthy all of it.
      unhealthy: { metric: "UnHealthyHostCount", statistic: "Minimum" },
    },
    expression: "IF(FILL(requests, 0) > 0, unhealthy)",
    above: 0,
    periodSeconds: MINUTE,
    periods: failedChecks.alert.afterSeconds / MINUTE,
  },
];

/** After so many minutes in which nobody watched, people are told. */
export const BLIND_MINUTES = 5;

/** Metrics of all alarms about one colour of one public service, which are what AWS bills. */
export const ALARM_METRICS = COLOUR_ALARMS.reduce((sum, { metrics }) => sum + Object.keys(metrics).length, 0);

/** Those of the alarm about the watcher: its calls, and those that failed. */
export const WATCHER_ALARM_METRICS = 2;
