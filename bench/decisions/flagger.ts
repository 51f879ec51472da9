import { type Follower, type Rule, sum } from "./rule";
import type { Answered, Bin } from "./series";

/**
 * The canary of Flagger's Istio tutorial, its numbers unchanged: docs/gitbook/tutorials/istio-progressive-delivery.md
 * of fluxcd/flagger v1.44.0 (docs.flagger.app/tutorials/istio-progressive-delivery).
 */
const EXAMPLE = {
  /** `interval: 1m`: it looks at the end of every minute. */
  stepWeight: 10,
  maxWeight: 50,
  /** `threshold: 5`, "max number of failed metric checks before rollback". */
  threshold: 5,
  /** `request-success-rate`, `thresholdRange: {min: 99}`, `interval: 1m`: percent that are no 5xx. */
  successPercent: 99,
  /** `request-duration`, `thresholdRange: {max: 500}`, `interval: 30s`: the 99th percentile. */
  percentile: 99,
} as const;

/**
 * As documented in docs/gitbook/usage/deployment-strategies.md of the same version: one failed metric is a failed
 * check, which halts the advancement; checks are counted over all of the analysis, successes do not reset them; it
 * goes back after interval × threshold where all fail (the controller needs one interval more), and promotes after
 * interval × (maxWeight / stepWeight) where all pass. No traffic is a failed check ("no values found").
 *
 * The 500 ms are what its demonstration may take. Here a request may take 5 s, so the 99th percentile is held
 * against 5 s: above it where more than a hundredth of the window's requests are slower, which is also what
 * `histogram_quantile` says with a bucket's bound there.
 */
function follow(): Follower {
  let weight: number = EXAMPLE.stepWeight;
  let failedChecks = 0;
  return {
    share: weight,
    look: (_minute, bins) => {
      if (!passes(bins)) {
        failedChecks += 1;
        return failedChecks >= EXAMPLE.threshold ? { to: "rolled back" } : { to: "share", share: weight };
      }
      if (weight >= EXAMPLE.maxWeight) return { to: "the end" };
      weight += EXAMPLE.stepWeight;
      return { to: "share", share: weight };
    },
  };
}

function passes(bins: readonly Bin[]): boolean {
  const minute = bins.map(({ candidate }) => candidate);
  const half = minute.slice(-1);
  const of = (window: readonly Answered[], figure: keyof Answered) => sum(window, (bin) => bin[figure]);
  const requests = of(minute, "requests");
  const lately = of(half, "requests");
  if (requests === 0 || lately === 0) return false;
  if (100 * (requests - of(minute, "errors")) < EXAMPLE.successPercent * requests) return false;
  return 100 * (lately - of(half, "slow")) >= EXAMPLE.percentile * lately;
}

export const flagger: Rule = {
  name: "Flagger",
  source: "Flagger 1.44.0, docs: tutorials/istio-progressive-delivery, usage/deployment-strategies",
  follow,
};
