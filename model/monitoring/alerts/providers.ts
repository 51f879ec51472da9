import { FAMILIES } from "../families";
import { inNamespace } from "../pods";
import { RECORDED } from "../recording";
import type { Alert, Watched } from "./alert";

/** A day's cost above so much of its baseline pages, in percent; guide 000. */
export const COST_PERCENT = 150;

/** Alerts of providers of models: what they refuse, and what they cost. */
export const providerAlerts = ({ app, stack, slo }: Watched): Alert[] => [
  {
    name: "CostSpike",
    severity: "critical",
    about: "cost",
    expr:
      `100 * sum by (namespace) (${RECORDED.costToday}) ` +
      `/ (sum by (namespace) (${RECORDED.costBaseline}) > 0) > ${COST_PERCENT}`,
    // Both are of days, so a quarter of an hour says that it is no gap in what was scraped.
    forSeconds: 900,
    when: `providers have cost more than ${COST_PERCENT} % of the baseline in the last day; the baseline is the mean of the seven days before`,
    says: '{{ $value | printf "%.0f" }} % of the usual has been spent on providers in the last day',
    help: "Look at which provider, and at what changed: a migration of providers is taken back like any release.",
    command: `sluice status -s ${stack}; sluice history -s ${stack}`,
    source: "000 pages above 150 %",
  },
  ...(slo.costPerThousand === undefined ? [] : [perThousand(app, stack, slo.costPerThousand)]),
  {
    name: "ProviderRateLimited",
    severity: "warning",
    about: "provider",
    expr: rateLimited(app),
    forSeconds: 0,
    when: "a provider has answered 429 within 5 min",
    says:
      '{{ $labels.provider }} has answered 429 {{ $value | printf "%.0f" }} times in 5 min; ' +
      `{{ with printf "sum(increase(${FAMILIES.providerFallbacks.name}{from='%s'}[5m]))" $labels.provider | query }}` +
      '{{ . | first | value | printf "%.0f" }} requests{{ else }}no request{{ end }} went to another provider',
    help: "Look whether the fallback takes what is refused, and at the provider's quota.",
    command: `sluice status -s ${stack}`,
    source: "000: any 429, and look at the fallback",
  },
];

function perThousand(app: string, stack: string, dollars: number): Alert {
  const own = `{${inNamespace(app)}}`;
  return {
    name: "CostPerThousand",
    severity: "warning",
    about: "cost",
    expr:
      `1000 * sum by (namespace) (${RECORDED.costToday}) ` +
      `/ (sum by (namespace) (increase(${FAMILIES.providerRequests.name}${own}[1d])) > 1000) > ${dollars}`,
    forSeconds: 900,
    when: `a thousand requests to providers have cost more than ${dollars} USD in the last day`,
    says: `a thousand requests to providers cost {{ $value | printf "%.2f" }} USD; ${dollars} USD is the objective`,
    help: "Look at which provider and which model answers, and at tokens for each request.",
    command: `sluice status -s ${stack}`,
    source: "000: below a figure for each 1000 requests, by day; the figure is `sluice:slo.costPerThousand`",
  };
}

/** A counter by status begins with the first 429: that one has no value before it to be an increase. */
function rateLimited(app: string): string {
  const by = "sum by (namespace, provider)";
  const counter = `${FAMILIES.providerRequests.name}{${inNamespace(app)},status="rate_limited"}`;
  return `${by} (increase(${counter}[5m]) > 0 or ${counter} unless ${counter} offset 5m) > 0`;
}
