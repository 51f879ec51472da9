import type { Urgency } from "./finding";
import { SLOW_PERCENT } from "../monitoring/objectives";
import type { ConditionFigure, LimitSignal } from "./observation";

/** A request slower than this is slow, in seconds; p95 is above it where more than 5 % of the requests are. */
export const SLOW_SECONDS = 5;

/** What a threshold has in common with all others. */
interface Common {
  /** Breached above this, in `unit`. */
  readonly above: number;
  /** What a breach asks for. */
  readonly urgency: Urgency;
  /** What people are told, and after how many seconds of breach: monitoring's part of the same limit. */
  readonly alert: { readonly severity: "page" | "warning"; readonly afterSeconds: number };
  /** Where the figures come from: labels of the guides in docs/seeds.md. */
  readonly source: string;
}

/** A limit of the percentage of requests that a signal counts. */
export interface RateThreshold extends Common {
  readonly kind: "rate";
  readonly signal: LimitSignal;
  readonly unit: "percent";
  /** The last so many seconds are judged; more where they hold fewer requests than `samples`. */
  readonly windowSeconds: number;
  /** Requests that a rate needs to be one. Fewer breach it only beyond chance (`isBeyond`), and never pass. */
  readonly samples: number;
}

/** A limit of how pods and targets are. */
export interface ConditionThreshold extends Common {
  readonly kind: "condition";
  readonly figure: ConditionFigure;
  readonly unit: "seconds" | "count";
  /** What the figure is taken over, in seconds. 0: it is of the moment. */
  readonly windowSeconds: number;
  /** It is counted, not sampled. */
  readonly samples: 0;
}

export type Threshold = RateThreshold | ConditionThreshold;

/**
 * The one home of absolute limits: analysis, gates and alerts take their numbers from here.
 *
 * Windows and samples belong together. 5 % of 5 minutes is 15 s of requests that all fail, so a long window does
 * not retreat late; and of 200 requests at 0.1 % errors more than ten practically never fail. The gate's 1 % needs
 * more: of 500 requests at 0.1 % more than five fail once in seventy thousand.
 */
export const THRESHOLDS = {
  errorRate: {
    kind: "rate",
    signal: "errors",
    above: 5,
    unit: "percent",
    windowSeconds: 300,
    samples: 200,
    urgency: "retreat",
    alert: { severity: "page", afterSeconds: 300 },
    source: "002 and 003 roll back above 5 %; 000 pages after 5 min",
  },
  errorGate: {
    kind: "rate",
    signal: "errors",
    above: 1,
    unit: "percent",
    windowSeconds: 900,
    samples: 500,
    urgency: "hold",
    alert: { severity: "warning", afterSeconds: 900 },
    source: "000, 002, 003 and 004 ask for less than 1 %; 000 warns after 15 min",
  },
  latency: {
    kind: "rate",
    signal: "slow",
    above: 5,
    unit: "percent",
    windowSeconds: 300,
    samples: 200,
    urgency: "retreat",
    alert: { severity: "warning", afterSeconds: 600 },
    source: "003 rolls back above 5 s; 000 and 004 ask for p95 below 5 s, 000 warns after 10 min",
  },
  latencyGate: {
    kind: "rate",
    signal: "late",
    above: SLOW_PERCENT,
    unit: "percent",
    windowSeconds: 900,
    samples: 500,
    urgency: "hold",
    alert: { severity: "warning", afterSeconds: 900 },
    source: "000 goes on only with p95 below 2 s; by service it is what `sluice:slo` promises",
  },
  failedChecks: {
    kind: "condition",
    figure: "failedChecks",
    above: 2,
    unit: "count",
    windowSeconds: 0,
    samples: 0,
    urgency: "retreat",
    alert: { severity: "page", afterSeconds: 120 },
    source: "002 rolls back at the third failed health check; 000 pages after 2 min",
  },
  crashLoop: {
    kind: "condition",
    figure: "restarts",
    above: 2,
    unit: "count",
    windowSeconds: 600,
    samples: 0,
    urgency: "retreat",
    alert: { severity: "page", afterSeconds: 0 },
    source:
      "002 rolls back on a crash loop; the kubelet waits 10, 20 and 40 s before the first three restarts",
  },
  readiness: {
    kind: "condition",
    figure: "unreadySeconds",
    above: 540,
    unit: "seconds",
    windowSeconds: 0,
    samples: 0,
    urgency: "retreat",
    alert: { severity: "page", afterSeconds: 0 },
    source: "002 rolls back when pods do not get ready; 540 s is our Deployments' progressDeadlineSeconds",
  },
  unavailable: {
    kind: "condition",
    figure: "unavailableSeconds",
    above: 30,
    unit: "seconds",
    windowSeconds: 0,
    samples: 0,
    urgency: "retreat",
    alert: { severity: "page", afterSeconds: 120 },
    source: "003 rolls back when unavailable for more than 30 s; 000 pages after 2 min",
  },
} as const satisfies Readonly<Record<string, Threshold>>;

export type ThresholdName = keyof typeof THRESHOLDS;

/** Limits that only an application's own counts can be judged by: a load balancer counts by one bound for all. */
export const OF_APPLICATIONS = ["latencyGate"] as const satisfies readonly ThresholdName[];
