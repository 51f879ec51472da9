import { THRESHOLDS } from "../../analysis/thresholds";
import { FAMILIES } from "../families";
import { matchers } from "../promql";
import { RECORDED } from "../recording";
import type { Dashboard } from "./dashboard";
import type { Panel } from "./panel";
import type { Dashboards } from "./release";
import { recorded, WINDOW } from "./series";

/** Providers of models: what is asked of each, what fails, how long it takes, where requests go instead. */
export const providersDashboard = ({ app }: Pick<Dashboards, "app">): Dashboard => ({
  uid: "sluice-providers",
  title: "Providers",
  description: "Requests to providers of models: what became of them, how long they took, and fallbacks.",
  since: "6h",
  annotations: [],
  rows: [
    { title: "Requests", panels: [requests(app), failed(app)] },
    { title: "When a provider fails", panels: [limited(app), p95(app), fallbacks(app)] },
  ],
});

const requests = (app: string): Panel => ({
  kind: "graph",
  title: "Requests",
  description:
    "Requests to providers a second over 5 min, by what became of them. During a migration two of them have some.",
  unit: "reqps",
  width: 12,
  queries: [{ expr: recorded(RECORDED.providerRate, { app }), legend: "{{provider}} {{status}}" }],
});

const failed = (app: string): Panel => {
  const all = `sum by (provider) (${recorded(RECORDED.providerRate, { app })})`;
  const bad = `sum by (provider) (${recorded(RECORDED.providerRate, { app }, 'status!="success"')})`;
  return {
    kind: "graph",
    title: "Failed requests",
    description: `Part of the requests to a provider that did not succeed, 429s among them. Above ${THRESHOLDS.errorGate.above} % people are told, above the line somebody is paged.`,
    unit: "percentunit",
    limit: THRESHOLDS.errorRate.above / 100,
    width: 12,
    queries: [{ expr: `(${bad} or 0 * ${all}) / (${all} > 0)`, legend: "{{provider}}" }],
  };
};

const limited = (app: string): Panel => ({
  kind: "graph",
  title: "Turned away (429)",
  description:
    "Requests a second that a provider answered by 429, too many requests. Any is one to look at, and at the fallbacks beside it.",
  unit: "reqps",
  width: 8,
  queries: [
    {
      expr: `sum by (provider) (${recorded(RECORDED.providerRate, { app }, 'status="rate_limited"')})`,
      legend: "{{provider}}",
    },
  ],
});

const p95 = (app: string): Panel => ({
  kind: "graph",
  title: "Time to answer, p95",
  description: "95th percentile of the time until a provider has answered, over 5 min.",
  unit: "s",
  width: 8,
  queries: [{ expr: recorded(RECORDED.providerP95, { app }), legend: "{{provider}}" }],
});

const fallbacks = (app: string): Panel => ({
  kind: "graph",
  title: "Fallbacks",
  description: "Requests a minute that went to another provider than the one they were meant for.",
  unit: "suffix: fallbacks",
  width: 8,
  queries: [
    {
      expr: `sum by (from, to) (60 * rate(${FAMILIES.providerFallbacks.name}{${matchers({ app })}}[${WINDOW}]))`,
      legend: "{{from}} → {{to}}",
    },
  ],
});
