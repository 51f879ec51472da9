import { EDGES } from "../analysis/application";
import { EARLY } from "../analysis/chance";
import { type RateThreshold, SLOW_SECONDS, THRESHOLDS, type ThresholdName } from "../analysis/thresholds";
import { FAMILIES } from "./families";
import { deploymentsOf, failing, ofDeployments, restarts, waiting } from "./pods";
import { type Slo, servicesByP95 } from "./objectives";
import { type Of, WHO, bound, matchers } from "./promql";
import { type RecordingRule, durationOf } from "./ruleFile";

/*
 * The limits that hold and retreat a release (`model/analysis/thresholds.ts`), as Prometheus computes them. A breach is
 * recorded by the same condition by which a gate fails: alerts differ from gates in how long it must stand, and in
 * nothing else. A test feeds both the same series.
 */

/**
 * Recorded for as long as a limit is breached, by `limit`: the figure that breaches it, in percent, seconds or restarts;
 * of `failedChecks` 1, and of `unavailable` the pods that there should be.
 */
export const BREACH = "sluice:breach";

/** A breach of a limit, as a selector. */
export const breachOf = (limit: ThresholdName): string => `${BREACH}{limit="${limit}"}`;

/** What of requests is counted against limits, by the limits' signal. */
const COUNTED = {
  all: "sluice:requests:increase",
  errors: "sluice:requests_failed:increase",
  slow: "sluice:requests_beyond_limit:increase",
  late: "sluice:requests_beyond_objective:increase",
} as const;

/** How many came in a window. */
export const counted = (what: keyof typeof COUNTED, seconds: number): string =>
  `${COUNTED[what]}${durationOf(seconds)}`;

/** What an alert looks at to see that it still fails, in seconds: eight scrapes at the usual distance. */
export const LATELY = 120;

/** Windows of limits, and wider ones for where there are few requests: those of the analysis. */
export const WINDOWS = EDGES.filter((seconds) => seconds > 0);

/** Every limit's breach, after what it is computed from. */
export const breachRules = (app: string, slo: Slo): RecordingRule[] => [
  ...[LATELY, ...WINDOWS].flatMap((seconds) => countRules(app, slo, seconds)),
  { record: `sluice:restarts:max${durationOf(THRESHOLDS.crashLoop.windowSeconds)}`, expr: restarts(app) },
  { record: "sluice:unready_seconds:max", expr: waiting(app) },
  ...(Object.keys(THRESHOLDS) as ThresholdName[]).map((limit) => ({
    record: BREACH,
    expr: breach(app, limit),
    labels: { limit },
  })),
];

function countRules(app: string, slo: Slo, seconds: number): RecordingRule[] {
  const { requests, duration } = FAMILIES;
  const sumOf = (of: Of, series: string, ...more: string[]) =>
    `sum by (${WHO}) (increase(${series}{${matchers(of, ...more)}}[${durationOf(seconds)}]))`;
  const sum = (series: string, ...more: string[]) => sumOf({ app }, series, ...more);
  const all = sum(requests.name);
  const quick = sum(`${duration.name}_bucket`, bound(SLOW_SECONDS));
  const late = servicesByP95(slo).map(([p95, services]) => {
    const of = { app, services };
    return `${sumOf(of, `${duration.name}_count`)} - ${sumOf(of, `${duration.name}_bucket`, bound(p95))}`;
  });
  return [
    { record: counted("all", seconds), expr: all },
    // A counter by code begins with the first answer of it.
    { record: counted("errors", seconds), expr: `${sum(requests.name, 'code=~"5.."')} or 0 * ${all}` },
    { record: counted("slow", seconds), expr: `${sum(`${duration.name}_count`)} - ${quick}` },
    { record: counted("late", seconds), expr: late.join(" or ") },
  ];
}

function breach(app: string, limit: ThresholdName): string {
  const threshold = THRESHOLDS[limit];
  if (threshold.kind === "rate") return rateBreach(threshold);
  switch (threshold.figure) {
    case "restarts":
      return `sluice:restarts:max${durationOf(threshold.windowSeconds)} > ${threshold.above}`;
    case "unreadySeconds":
      return `sluice:unready_seconds:max > ${threshold.above}`;
    case "failedChecks":
      // The kubelet counts them: a pod that fails its probe three times in a row is not ready.
      return failing(app);
    case "unavailableSeconds":
      return unavailable(app, threshold.above);
  }
}

/**
 * As `judgeRate` has it: the shortest window that holds enough requests, from the limit's own on; and in the limit's
 * own so many bad ones that nobody within the limit comes to them by chance. Value: percent.
 */
function rateBreach({ signal, above, windowSeconds, samples }: RateThreshold): string {
  const windows = WINDOWS.filter((seconds) => seconds >= windowSeconds);
  const percent = (seconds: number) => `100 * ${counted(signal, seconds)} / (${counted("all", seconds)} > 0)`;
  const judged = windows.map((seconds, index) => {
    const shorter = windows[index - 1];
    const wide = `${percent(seconds)} > ${above} and ${counted("all", seconds)} >= ${samples}`;
    return shorter === undefined ? wide : `(${wide}) unless ${counted("all", shorter)} >= ${samples}`;
  });
  const [all, bad] = [counted("all", windowSeconds), counted(signal, windowSeconds)];
  const rate = `${bad} / (${all} > 0)`;
  const q = above / 100;
  // Chernoff's bound, as `isBeyond` has it; a part that is 0 has no logarithm.
  const evidence = `${bad} * ln(${rate} / ${q}) + (${all} - ${bad}) * ln(clamp_min(1 - ${rate}, 1e-12) / ${1 - q})`;
  const early = `${percent(windowSeconds)} > ${above} and ${evidence} >= ${Math.log(1 / EARLY)}`;
  // What nobody exports any more is past.
  const exported = `count by (${WHO}) (${counted("all", windowSeconds)})`;
  return `(${[...judged, early].map((part) => `(${part})`).join(" or ")}) and ${exported}`;
}

/** A colour that is to have pods and has had none available for so long. */
function unavailable(app: string, seconds: number): string {
  const of = (series: string) => `${series}{${deploymentsOf(app)}}`;
  const available = `max_over_time(${of("kube_deployment_status_replicas_available")}[${seconds}s])`;
  const by = "namespace, deployment";
  return ofDeployments(
    `max by (${by}) (${of("kube_deployment_spec_replicas")}) > 0 and max by (${by}) (${available}) == 0`,
  );
}
