import { type Finding, unseen } from "../analysis/finding";
import { COST_PERCENT } from "../monitoring/alerts/providers";
import { FAMILIES } from "../monitoring/families";
import { matchers, quoted } from "../monitoring/promql";
import { RECORDED } from "../monitoring/recording";
import type { Seen } from "../rollout/seen";

/** Requests that a cost by request needs to be one: as many as the retreat by errors, whose share is as rough. */
export const REQUESTS = 200;

/** How far back the live colour's cost is counted, in seconds: the days of guide 000's baseline. */
const BASELINE_SECONDS = 7 * 86_400;

/** A version of a colour. */
export interface Spender {
  readonly colour: string;
  readonly version: string;
}

/** What is asked of Prometheus about cost; each gives one number or nothing. */
export interface CostQueries {
  readonly dollars: string;
  readonly requests: string;
  readonly liveDollars: string;
  readonly liveRequests: string;
  /** USD of all colours in the last day, and of a day of the seven before. */
  readonly today: string;
  readonly baseline: string;
}

/** @param seconds how long the candidate is counted back: its present step, at most a day */
export function costQueries(app: string, candidate: Spender, live: Spender, seconds: number): CostQueries {
  const increase = (name: string, { colour, version }: Spender, range: number) =>
    `sum(increase(${name}{${matchers({ app }, `colour=${quoted(colour)}`, `version=${quoted(version)}`)}}[${range}s]))`;
  const [cost, requests] = [FAMILIES.cost.name, FAMILIES.requests.name];
  return {
    dollars: increase(cost, candidate, seconds),
    requests: increase(requests, candidate, seconds),
    liveDollars: increase(cost, live, BASELINE_SECONDS),
    liveRequests: increase(requests, live, BASELINE_SECONDS),
    today: `sum(${RECORDED.costToday}{${matchers({ app })}})`,
    baseline: `sum(${RECORDED.costBaseline}{${matchers({ app })}})`,
  };
}

/** What was found, by query. */
export type CostsSeen = { readonly [Key in keyof CostQueries]: Seen<number> };

/** Cost as people read it: USD for a thousand requests, and for a day. */
export interface Costs {
  readonly candidate?: number;
  readonly live?: number;
  readonly today?: number;
  readonly baseline?: number;
}

export function costsOf(seen: CostsSeen): Costs {
  const value = (one: Seen<number>) => ("value" in one ? one.value : undefined);
  const perThousand = (dollars: Seen<number>, requests: Seen<number>) => {
    const [spent, count] = [value(dollars), value(requests)];
    return spent === undefined || count === undefined || count < 1 ? undefined : (1_000 * spent) / count;
  };
  const all = {
    candidate: perThousand(seen.dollars, seen.requests),
    live: perThousand(seen.liveDollars, seen.liveRequests),
    today: value(seen.today),
    baseline: value(seen.baseline),
  };
  return Object.fromEntries(Object.entries(all).filter(([, one]) => one !== undefined));
}

/**
 * What a candidate costs that calls other providers. A day's money tells little while it has a tenth of the requests,
 * so a request of it is compared with one of the live colour: above 150 %, all of them would cost that much more, and
 * the release holds. Where the day itself has cost more than 150 % of its baseline as well, traffic goes back: that is
 * money. A day that is dear while the candidate is not has another cause, and holds.
 *
 * Unknown never passes.
 */
export function judgeCost(seen: CostsSeen, candidate: string): Finding {
  const criterion = "cost";
  const needed = [seen.dollars, seen.requests, seen.liveDollars, seen.liveRequests];
  const blind = needed.flatMap((one) => ("unseen" in one ? [one.unseen] : []));
  if (blind[0] !== undefined) return unseen(criterion, `what providers cost could not be seen: ${blind[0]}`);
  const count = "value" in seen.requests ? seen.requests.value : 0;
  const costs = costsOf(seen);
  const { candidate: mine, live, today, baseline } = costs;
  if (mine === undefined || count < REQUESTS) {
    const evidence = `cost: ${Math.floor(count)} of ${REQUESTS} requests of ${candidate} so far`;
    return { criterion, verdict: "inconclusive", evidence, figures: { requests: count } };
  }
  if (live === undefined)
    return unseen(criterion, "the live colour answered no request to compare the cost with");
  const figures = Object.fromEntries(Object.entries(costs)) as Record<string, number>;
  const dearer = isAbove(mine, live);
  const dearDay = today !== undefined && baseline !== undefined && baseline > 0 && isAbove(today, baseline);
  const request = `1000 requests of ${candidate} cost ${dollars(mine)}, ${dollars(live)} in the live colour`;
  const day = dearDay
    ? `; the last day cost ${dollars(today)}, a day of the week before ${dollars(baseline)}`
    : "";
  const limit = `; allowed is ${COST_PERCENT} %`;
  if (!dearer && !dearDay) return { criterion, verdict: "success", evidence: request, figures };
  return {
    ...{ criterion, verdict: "failure", figures },
    urgency: dearer && dearDay ? "retreat" : "hold",
    evidence: `${request}${day}${limit}`,
  };
}

const isAbove = (value: number, base: number): boolean => 100 * value > COST_PERCENT * base;

/** Three digits that count. */
export const dollars = (value: number): string => `$${Number(value.toPrecision(3))}`;
