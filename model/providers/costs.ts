import { type Finding, type Verdict, severity } from "../analysis/finding";
import { COST_PERCENT } from "../monitoring/alerts/providers";
import { FAMILIES } from "../monitoring/families";
import { matchers, quoted } from "../monitoring/promql";
import { dailyCost } from "../monitoring/recording";
import { type Seen, valueOf } from "../rollout/seen";

/**
 * Requests that a cost by request needs to be one, of either side: as many as the retreat by errors, whose share is as
 * rough.
 */
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
  /** USD of all colours in the last day, and of a day of the seven before; 0 where nothing is that old. */
  readonly today: string;
  readonly baseline: string;
}

/** @param seconds how long the candidate is counted back: its present step, at most a day */
export function costQueries(app: string, candidate: Spender, live: Spender, seconds: number): CostQueries {
  const increase = (name: string, { colour, version }: Spender, range: number) =>
    `sum(increase(${name}{${matchers({ app }, `colour=${quoted(colour)}`, `version=${quoted(version)}`)}}[${range}s]))`;
  const [cost, requests] = [FAMILIES.cost.name, FAMILIES.requests.name];
  // Not what is recorded of it, which a Prometheus without the stack's rules lacks.
  const { today, baseline } = dailyCost(app);
  return {
    dollars: increase(cost, candidate, seconds),
    requests: increase(requests, candidate, seconds),
    liveDollars: increase(cost, live, BASELINE_SECONDS),
    liveRequests: increase(requests, live, BASELINE_SECONDS),
    today: `sum(${today})`,
    baseline: `sum(${baseline}) or vector(0)`,
  };
}

/** What was found, by query. */
export type CostsSeen = { readonly [Key in keyof CostQueries]: Seen<number> };

/** Cost as people read it: USD for a thousand requests, and for a day. */
export interface Costs {
  readonly candidate?: number;
  readonly live?: number;
  readonly today?: number;
  /** Absent in a first week too. */
  readonly baseline?: number;
}

export function costsOf(seen: CostsSeen): Costs {
  const perThousand = (dollars: Seen<number>, requests: Seen<number>) => {
    const [spent, count] = [valueOf(dollars), valueOf(requests)];
    return spent === undefined || count === undefined || count < 1 ? undefined : (1_000 * spent) / count;
  };
  const all = {
    candidate: perThousand(seen.dollars, seen.requests),
    live: perThousand(seen.liveDollars, seen.liveRequests),
    today: valueOf(seen.today),
    baseline: valueOf(seen.baseline) || undefined,
  };
  return Object.fromEntries(Object.entries(all).filter(([, one]) => one !== undefined));
}

/**
 * What a candidate costs that calls other providers. A day's money tells little while it has a tenth of the requests,
 * so a request of it is compared with one of the live colour: above 150 %, all of them would cost that much more, and
 * the release holds. Where the day itself has cost more than 150 % of its baseline as well, traffic goes back: that is
 * money. A day that is dear while the candidate is not has another cause, and holds.
 *
 * Unknown never passes. That nothing is old enough for a baseline is known: a release of the first week is judged by
 * its requests, and it is said.
 */
export function judgeCost(seen: CostsSeen, candidate: string): Finding {
  const [request, day] = [byRequest(seen, candidate), byDay(seen)];
  const { verdict } = severity(request) >= severity(day) ? request : day;
  const count = valueOf(seen.requests);
  const figures: Record<string, number> = {
    ...costsOf(seen),
    ...(count !== undefined && { requests: count }),
  };
  const evidence = `${request.text}; ${day.text}`;
  if (verdict !== "failure") return { criterion: "cost", verdict, evidence, figures };
  return {
    ...{ criterion: "cost", verdict, figures },
    urgency: request.verdict === day.verdict ? "retreat" : "hold",
    evidence: `${evidence}; allowed is ${COST_PERCENT} %`,
  };
}

/** One of the two things that are asked of cost. */
interface Part {
  readonly verdict: Verdict;
  readonly text: string;
}

function byRequest(seen: CostsSeen, colour: string): Part {
  const needed = [seen.dollars, seen.requests, seen.liveDollars, seen.liveRequests];
  const blind = needed.find((one) => "unseen" in one);
  if (blind)
    return { verdict: "could-not-observe", text: `what requests cost could not be seen: ${blind.unseen}` };
  const [mine = 0, lives = 0] = [valueOf(seen.requests), valueOf(seen.liveRequests)];
  const { candidate = 0, live = 0 } = costsOf(seen);
  if (mine < REQUESTS || lives < REQUESTS) {
    const [count, whose] = mine < REQUESTS ? [mine, colour] : [lives, "the live colour"];
    return {
      verdict: "inconclusive",
      text: `what a request costs cannot be told yet: ${whose} has answered ${Math.floor(count)} of ${REQUESTS}`,
    };
  }
  return {
    verdict: isAbove(candidate, live) ? "failure" : "success",
    text: `1000 requests of ${colour} cost ${dollars(candidate)}, ${dollars(live)} in the live colour`,
  };
}

function byDay(seen: CostsSeen): Part {
  const blind = [seen.today, seen.baseline].find((one) => "unseen" in one);
  if (blind)
    return {
      verdict: "could-not-observe",
      text: `what the last day cost could not be seen: ${blind.unseen}`,
    };
  const { today = 0, baseline } = costsOf(seen);
  const text = `the last day cost ${dollars(today)}`;
  return baseline === undefined
    ? { verdict: "success", text: `${text}, and there is no week before it to compare with` }
    : {
        verdict: isAbove(today, baseline) ? "failure" : "success",
        text: `${text}, a day of the week before ${dollars(baseline)}`,
      };
}

const isAbove = (value: number, base: number): boolean => 100 * value > COST_PERCENT * base;

/** Three digits that count. */
export const dollars = (value: number): string => `$${Number(value.toPrecision(3))}`;
