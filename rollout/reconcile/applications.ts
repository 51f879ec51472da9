import { releaseTimeOf } from "../../cloud/clock";
import type { Point, Prometheus } from "../../cloud/prometheus";
import type { Further } from "../../model/analysis/analyse";
import { type Application, type Counted, agesOf, observedBy } from "../../model/analysis/application";
import { type AnalysisAsked, spanOf } from "../../model/analysis/asked";
import { staleness } from "../../model/analysis/observation";
import {
  TALLIES,
  type Tallied,
  exportedQuery,
  latestQuery,
  promptQuery,
  tallyQuery,
} from "../../model/analysis/queries";
import type { ThresholdName } from "../../model/analysis/thresholds";
import { type Colour, otherColour } from "../../model/release";
import { reasonOf } from "../failure";
import type { Subject } from "../subject";

/** What applications counted, and what they do not count. */
export interface Counts {
  readonly further: readonly Further[];
  readonly remarks: readonly string[];
}

/** Who has exported a series within so many seconds exports it; who has not never did, or gave it up. */
const EXPORTED = 86_400;

const KINDS = Object.keys(TALLIES) as Tallied[];
const SOURCE = "Prometheus";

/**
 * What applications counted themselves, of both colours. A service that exports nothing is not judged by it, which is
 * said; one that has exported and does so no more could not be seen.
 */
export async function applications(
  prometheus: Prometheus,
  { app }: Subject,
  asked: AnalysisAsked,
): Promise<Counts> {
  const { colour, now } = asked;
  const services = asked.rules.map(({ service }) => service);
  const promised = Object.fromEntries(
    Object.entries(asked.promised ?? {}).filter(([service]) => services.includes(service)),
  );
  try {
    const ages = agesOf((Date.parse(now) - Date.parse(spanOf(asked).from)) / 1_000);
    const [counting, measuring, latest, ...tallies] = await Promise.all([
      prometheus.series(exportedQuery(app, services, "requests", EXPORTED)),
      prometheus.series(exportedQuery(app, services, "measured", EXPORTED)),
      prometheus.series(latestQuery(app, services, "requests")),
      ...ages.flatMap((ago) =>
        KINDS.map(async (kind) => {
          return { ago, kind, points: await prometheus.series(tallyQuery(app, services, kind, ago)) };
        }),
      ),
      ...(Object.keys(promised).length === 0 ? [] : ages).map(async (ago) => ({
        ...{ ago, kind: "prompt" as const },
        points: await prometheus.series(promptQuery(app, promised, ago)),
      })),
    ]);
    const late = latest.flatMap(({ at }) => staleness(at, now) ?? []);
    if (late[0] !== undefined) throw new Error(`its clock: ${late[0]}`);
    const observed = (service: string, of: Colour) => observedBy(application(service, of));
    const application = (service: string, of: Colour): Application => ({
      service,
      colour: of,
      latest: pointIn(latest, service, of) && earliest(latest, service),
      counted: ages.map((ago) => {
        const found = tallies.filter((tally) => tally.ago === ago);
        const counted = found.map(({ kind, points }) => [kind, pointIn(points, service, of)?.value]);
        return { ago, ...(Object.fromEntries(counted) as Counted) };
      }),
    });
    const isAmong = (points: readonly Point[], service: string) =>
      points.some(({ labels }) => labels["app"] === service);
    const judged = services.filter((service) => isAmong(counting, service));
    const timed = judged.filter((service) => isAmong(measuring, service));
    const held = timed.filter((service) => promised[service] !== undefined);
    const bucketed = held.filter((service) =>
      tallies.some(({ kind, points }) => kind === "prompt" && isAmong(points, service)),
    );
    return {
      further: judged.map((service) => {
        const limits: ThresholdName[] = [
          ...(["errorRate", "errorGate"] as const),
          ...(timed.includes(service) ? (["latency"] as const) : []),
          ...(bucketed.includes(service) ? (["latencyGate"] as const) : []),
        ];
        const live = observed(service, otherColour(colour));
        return {
          by: SOURCE,
          limits,
          candidate: observed(service, colour),
          // It is a witness only: where it counts nothing now, there is none.
          ...(!live.missing && { live }),
        };
      }),
      remarks: [
        ...notExported("http_requests_total", services, judged),
        ...notExported("http_request_duration_seconds", judged, timed),
        ...withoutBucket(held, bucketed, promised),
      ],
    };
  } catch (error) {
    const missing = [`what applications count (${SOURCE}: ${reasonOf(error)})`];
    return {
      further: services.map((service) => ({
        by: SOURCE,
        limits: ["errorRate"],
        candidate: { service, colour, looks: [], missing },
      })),
      remarks: [],
    };
  }
}

const pointIn = (points: readonly Point[], service: string, colour: Colour): Point | undefined =>
  points.find(({ labels }) => labels["app"] === service && labels["colour"] === colour);

/** ISO time up to which all colours of a service are known that are there at all: what is compared is of one time. */
function earliest(latest: readonly Point[], service: string): string | undefined {
  const times = latest.filter(({ labels }) => labels["app"] === service).map(({ value }) => value);
  const first = Math.min(...times);
  return Number.isFinite(first) ? releaseTimeOf(new Date(1_000 * first).toISOString()) : undefined;
}

/** A histogram has the buckets that somebody gave it; the limit of all services is asked of it all the same. */
const withoutBucket = (
  of: readonly string[],
  having: readonly string[],
  promised: Readonly<Record<string, number>>,
): string[] =>
  of
    .filter((service) => !having.includes(service))
    .map(
      (service) =>
        `${service}: not judged by its p95 objective, for http_request_duration_seconds has no bucket ` +
        `le="${promised[service]}" (sluice:slo.services)`,
    );

/** Their load balancer's metrics are judged all the same. */
function notExported(series: string, of: readonly string[], having: readonly string[]): string[] {
  const without = of.filter((service) => !having.includes(service));
  if (without.length === 0) return [];
  return [`${without.join(", ")}: not judged by ${series}, which nobody has exported for a day`];
}
