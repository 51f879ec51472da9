import { SLOW_SECONDS, THRESHOLDS } from "../../analysis/thresholds";
import { hashOf } from "../../names";
import { COLOURS } from "../../release";
import { BURNS, burnRate } from "../alerts/burn";
import { FAMILIES, MEASURED_BY, type Work } from "../families";
import { type Slo, failedPercent } from "../objectives";
import { type Of, matchers } from "../promql";
import { RECORDED, ratioName } from "../recording";
import type { Dashboard, Row } from "./dashboard";
import type { Panel } from "./panel";
import { mean, ofPods, perSecond, quantiles, recorded } from "./series";
import type { Dashboards } from "./release";

/** Guide 000's average of the time to answer, in seconds. It is shown and judges nothing. */
const AVERAGE_SECONDS = 3;

const BY = ["colour", "version"] as const;

/** Characters that Grafana lets a dashboard's id have. */
const UID = 40;

/** Whole, or shortened with a hash: it is part of the dashboard's address, which people keep. */
function uidOf(service: string): string {
  const whole = `sluice-service-${service}`;
  if (whole.length <= UID) return whole;
  const hash = hashOf(service);
  return `${whole.slice(0, UID - hash.length - 1)}-${hash}`;
}

/** One service: what it is asked, what fails, how long it takes, what it uses. */
export const serviceDashboard = ({ app, slo }: Dashboards, service: string): Dashboard => {
  const of: Of = { app, services: [service] };
  const work = slo.services[service]?.work ?? "api";
  return {
    uid: uidOf(service),
    title: `Service ${service}`,
    description: `Requests, failures, times and resources of ${service}, by colour and version.`,
    since: "6h",
    annotations: [],
    rows: [
      { title: "Requests", panels: [rate(of), failed(of), burn(of, slo, work)] },
      { title: "Time to answer", panels: [...times(of, slo, service), average(of)] },
      ...(work === "api" ? [] : [ownWork(of, slo, service, work)]),
      { title: "Resources", panels: resources(app, service) },
    ],
  };
};

const rate = (of: Of): Panel => ({
  kind: "graph",
  title: "Requests",
  description: "Requests a second, by colour and version.",
  unit: "reqps",
  width: 8,
  queries: [{ expr: perSecond("requests", of, BY), legend: "{{colour}} {{version}}" }],
});

const failed = (of: Of): Panel => ({
  kind: "graph",
  title: "Failed requests",
  description: `Part of the requests that were answered by 5xx, over 5 min. Above the line, ${THRESHOLDS.errorRate.above} %, for 5 min somebody is paged.`,
  unit: "percentunit",
  limit: THRESHOLDS.errorRate.above / 100,
  width: 8,
  queries: [{ expr: recorded(RECORDED.failedRatio, of), legend: "{{colour}} {{version}}" }],
});

const burn = (of: Of, slo: Slo, work: Work): Panel => ({
  kind: "graph",
  title: "Burn of the error budget",
  description: `How many times faster than allowed the budget of ${failedPercent(slo)} % is used up. 1 uses it up in exactly ${slo.windowDays} days; the line is where somebody is paged at once.`,
  unit: "short",
  limit: Math.max(...BURNS.map((one) => burnRate(one, slo))),
  width: 8,
  queries: BURNS.map(({ long }) => ({
    expr: `max(${recorded(ratioName(work, "failed", long), of)}) / ${failedPercent(slo) / 100}`,
    legend: `over ${long}`,
  })),
});

const times = (of: Of, slo: Slo, service: string): Panel[] =>
  COLOURS.map((colour) => ({
    kind: "graph",
    title: `Time to answer, ${colour}`,
    description: `Quantiles of ${colour}'s time to answer over 5 min. The objective for p95 is ${slo.services[service]?.p95 ?? SLOW_SECONDS} s; above the line, ${SLOW_SECONDS} s, a release goes back.`,
    unit: "s",
    limit: SLOW_SECONDS,
    width: 8,
    queries: quantiles("duration", of, colour),
  }));

const average = (of: Of): Panel => ({
  kind: "graph",
  title: "Average time to answer",
  description: `Mean over 5 min. The target is below ${AVERAGE_SECONDS} s; nothing is judged by it, since a mean hides the slow ones.`,
  unit: "s",
  limit: AVERAGE_SECONDS,
  width: 8,
  queries: [{ expr: mean("duration", of, BY), legend: "{{colour}} {{version}}" }],
});

/** What a service does for its users beside answering. */
function ownWork(of: Of, slo: Slo, service: string, work: Exclude<Work, "api">): Row {
  const { requests, latency } = MEASURED_BY[work];
  const plural = { transcription: "Transcriptions", analysis: "Analyses" }[work];
  const p95 = slo.services[service]?.p95 ?? SLOW_SECONDS;
  return {
    title: plural,
    panels: [
      {
        kind: "graph",
        title: plural,
        description: `${plural} a second, by what became of them.`,
        unit: "reqps",
        width: 8,
        queries: [{ expr: perSecond(requests, of, ["colour", "status"]), legend: "{{colour}} {{status}}" }],
      },
      {
        kind: "graph",
        title: `${plural} that succeeded`,
        description: `Part of the ${plural.toLowerCase()} of 5 min that succeeded, by colour and version.`,
        unit: "percentunit",
        most: 1,
        width: 8,
        queries: [{ expr: `${work}_success_rate{${matchers(of)}}`, legend: "{{colour}} {{version}}" }],
      },
      {
        kind: "graph",
        title: `Time of ${plural.toLowerCase()}, p95`,
        description: `95th percentile over 5 min, by colour. The objective is below ${p95} s, the line.`,
        unit: "s",
        limit: p95,
        width: 8,
        queries: [
          {
            expr: `histogram_quantile(0.95, sum by (colour, le) (rate(${FAMILIES[latency].name}_bucket{${matchers(of)}}[5m])))`,
            legend: "{{colour}}",
          },
        ],
      },
    ],
  };
}

function resources(app: string, service: string): Panel[] {
  const pods = (expr: (selector: string) => string) => ofPods(app, [service], expr);
  return [
    {
      kind: "graph",
      title: "Processors",
      description:
        "Processors in use, all pods of a colour together. There is no limit; requests are in the stack's settings.",
      unit: "suffix: cores",
      width: 6,
      queries: pods(
        (selector) => `sum(rate(container_cpu_usage_seconds_total{${selector},container!=""}[5m]))`,
      ),
    },
    {
      kind: "graph",
      title: "Memory",
      description: "Memory in use of the pod that uses most, by colour. A pod above its limit is killed.",
      unit: "bytes",
      width: 6,
      queries: pods((selector) => `max(container_memory_working_set_bytes{${selector},container!=""})`),
    },
    {
      kind: "graph",
      title: "Pods that are ready",
      description: "Pods that may get requests, by colour.",
      unit: "suffix: pods",
      width: 6,
      queries: pods((selector) => `sum(kube_pod_status_ready{${selector},condition="true"})`),
    },
    {
      kind: "graph",
      title: "Restarts",
      description: `Restarts within 10 min of the container that restarted most, by colour and version. More than ${THRESHOLDS.crashLoop.above} are a crash loop.`,
      unit: "suffix: restarts",
      limit: THRESHOLDS.crashLoop.above,
      width: 6,
      queries: [
        {
          expr: recorded(RECORDED.restarts, { app, services: [service] }),
          legend: "{{colour}} {{version}}",
        },
      ],
    },
  ];
}
