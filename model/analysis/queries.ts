import { deploymentName, namespaceName } from "../names";
import type { Colour } from "../release";
import { FAMILIES } from "../monitoring/families";
import { bound, literal, quoted } from "../monitoring/promql";
import { SLOW_SECONDS } from "./thresholds";

/*
 * Every query to Prometheus. What a cluster and its applications must export for it is in docs/metrics.md.
 */

/** A time before now, in seconds. */
export interface Ago {
  readonly from: number;
  readonly to: number;
}

/** How often a subquery looks, in seconds: as often as Prometheus usually scrapes. */
const STEP = 15;

/**
 * The pods of a colour's Deployment: its name, the ReplicaSet's and five characters of their own. A service whose name
 * begins with this Deployment's has one part more.
 */
const podsOf = (app: string, service: string, colour: Colour): string => {
  const pods = `${literal(deploymentName(service, colour))}-[a-z0-9]+-[a-z0-9]{5}`;
  return `namespace=${quoted(namespaceName(app))},pod=~${quoted(pods)}`;
};

/**
 * How often each container restarted, of the pods that there are. A counter of restarts never falls in a pod's life,
 * and the difference of two is exact where `increase` would extrapolate.
 *
 * @param pods matchers
 */
export function restartsOf(pods: string, seconds: number): string {
  const counter = `kube_pod_container_status_restarts_total{${pods}}`;
  const range = `${counter}[${seconds}s]`;
  return `(max_over_time(${range}) - min_over_time(${range})) and ${counter}`;
}

/** Of the container that restarted most. One number. */
export const restartsQuery = (app: string, service: string, colour: Colour, seconds: number): string =>
  `max(${restartsOf(podsOf(app, service, colour), seconds)})`;

/** Pods that are to be ready and are not: those that have ended or are being taken down wait for nothing. */
export function unreadyOf(pods: string, by: string): string {
  const ready = `max by (${by}) (kube_pod_status_ready{${pods},condition="true"})`;
  const ended = `max by (${by}) (kube_pod_status_phase{${pods},phase=~"Failed|Succeeded"} == 1)`;
  const leaving = `max by (${by}) (kube_pod_deletion_timestamp{${pods}})`;
  return `(${ready} == 0 unless ${ended} unless ${leaving})`;
}

/**
 * For how many seconds each pod has waited that is to be ready and is not, at most `most`: since it was last ready, or
 * since it was made. Where neither is known it is NaN.
 *
 * @param pods matchers
 * @param by labels that tell pods apart
 */
export function waitingOf(pods: string, by: string, most: number): string {
  const seen = `max by (${by}) (max_over_time(timestamp(kube_pod_status_ready{${pods},condition="true"} == 1)[${most}s:${STEP}s]))`;
  const made = `max by (${by}) (kube_pod_created{${pods}})`;
  const unready = unreadyOf(pods, by);
  return `clamp_max((time() - (${seen} or ${made}) or ${unready} * NaN), ${most}) and ${unready}`;
}

/** The longest that a pod has waited to be ready, in seconds; 0 where all are. One number, at most `most`. */
export function unreadyQuery(app: string, service: string, colour: Colour, most: number): string {
  const pods = podsOf(app, service, colour);
  const ready = `max by (pod) (kube_pod_status_ready{${pods},condition="true"})`;
  return `max(${waitingOf(pods, "pod", most)}) or 0 * max(${ready})`;
}

/** How many pods of a colour are ready. One number. */
export const readyQuery = (app: string, service: string, colour: Colour): string =>
  `sum(kube_pod_status_ready{${podsOf(app, service, colour)},condition="true"})`;

/** What applications count. */
const REQUESTS = FAMILIES.requests.name;
const DURATION = FAMILIES.duration.name;

/** Series of services by service and colour, as the scrape labels them by the pods' own labels. */
const applications = (app: string, services: readonly string[], more = ""): string =>
  `{namespace=${quoted(namespaceName(app))},app=~${quoted(services.map(literal).join("|"))},colour=~"blue|green"${more}}`;

/** What is counted of requests, by application. */
export const TALLIES = {
  requests: { series: REQUESTS, more: "" },
  errors: { series: REQUESTS, more: `,code=~"5.."` },
  measured: { series: `${DURATION}_count`, more: "" },
  quick: { series: `${DURATION}_bucket`, more: `,${bound(SLOW_SECONDS)}` },
} as const;
export type Tallied = keyof typeof TALLIES;

/** How many of a kind came in a time, by `app` and `colour`. */
export function tallyQuery(
  app: string,
  services: readonly string[],
  tallied: Tallied,
  { from, to }: Ago,
): string {
  const { series, more } = TALLIES[tallied];
  const offset = to > 0 ? ` offset ${to}s` : "";
  return `sum by (app, colour) (increase(${series}${applications(app, services, more)}[${from - to}s]${offset}))`;
}

/**
 * How many were answered within their service's p95 objective in a time, by `app` and `colour`.
 *
 * @param promised the objectives in seconds, by service
 */
export function promptQuery(
  app: string,
  promised: Readonly<Record<string, number>>,
  { from, to }: Ago,
): string {
  const offset = to > 0 ? ` offset ${to}s` : "";
  const within = (seconds: number) => {
    const services = Object.keys(promised).filter((service) => promised[service] === seconds);
    const buckets = `${DURATION}_bucket${applications(app, services, `,${bound(seconds)}`)}`;
    return `sum by (app, colour) (increase(${buckets}[${from - to}s]${offset}))`;
  };
  return [...new Set(Object.values(promised))].map(within).join(" or ");
}

/** Up to when a series is known, in seconds since 1970, by `app` and `colour`; none of those that ended. */
export const latestQuery = (app: string, services: readonly string[], tallied: Tallied): string => {
  const { series, more } = TALLIES[tallied];
  return `max by (app, colour) (timestamp(${series}${applications(app, services, more)}))`;
};

/** Which services have exported a series within so many seconds, in any colour, by `app`. */
export const exportedQuery = (
  app: string,
  services: readonly string[],
  tallied: Tallied,
  seconds: number,
): string => {
  const { series, more } = TALLIES[tallied];
  return `group by (app) (last_over_time(${series}${applications(app, services, more)}[${seconds}s]))`;
};

/** The 95th percentile of the time to answer in seconds, by `app` and `colour`; NaN without requests. */
export const p95Query = (app: string, services: readonly string[], seconds: number): string => {
  const buckets = `${DURATION}_bucket${applications(app, services)}`;
  return `histogram_quantile(0.95, sum by (app, colour, le) (rate(${buckets}[${seconds}s])))`;
};
