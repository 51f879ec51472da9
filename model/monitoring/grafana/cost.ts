import { COST_PERCENT } from "../alerts/providers";
import { FAMILIES } from "../families";
import type { Slo } from "../objectives";
import { matchers } from "../promql";
import { RECORDED } from "../recording";
import type { Dashboard } from "./dashboard";
import type { Panel } from "./panel";
import type { Dashboards } from "./release";
import { WINDOW, recorded } from "./series";

/** What providers of models cost, against what they used to. The bill of AWS is not in it. */
export const costDashboard = ({ app, slo }: Pick<Dashboards, "app" | "slo">): Dashboard => ({
  uid: "sluice-cost",
  title: "Cost",
  description:
    "What providers' answers cost by their list prices, against their baseline; tokens; fallbacks. The bill of AWS is in its Cost Explorer.",
  since: "7d",
  annotations: [],
  rows: [
    { title: "Today", panels: [today(app), baseline(app), ratio(app), thousand(app, slo)] },
    { title: "By provider", panels: [daily(app), now(app)] },
    { title: "What it is made of", panels: [tokens(app), fallbacks(app)] },
  ],
});

const today = (app: string): Panel => ({
  kind: "figure",
  title: "Last 24 hours",
  description: "What all providers' answers of the last 24 hours cost.",
  unit: "currencyUSD",
  width: 6,
  queries: [{ expr: `sum(${recorded(RECORDED.costToday, { app })})`, legend: "cost" }],
});

const baseline = (app: string): Panel => ({
  kind: "figure",
  title: "Baseline of a day",
  description: "Mean of the seven days before the last one. There is none in the first eight days.",
  unit: "currencyUSD",
  width: 6,
  queries: [{ expr: `sum(${recorded(RECORDED.costBaseline, { app })})`, legend: "baseline" }],
});

const ratio = (app: string): Panel => ({
  kind: "figure",
  title: "Against the baseline",
  description: `The last 24 hours of all providers as part of the baseline. Above ${COST_PERCENT} % somebody is paged.`,
  unit: "percentunit",
  limit: COST_PERCENT / 100,
  width: 6,
  queries: [
    {
      expr: `sum(${recorded(RECORDED.costToday, { app })}) / (sum(${recorded(RECORDED.costBaseline, { app })}) > 0)`,
      legend: "of the baseline",
    },
  ],
});

const thousand = (app: string, { costPerThousand }: Slo): Panel => {
  const increase = (name: string) => `sum(increase(${name}{${matchers({ app })}}[1d]))`;
  return {
    kind: "figure",
    title: "A thousand requests",
    description: `What a thousand requests to providers cost in the last 24 hours. ${costPerThousand === undefined ? "sluice:slo.costPerThousand sets a figure that it should stay below." : `It should stay below ${costPerThousand} USD.`}`,
    unit: "currencyUSD",
    ...(costPerThousand !== undefined && { limit: costPerThousand }),
    width: 6,
    queries: [
      {
        expr: `1000 * ${increase(FAMILIES.cost.name)} / (${increase(FAMILIES.providerRequests.name)} > 0)`,
        legend: "cost",
      },
    ],
  };
};

const daily = (app: string): Panel => ({
  kind: "stack",
  title: "Cost of 24 hours",
  description: "What each provider's answers of the 24 hours before cost, at each moment.",
  unit: "currencyUSD",
  width: 12,
  queries: [{ expr: recorded(RECORDED.costToday, { app }), legend: "{{provider}}" }],
});

const now = (app: string): Panel => ({
  kind: "graph",
  title: "Cost of an hour",
  description:
    "What an hour would cost at the rate of the last minutes, by provider: shows a change of provider or price at once.",
  unit: "currencyUSD",
  width: 12,
  queries: [
    {
      expr: `sum by (provider) (3600 * rate(${FAMILIES.cost.name}{${matchers({ app })}}[5m]))`,
      legend: "{{provider}}",
    },
  ],
});

const tokens = (app: string): Panel => ({
  kind: "graph",
  title: "Tokens",
  description: "Tokens that providers bill a second. Speech is billed by time, so transcriptions have none.",
  unit: "suffix: tokens/s",
  width: 12,
  queries: [
    {
      expr: `sum by (provider) (rate(${FAMILIES.tokens.name}{${matchers({ app })}}[${WINDOW}]))`,
      legend: "{{provider}}",
    },
  ],
});

const fallbacks = (app: string): Panel => ({
  kind: "graph",
  title: "Fallbacks",
  description: "Requests of the last hour that went to another provider, which may be the dearer one.",
  unit: "suffix: fallbacks",
  width: 12,
  queries: [
    {
      expr: `sum by (from, to) (increase(${FAMILIES.providerFallbacks.name}{${matchers({ app })}}[1h]))`,
      legend: "{{from}} → {{to}}",
    },
  ],
});
