import type { LimitSignal } from "../../analysis/observation";
import { SLOW_SECONDS, THRESHOLDS, type ThresholdName } from "../../analysis/thresholds";
import { LATELY, breachOf, counted } from "../breaches";
import type { Severity } from "../ruleFile";
import { type About, type Alert, WHOM, type Watched } from "./alert";

/** What is told of a limit. */
interface Told {
  readonly name: string;
  readonly about: About;
  /** The breach in words, and with its value. */
  readonly when: string;
  readonly says: string;
  readonly help: string;
}

const { errorRate, errorGate, latency, latencyGate, crashLoop, readiness, failedChecks } = THRESHOLDS;
const PERCENT = '{{ $value | printf "%.2f" }} %';
const BACK = "A candidate has been taken back, or is at the next look.";

/** By limit. */
export const TOLD: Readonly<Record<ThresholdName, Told>> = {
  errorRate: {
    name: "HighErrorRate",
    about: "errors",
    when: `more than ${errorRate.above} % of a version's requests fail`,
    says: `${PERCENT} of the requests of ${WHOM} fail; ${errorRate.above} % is the limit`,
    help: `${BACK} Of the live colour look at what it depends on, or roll back to its predecessor.`,
  },
  errorGate: {
    name: "ElevatedErrorRate",
    about: "errors",
    when: `more than ${errorGate.above} % of a version's requests fail`,
    says: `${PERCENT} of the requests of ${WHOM} fail; ${errorGate.above} % is the limit`,
    help: "A release holds for as long. Look at the errors in its logs, and at the other colour.",
  },
  latency: {
    name: "HighLatency",
    about: "latency",
    when: `more than ${latency.above} % of a version's answers take over ${SLOW_SECONDS} s, so that p95 is above it`,
    says: `${PERCENT} of the answers of ${WHOM} take over ${SLOW_SECONDS} s; ${latency.above} % is the limit`,
    help: `${BACK} Of the live colour look at its load, its database and its providers.`,
  },
  latencyGate: {
    name: "SlowerThanPromised",
    about: "latency",
    when: `more than ${latencyGate.above} % of a version's answers take longer than its service's p95 objective`,
    says: `${PERCENT} of the answers of ${WHOM} take longer than its p95 objective; ${latencyGate.above} % is the limit`,
    help: "A release holds for as long. Look at the other colour: where both are, it is not this version.",
  },
  failedChecks: {
    name: "HealthCheckFails",
    about: "health",
    when: `a pod that was ready within the hour has failed its health check ${failedChecks.above + 1} times in a row`,
    says: `${WHOM} has a pod that was ready and fails its health check`,
    help: `${BACK} Look at the pod's events, and at /health of it.`,
  },
  crashLoop: {
    name: "CrashLoop",
    about: "health",
    when: `a container has restarted more than ${crashLoop.above} times in ${crashLoop.windowSeconds / 60} min`,
    says: `a container of ${WHOM} has restarted {{ $value }} times in ${crashLoop.windowSeconds / 60} min`,
    help: `${BACK} Its last words: kubectl logs --previous; was it out of memory: kubectl describe pod.`,
  },
  readiness: {
    name: "NotReady",
    about: "health",
    when: `a pod has waited more than ${readiness.above} s to be ready`,
    says: `a pod of ${WHOM} has waited {{ $value | humanizeDuration }} to be ready`,
    help: `${BACK} Look at its events and its start probe: /health/detailed asks what it depends on.`,
  },
  unavailable: {
    name: "ServiceDown",
    about: "health",
    when: "a colour that should have pods has none that is available",
    says: `${WHOM} has no available pod, and should have {{ $value }}`,
    help: `${BACK} Where users are sent there now, roll back; else look at its events and its nodes.`,
  },
};

const SEVERITY: Readonly<Record<(typeof THRESHOLDS)[ThresholdName]["alert"]["severity"], Severity>> = {
  page: "critical",
  warning: "warning",
};

/** One alert for each limit of the release, from the same table and by the same breach as its gate. */
export const limitAlerts = ({ stack }: Watched): Alert[] =>
  (Object.keys(THRESHOLDS) as ThresholdName[]).map((limit) => {
    const threshold = THRESHOLDS[limit];
    const { severity, afterSeconds } = threshold.alert;
    return {
      ...TOLD[limit],
      severity: SEVERITY[severity],
      expr: threshold.kind === "rate" ? `${breachOf(limit)} and ${stillFails(threshold)}` : breachOf(limit),
      forSeconds: afterSeconds,
      command: `sluice status -s ${stack}`,
      source: threshold.source,
    };
  });

/**
 * It fails lately as well, by half the limit at least: a window holds what failed for as long as it is, and nobody is
 * woken for a candidate that was taken back minutes ago.
 */
const stillFails = ({ signal, above }: { readonly signal: LimitSignal; readonly above: number }): string =>
  `on (namespace, app, colour, version) 100 * ${counted(signal, LATELY)} / ${counted("all", LATELY)} > ${above / 2}`;
