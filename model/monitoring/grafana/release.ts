import { SLOW_SECONDS, THRESHOLDS } from "../../analysis/thresholds";
import { COLOURS, type Colour } from "../../release";
import { FAMILIES } from "../families";
import { type Slo, failedPercent } from "../objectives";
import { type Of, matchers, quoted } from "../promql";
import { RECORDED } from "../recording";
import type { Annotation, Dashboard } from "./dashboard";
import type { Panel } from "./panel";
import { WINDOW, ofPods, perSecond, quantiles, recorded } from "./series";

/** What dashboards are made from: nothing of the release, so that no release changes them. */
export interface Dashboards {
  readonly app: string;
  /** Services by name; `public` ones have shares. */
  readonly services: Readonly<Record<string, { readonly public?: object }>>;
  readonly slo: Slo;
  /** Address of the backends' dashboard in CloudWatch. */
  readonly console: string;
}

/** The public services: their requests are what a release shares out. */
export const publicOf = ({ app, services }: Dashboards): Of => {
  const names = Object.keys(services);
  const exposed = names.filter((name) => services[name]?.public !== undefined);
  return { app, services: exposed.length > 0 ? exposed : names };
};

/** Both colours beside each other while a version goes from no traffic to all of it. */
export const releaseDashboard = (from: Dashboards): Dashboard => {
  const of = publicOf(from);
  const everything = { app: from.app };
  const all = Object.keys(from.services);
  return {
    uid: "sluice-release",
    title: "Release",
    description:
      "Both colours of the public services side by side: shares, errors, times, restarts, versions.",
    since: "3h",
    annotations: annotations(of),
    rows: [
      { title: "Now", panels: [share(of, "figure"), failedNow(of), slowNow(of), objective(of, from.slo)] },
      { title: "Traffic", panels: [share(of, "stack"), rate(of)] },
      { title: "Failed requests", panels: COLOURS.map((colour) => failed(of, colour)) },
      { title: "Time to answer", panels: COLOURS.map((colour) => times(of, colour)) },
      { title: "Pods", panels: [versions(everything), ready(from.app, all), restarts(everything)] },
    ],
  };
};

/**
 * What happened: a share was moved, a version appeared, an alert went off. Prometheus is told no weights, so a step is
 * seen by what it does: the candidate's share of the last minute is further from that of the minute before than chance
 * explains, by five standard deviations.
 */
const annotations = (of: Of): Annotation[] => {
  const requests = (more: string, offset: string) =>
    `sum(increase(${FAMILIES.requests.name}{${matchers(of, ...(more ? [more] : []))}}[${WINDOW}]${offset}))`;
  const green = (offset: string) =>
    `(${requests(`colour=${quoted("green")}`, offset)} or vector(0)) / ${requests("", offset)}`;
  const before = ` offset ${WINDOW}`;
  const pooled = `(${green("")} + ${green(before)}) / 2`;
  const chance = `5 * sqrt(clamp_min((${pooled}) * (1 - (${pooled})), 0.0025) * (1 / ${requests("", "")} + 1 / ${requests("", before)}))`;
  const versions = (offset: string) =>
    `group by (colour, version) (${RECORDED.requestRate}{${matchers({ app: of.app })}}${offset})`;
  return [
    {
      name: "Share moved",
      colour: "blue",
      expr: `100 * (${green("")}) and abs((${green("")}) - (${green(before)})) > ${chance}`,
      legend: "green's share of the last minute differs from that of the minute before",
    },
    {
      name: "Version appeared",
      colour: "orange",
      expr: `${versions("")} unless ${versions(" offset 2m")}`,
      legend: "{{colour}} runs {{version}}",
    },
    {
      name: "Alert",
      colour: "red",
      expr: `max by (alertname, app, colour, version) (ALERTS{alertstate="firing",${matchers({ app: of.app })}})`,
      legend: "{{alertname}} {{app}} {{colour}} {{version}}",
    },
  ];
};

/** Per colour, as part of both. */
const share = (of: Of, kind: "figure" | "stack"): Panel => {
  const requests = perSecond("requests", of, ["colour"]);
  return {
    kind,
    title: kind === "figure" ? "Share now" : "Share of requests",
    description:
      "Of the requests of the last minute to public services, the part that each colour answered. " +
      "The load balancer's weights are the plan; this is what became of them, cookies that hold users included.",
    unit: "percentunit",
    most: 1,
    width: kind === "figure" ? 6 : 12,
    queries: [{ expr: `${requests} / scalar(sum(${requests}))`, legend: "{{colour}}" }],
  };
};

const rate = (of: Of): Panel => ({
  kind: "graph",
  title: "Requests",
  description: "Requests to public services by colour, a second. A colour without traffic has no line, or 0.",
  unit: "reqps",
  width: 12,
  queries: [{ expr: perSecond("requests", of, ["colour"]), legend: "{{colour}}" }],
});

/** Part of all requests to public services that failed, by colour. */
const failedByColour = (of: Of): string => {
  const weighed = `${recorded(RECORDED.failedRatio, of)} * ${recorded(RECORDED.requestRate, of)}`;
  return `sum by (colour) (${weighed}) / (sum by (colour) (${recorded(RECORDED.requestRate, of)}) > 0)`;
};

const failedNow = (of: Of): Panel => ({
  kind: "figure",
  title: "Failed now",
  description: `Requests answered by 5xx in the last 5 min, by colour. A release holds above ${THRESHOLDS.errorGate.above} % and goes back above ${THRESHOLDS.errorRate.above} %.`,
  unit: "percentunit",
  limit: THRESHOLDS.errorGate.above / 100,
  width: 6,
  queries: [{ expr: failedByColour(of), legend: "{{colour}}" }],
});

const slowNow = (of: Of): Panel => ({
  kind: "figure",
  title: "Slowest p95 now",
  description:
    "The 95th percentile of the time to answer over 5 min, of each colour's slowest public service.",
  unit: "s",
  limit: SLOW_SECONDS,
  width: 6,
  queries: [{ expr: `max by (colour) (${recorded(RECORDED.p95, of)} >= 0)`, legend: "{{colour}}" }],
});

const objective = (of: Of, slo: Slo): Panel => {
  const requests = (more: readonly string[]) =>
    `sum(increase(${FAMILIES.requests.name}{${matchers(of, ...more)}}[7d]))`;
  return {
    kind: "figure",
    title: "Failed in 7 days",
    description: `Requests to public services that failed within a week, both colours together. The objective is ${failedPercent(slo)} % at most.`,
    unit: "percentunit",
    limit: failedPercent(slo) / 100,
    width: 6,
    queries: [{ expr: `(${requests(['code=~"5.."'])} or vector(0)) / ${requests([])}`, legend: "failed" }],
  };
};

const ofColour = (colour: Colour): string => `colour=${quoted(colour)}`;

const failed = (of: Of, colour: Colour): Panel => ({
  kind: "graph",
  title: `Failed requests, ${colour}`,
  description: `Part of ${colour}'s requests that were answered by 5xx, over 5 min, by service. A release goes back above the line.`,
  unit: "percentunit",
  limit: THRESHOLDS.errorRate.above / 100,
  width: 12,
  queries: [{ expr: recorded(RECORDED.failedRatio, of, ofColour(colour)), legend: "{{app}} {{version}}" }],
});

const times = (of: Of, colour: Colour): Panel => ({
  kind: "graph",
  title: `Time to answer, ${colour}`,
  description: `Quantiles of ${colour}'s time to answer over all public services, over 5 min. p95 above the line holds or takes back a release.`,
  unit: "s",
  limit: SLOW_SECONDS,
  width: 12,
  queries: quantiles("duration", of, colour),
});

const versions = ({ app }: Of): Panel => ({
  kind: "stack",
  title: "Pods by version",
  description: "Pods that are scraped, by colour and version, of all services.",
  unit: "suffix: pods",
  width: 8,
  queries: [
    {
      expr: `count by (colour, version) (up{${matchers({ app }, `colour=~${quoted("blue|green")}`)}})`,
      legend: "{{colour}} {{version}}",
    },
  ],
});

const ready = (app: string, services: readonly string[]): Panel => ({
  kind: "graph",
  title: "Pods that are ready",
  description:
    "Pods that may get requests, by colour, of all services. During a release both colours have all of theirs.",
  unit: "suffix: pods",
  width: 8,
  queries: ofPods(app, services, (selector) => `sum(kube_pod_status_ready{${selector},condition="true"})`),
});

const restarts = (of: Of): Panel => ({
  kind: "graph",
  title: "Restarts",
  description: `Restarts within 10 min of the container that restarted most, by service and colour. More than ${THRESHOLDS.crashLoop.above} are a crash loop, and a release goes back.`,
  unit: "suffix: restarts",
  limit: THRESHOLDS.crashLoop.above,
  width: 8,
  queries: [
    { expr: `max by (app, colour) (${recorded(RECORDED.restarts, of)})`, legend: "{{app}} {{colour}}" },
  ],
});
