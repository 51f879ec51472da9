import { nowIso } from "../../cloud/clock";
import { PROMETHEUS_URL, type Point, Prometheus } from "../../cloud/prometheus";
import { TargetMetrics } from "../../cloud/targetMetrics";
import type { Figures, FiguresSeen } from "../../model/analysis/figures";
import { observationOf } from "../../model/analysis/minutes";
import { p95Query, readyQuery } from "../../model/analysis/queries";
import { THRESHOLDS } from "../../model/analysis/thresholds";
import type { LiveRule } from "../../model/live";
import { COLOURS, type Colour } from "../../model/release";
import { reasonOf } from "../failure";
import type { Subject } from "../subject";

/** As long as the window of the gate by errors. */
const WINDOW = THRESHOLDS.errorGate.windowSeconds;

type Rule = Pick<LiveRule, "service" | "targetGroups">;

/** What one source gives of a colour of a service. */
type Part = (service: string, colour: Colour) => Figures;

const NOTHING: Part = () => ({});

/**
 * What each colour of each service does at present, for people: no decision is made by it. It never throws; what could
 * not be seen is absent, and the remarks say why.
 *
 * @param now ISO time. Default: the machine's clock
 */
export async function figuresOf(
  subject: Subject,
  rules: readonly Rule[],
  now: string = nowIso(),
): Promise<FiguresSeen> {
  const remarks: string[] = [];
  const trying = (what: string, part: Promise<Part>): Promise<Part> =>
    part.catch((error: unknown) => {
      remarks.push(`${what} could not be seen: ${reasonOf(error)}`);
      return NOTHING;
    });
  const metrics = new TargetMetrics(subject.region);
  const span = { from: new Date(Date.parse(now) - 1_000 * WINDOW).toISOString(), to: now };
  const parts = await Promise.all([
    trying("requests in CloudWatch", requests(metrics, rules, span)),
    trying("times to answer in CloudWatch", times(metrics, rules, span)),
    trying("Prometheus' figures", ofPrometheus(subject, rules, remarks)),
  ]);
  const figures = (service: string, colour: Colour): Figures =>
    parts.reduce((all, part) => ({ ...all, ...part(service, colour) }), {});
  const services = rules.map(({ service }) => [
    service,
    { blue: figures(service, "blue"), green: figures(service, "green") },
  ]);
  return {
    services: Object.fromEntries(services) as FiguresSeen["services"],
    windowSeconds: WINDOW,
    at: now,
    remarks,
  };
}

interface Times {
  readonly from: string;
  readonly to: string;
}

const groupOf = (rules: readonly Rule[], service: string, colour: Colour): string =>
  rules.find((rule) => rule.service === service)?.targetGroups[colour] ?? "";

const groupsOf = (rules: readonly Rule[]): string[] =>
  rules.flatMap(({ targetGroups }) => COLOURS.map((colour) => targetGroups[colour]));

async function requests(metrics: TargetMetrics, rules: readonly Rule[], span: Times): Promise<Part> {
  const minutes = await metrics.minutes(groupsOf(rules), span);
  return (service, colour) => {
    const { looks } = observationOf(
      service,
      colour,
      span.from,
      minutes[groupOf(rules, service, colour)] ?? [],
    );
    const { requests = 0, errors = 0 } = looks.at(-1) ?? {};
    return { requests, ...(requests > 0 && { errorPercent: (100 * errors) / requests }) };
  };
}

async function times(metrics: TargetMetrics, rules: readonly Rule[], span: Times): Promise<Part> {
  const worst = await metrics.worstP95(groupsOf(rules), span);
  return (service, colour) => {
    const seconds = worst[groupOf(rules, service, colour)];
    return seconds === undefined ? {} : { p95: { seconds, source: "CloudWatch" } };
  };
}

/** Pods that are ready, and the 95th percentile of the whole window where applications export what it takes. */
async function ofPrometheus({ app }: Subject, rules: readonly Rule[], remarks: string[]): Promise<Part> {
  const prometheus = Prometheus.configured();
  if (!prometheus) {
    remarks.push(`ready pods are not known: no Prometheus is configured (${PROMETHEUS_URL})`);
    return NOTHING;
  }
  const services = rules.map(({ service }) => service);
  const asking = services.flatMap((service) =>
    COLOURS.map(async (colour): Promise<[string, Point[]]> => {
      return [`${service} ${colour}`, await prometheus.series(readyQuery(app, service, colour))];
    }),
  );
  const [times, ...ready] = await Promise.all([
    prometheus.series(p95Query(app, services, WINDOW)),
    ...asking,
  ]);
  const pods = new Map(ready);
  return (service, colour) => {
    const seconds = times.find(
      ({ labels }) => labels["app"] === service && labels["colour"] === colour,
    )?.value;
    const count = pods.get(`${service} ${colour}`)?.[0]?.value;
    return {
      ...(seconds !== undefined && Number.isFinite(seconds) && { p95: { seconds, source: "Prometheus" } }),
      ...(count !== undefined && Number.isFinite(count) && { ready: count }),
    };
  };
}
