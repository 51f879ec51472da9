import { SLOW_SECONDS, THRESHOLDS } from "../analysis/thresholds";
import { FAMILIES, MEASURED_BY, type Work } from "./families";
import { OWN_WORK, type Slo, servicesBy, servicesByP95 } from "./objectives";
import { BREACH, WINDOWS, breachRules } from "./breaches";
import { POD_INFO, podInfo } from "./pods";
import { type Of, WHO, badRatio, matchers, quantileOf, rateBy, slowRatio } from "./promql";
import { type RecordingRule, type RuleGroup, durationOf } from "./ruleFile";

/** Windows over which a budget's burn is measured. */
export const BURN_WINDOWS = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"] as const;
export type BurnWindow = (typeof BURN_WINDOWS)[number];

/** What of requests, transcriptions or analyses is counted against an objective. */
export const RATIOS = ["failed", "slow"] as const;
export type Ratio = (typeof RATIOS)[number];

/**
 * Names of recorded series. Each is by `namespace`, `app` (the service), `colour` and `version`, but the provider's,
 * which are by `namespace` and `provider`. Ratios are 0–1 and absent without requests.
 */
export const RECORDED = {
  /** Requests a second over 5 min. */
  requestRate: "sluice:requests:rate5m",
  /** Part of the requests that failed, over 5 min: what the burn-rate windows begin with. */
  failedRatio: "sluice:requests_failed:ratio5m",
  /** Part of the answers that took longer than 5 s, the limit that retreats, over its window. */
  beyondLimit: `sluice:requests_beyond_limit:ratio${durationOf(THRESHOLDS.latency.windowSeconds)}`,
  /** Quantiles of the time to answer in seconds, over 5 min. */
  p50: "sluice:request_duration_seconds:p50_5m",
  p95: "sluice:request_duration_seconds:p95_5m",
  p99: "sluice:request_duration_seconds:p99_5m",
  /** Restarts of the container that restarted most, within the crash loop's window. */
  restarts: `sluice:restarts:max${durationOf(THRESHOLDS.crashLoop.windowSeconds)}`,
  /** By `limit`, for as long as it is breached: the figure that breaches it, in the limit's unit. */
  breach: BREACH,
  /** 1 for each pod of a colour, by `pod` as well; `version` is absent where kube-state-metrics does not tell. */
  podInfo: POD_INFO,
  /** Requests to providers a second over 5 min, by `status` as well. */
  providerRate: "sluice:provider_requests:rate5m",
  /** Time until a provider has answered, 95th percentile over 5 min. */
  providerP95: "sluice:provider_latency_seconds:p95_5m",
  /** USD of the last day. */
  costToday: "sluice:cost_dollars:increase1d",
  /** USD of a day, the mean of the seven before the last one; absent in the first eight days. */
  costBaseline: "sluice:cost_dollars:baseline1d",
} as const;

/** The recorded part of what is measured that counts against an objective. @param what `requests`, or a kind of work */
export const ratioName = (what: "requests" | Work, ratio: Ratio, window: BurnWindow): string =>
  `sluice:${what === "api" ? "requests" : what}_${ratio}:ratio${window}`;

/** How many came in a window: whether a ratio is one. */
export const countName = (what: "requests" | Work, window: BurnWindow): string =>
  `sluice:${what === "api" ? "requests" : what}:increase${window}`;

/** Every recording rule of a stack, in groups that are evaluated side by side. */
export const recordingGroups = (app: string, slo: Slo): RuleGroup<RecordingRule>[] => [
  { name: "sluice.requests", rules: requestRules(app) },
  { name: "sluice.limits", rules: [record(RECORDED.podInfo, podInfo(app)), ...breachRules(app, slo)] },
  { name: "sluice.providers", rules: providerRules(app) },
  ...kindsOf(slo).map((work) => ({
    name: `sluice.objectives.${work}`,
    rules: objectiveRules(app, slo, work),
  })),
];

/** The kinds of work that a stack's services do; requests are counted of every service. */
export const kindsOf = (slo: Slo): Work[] => [
  "api",
  ...OWN_WORK.filter((work) => servicesBy(slo, work).length > 0),
];

const record = (name: string, expr: string): RecordingRule => ({ record: name, expr });

function requestRules(app: string): RecordingRule[] {
  const of: Of = { app };
  const { windowSeconds } = THRESHOLDS.latency;
  return [
    record(RECORDED.requestRate, rateBy(FAMILIES.requests.name, matchers(of), "5m")),
    record(RECORDED.beyondLimit, slowRatio("duration", SLOW_SECONDS, of, durationOf(windowSeconds))),
    record(RECORDED.p50, quantileOf(0.5, "duration", of)),
    record(RECORDED.p95, quantileOf(0.95, "duration", of)),
    record(RECORDED.p99, quantileOf(0.99, "duration", of)),
    ...OWN_WORK.map((work) =>
      // The guides' own name; it is of all that a colour did, for rates of pods cannot be added up.
      record(
        `${work}_success_rate`,
        `1 - (${badRatio(MEASURED_BY[work].requests, MEASURED_BY[work].failed, of, "5m")})`,
      ),
    ),
  ];
}

const DAYS = 7;

/** USD of all that a provider did in the last day, and in a day of the seven before it; none where the stack's cost is not that old. */
export function dailyCost(app: string): { readonly today: string; readonly baseline: string } {
  const own = `{${matchers({ app })}}`;
  const cost = (range: string) =>
    `sum by (namespace, provider) (increase(${FAMILIES.cost.name}${own}${range}))`;
  return {
    today: cost("[1d]"),
    // Days without any data are not days without cost. Of one provider they are: what it has taken over from another
    // in the meantime is in the other's days.
    baseline:
      `${cost(`[${DAYS}d] offset 1d`)} / ${DAYS} and on (namespace) ` +
      `group by (namespace) (${FAMILIES.cost.name}${own} offset ${DAYS + 1}d)`,
  };
}

function providerRules(app: string): RecordingRule[] {
  const own = `{${matchers({ app })}}`;
  const { today, baseline } = dailyCost(app);
  const latency = `sum by (namespace, provider, le) (rate(${FAMILIES.providerLatency.name}_bucket${own}[5m]))`;
  return [
    record(
      RECORDED.providerRate,
      `sum by (namespace, provider, status) (rate(${FAMILIES.providerRequests.name}${own}[5m]))`,
    ),
    record(RECORDED.providerP95, `histogram_quantile(0.95, ${latency})`),
    record(RECORDED.costToday, today),
    record(RECORDED.costBaseline, baseline),
  ];
}

function objectiveRules(app: string, slo: Slo, work: Work): RecordingRule[] {
  const measured = MEASURED_BY[work];
  const services = work === "api" ? Object.keys(slo.services) : servicesBy(slo, work);
  const of: Of = { app, services };
  const slow = (window: BurnWindow) =>
    servicesByP95(slo)
      .map(([seconds, named]) => [seconds, named.filter((name) => services.includes(name))] as const)
      .filter(([, named]) => named.length > 0)
      .map(([seconds, named]) => slowRatio(measured.latency, seconds, { app, services: named }, window))
      .join(" or ");
  const isCounted = (window: BurnWindow) =>
    work === "api" && WINDOWS.some((one) => durationOf(one) === window);
  return BURN_WINDOWS.flatMap((window) => [
    record(ratioName(work, "failed", window), badRatio(measured.requests, measured.failed, of, window)),
    record(ratioName(work, "slow", window), slow(window)),
    ...(isCounted(window)
      ? []
      : [
          record(
            countName(work, window),
            `sum by (${WHO}) (increase(${FAMILIES[measured.requests].name}{${matchers(of)}}[${window}]))`,
          ),
        ]),
  ]);
}
