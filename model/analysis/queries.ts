import { deploymentName, namespaceName } from "../names";
import type { Colour } from "../release";
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

/** A label's value in quotes, whatever it has in it. */
const quoted = (value: string): string => JSON.stringify(value);

/** A label's value as part of a regular expression that means itself and nothing else. */
const literal = (value: string): string => value.replaceAll(/[^\w-]/g, "\\$&");

/**
 * The pods of a colour's Deployment: its name, the ReplicaSet's and five characters of their own. A service whose name
 * begins with this Deployment's has one part more.
 */
const podsOf = (app: string, service: string, colour: Colour): string => {
  const pods = `${literal(deploymentName(service, colour))}-[a-z0-9]+-[a-z0-9]{5}`;
  return `namespace=${quoted(namespaceName(app))},pod=~${quoted(pods)}`;
};

/**
 * How often the container restarted that restarted most, of the pods that there are. A counter of restarts never falls
 * in a pod's life, and the difference of two is exact where `increase` would extrapolate. One number.
 */
export function restartsQuery(app: string, service: string, colour: Colour, seconds: number): string {
  const counter = `kube_pod_container_status_restarts_total{${podsOf(app, service, colour)}}`;
  const range = `${counter}[${seconds}s]`;
  return `max((max_over_time(${range}) - min_over_time(${range})) and ${counter})`;
}

/**
 * For how many seconds the pod has waited that waits longest to be ready; 0 where all are. One number, at most `most`.
 *
 * It waits since it was last ready, or since it was made. Where neither is known the answer is NaN. Pods that have
 * ended or are being taken down wait for nothing.
 */
export function unreadyQuery(app: string, service: string, colour: Colour, most: number): string {
  const pods = podsOf(app, service, colour);
  const ready = `max by (pod) (kube_pod_status_ready{${pods},condition="true"})`;
  const seen = `max by (pod) (max_over_time(timestamp(kube_pod_status_ready{${pods},condition="true"} == 1)[${most}s:${STEP}s]))`;
  const made = `max by (pod) (kube_pod_created{${pods}})`;
  const ended = `max by (pod) (kube_pod_status_phase{${pods},phase=~"Failed|Succeeded"} == 1)`;
  const leaving = `max by (pod) (kube_pod_deletion_timestamp{${pods}})`;
  const unready = `(${ready} == 0 unless ${ended} unless ${leaving})`;
  const waiting = `(time() - (${seen} or ${made}) or ${unready} * NaN)`;
  return `max(clamp_max(${waiting}, ${most}) and ${unready}) or 0 * max(${ready})`;
}

/** How many pods of a colour are ready. One number. */
export const readyQuery = (app: string, service: string, colour: Colour): string =>
  `sum(kube_pod_status_ready{${podsOf(app, service, colour)},condition="true"})`;

/** What applications count. */
const REQUESTS = "http_requests_total";
const DURATION = "http_request_duration_seconds";

/** Series of services by service and colour, as the scrape labels them by the pods' own labels. */
const applications = (app: string, services: readonly string[], more = ""): string =>
  `{namespace=${quoted(namespaceName(app))},app=~${quoted(services.map(literal).join("|"))},colour=~"blue|green"${more}}`;

/** Client libraries write the bound as `5` or as `5.0`. */
const BOUND = `,le=~${quoted(`${SLOW_SECONDS}(\\.0+)?`)}`;

/** What is counted of requests, by application. */
export const TALLIES = {
  requests: { series: REQUESTS, more: "" },
  errors: { series: REQUESTS, more: `,code=~"5.."` },
  measured: { series: `${DURATION}_count`, more: "" },
  quick: { series: `${DURATION}_bucket`, more: BOUND },
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
