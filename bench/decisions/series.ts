import { SLOW_SECONDS } from "../../model/analysis/thresholds";
import { binomial, chance, poisson, seedOf } from "./chance";
import type { Behaviour, Bursts, Scenario } from "./scenario";

/** The shortest window that a rule looks at, in seconds: Flagger's for latency. */
export const BIN_SECONDS = 30;

/** Bins of a minute. */
export const BINS = 60 / BIN_SECONDS;

/** What a colour answered in a span of time. */
export interface Answered {
  readonly requests: number;
  readonly errors: number;
  /** Slower than `SLOW_SECONDS`. */
  readonly slow: number;
}

/** What both colours answered. */
export interface Bin {
  readonly candidate: Answered;
  readonly live: Answered;
}

/** The chance of one canary, whatever rule it is replayed through. */
export interface Series {
  /** Requests of both colours in each bin. */
  readonly arrivals: readonly number[];
  /** What both colours do in a bin, were the candidate's share so many percent then. */
  readonly bin: (index: number, share: number) => Bin;
}

/** Part of a colour's requests that are slow, 0–1. */
export const slowRate = ({ latency: { medianSeconds, steepness } }: Behaviour): number =>
  1 / (1 + (SLOW_SECONDS / medianSeconds) ** steepness);

/** Numbers drawn for a bin: arrivals, who gets them, and each colour's errors and slow ones. */
const DRAWS = 6;

/**
 * A canary's series. All chance is drawn beforehand, by bin and purpose: a rule that gives the candidate the same
 * share as another in a minute sees the same minute.
 */
export function seriesOf(scenario: Scenario, index: number): Series {
  const random = chance(seedOf(scenario.seed, index));
  const { bursts } = scenario;
  const phase = bursts ? Math.floor(random() * bursts.everyMinutes) : 0;
  const drawn = Float64Array.from({ length: scenario.minutes * BINS * DRAWS }, random);
  const draw = (bin: number, purpose: number) => drawn[bin * DRAWS + purpose] ?? 0;
  const mean = scenario.perMinute / BINS;
  const arrivals = Array.from({ length: scenario.minutes * BINS }, (_, bin) => poisson(mean, draw(bin, 0)));
  const slow = { candidate: slowRate(scenario.candidate), live: slowRate(scenario.live) };
  const colour = (bin: number, requests: number, who: "candidate" | "live", purpose: number): Answered => ({
    requests,
    errors: binomial(
      requests,
      failing(scenario, who, bursts, Math.floor(bin / BINS) + phase),
      draw(bin, purpose),
    ),
    slow: binomial(requests, slow[who], draw(bin, purpose + 1)),
  });
  return {
    arrivals,
    bin: (bin, share) => {
      const requests = arrivals[bin] ?? 0;
      const mine = share >= 100 ? requests : binomial(requests, share / 100, draw(bin, 1));
      return {
        candidate: colour(bin, mine, "candidate", 2),
        live: colour(bin, requests - mine, "live", 4),
      };
    },
  };
}

/** Part of a colour's requests that fail in a minute, 0–1. */
function failing(
  scenario: Scenario,
  who: "candidate" | "live",
  bursts: Bursts | undefined,
  minute: number,
): number {
  const isBurst = bursts && minute % bursts.everyMinutes < bursts.minutes;
  const isMet = isBurst && (bursts.meet === "both" || who === "candidate");
  return (isMet ? bursts.errors : scenario[who].errors) / 100;
}
