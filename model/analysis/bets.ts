import type { Question } from "./questions";

/**
 * A bet against a claim. It names a point at the claim's edge, where live's rate is `live` and the candidate's is
 * above it by the margin, and says that the candidate's is `shift` from there. All are fractions 0–1.
 */
export interface Bet {
  readonly live: number;
  /** The candidate's rate at the edge: `live` plus the margin. */
  readonly edge: number;
  readonly shift: number;
}

/** What each request of a kind multiplies a bet's stake by, as a logarithm. */
export interface Payout {
  readonly candidateBad: number;
  readonly candidateGood: number;
  readonly liveBad: number;
  readonly liveGood: number;
}

/** Live's rate at the edge: objective and gate, and a live colour that is itself bad. */
const RATES = [0.001, 0.005, 0.03, 0.2] as const;
/** How much worse than harmless, as ratios of odds, which stay below certainty at any rate. */
const WORSE = [1.5, 4, 16] as const;
/** How much better than harmful, as parts of the margin. */
const BETTER = [0.4, 0.9] as const;

/**
 * The bets that are placed against a claim, together: which one suits is not known before, and a mixture of them
 * does nearly as well as the best of them.
 *
 * Against harm there is also a bet with live's rate 0, which leaves the live colour out. Who has less than the
 * margin cannot be worse by the margin, whatever live does; it answers where live has no traffic.
 */
export function betsAgainst({ claim, margin }: Question): Bet[] {
  if (claim === "harmful") {
    return [0, ...RATES].flatMap((live) =>
      BETTER.map((part) => ({ live, edge: live + margin, shift: -part * margin })),
    );
  }
  return RATES.flatMap((live) =>
    WORSE.map((ratio) => {
      const edge = live + margin;
      const odds = (ratio * edge) / (1 - edge);
      return { live, edge, shift: odds / (1 + odds) - edge };
    }),
  );
}

/** How much of what is left between live's rate and the end of the range a bet may use. */
const REACH = 0.9;

/**
 * What a bet pays in a span of time, for the split of its traffic.
 *
 * The candidate's requests pay by the likelihood of edge + shift against that of the edge. Live's pay likewise, by
 * the one shift of live's rate with which the product has no slope along the edge. Then the edge's point has the
 * greatest expectation of the whole claim, and that is 1: for rates θ the logarithm of the expectation is
 * n·log f(θ) + m·log g(ϑ), with f and g linear, hence concave, also where rates change from request to request.
 *
 * @param candidate requests of the candidate; above 0
 * @param live requests of the live colour
 * @returns undefined where the bet asks for live's requests and there are none
 */
export function payoutOf(
  { live: rate, edge, shift }: Bet,
  candidate: number,
  live: number,
): Payout | undefined {
  if (rate === 0) return payout(edge, shift, 0, 0);
  if (live <= 0) return undefined;
  const leverage = (candidate / live) * ((rate * (1 - rate)) / (edge * (1 - edge)));
  // Where live has the fewer requests, its rate would leave the range: the bet is made smaller instead.
  const room = REACH * (shift > 0 ? rate : 1 - rate);
  const placed = Math.sign(shift) * Math.min(Math.abs(shift), room / leverage);
  return payout(edge, placed, rate, -leverage * placed);
}

const payout = (edge: number, shift: number, rate: number, moved: number): Payout => ({
  candidateBad: Math.log1p(shift / edge),
  candidateGood: Math.log1p(-shift / (1 - edge)),
  liveBad: moved === 0 ? 0 : Math.log1p(moved / rate),
  liveGood: moved === 0 ? 0 : Math.log1p(-moved / (1 - rate)),
});
