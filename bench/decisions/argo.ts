import { type Follower, type Rule, sum } from "./rule";
import type { Bin } from "./series";

/**
 * The example of background analysis, its numbers unchanged: docs/features/analysis.md of argoproj/argo-rollouts
 * v1.9.1 (argo-rollouts.readthedocs.io/en/stable/features/analysis).
 */
const EXAMPLE = {
  /** `steps`: `setWeight: 20`, `pause: {duration: 10m}`, and so on; then 100. */
  weights: [20, 40, 60, 80],
  pauseMinutes: 10,
  /** `startingStep: 2`, "delay starting analysis run until setWeight: 40%". */
  startMinute: 10,
  /** `interval: 5m`; the first measurement is taken at once. */
  intervalMinutes: 5,
  /** `successCondition: result[0] >= 0.95`. */
  success: 0.95,
  /**
   * `failureLimit: 3`: "If the metric is measured to be less than 95%, and there are three such measurements, the
   * analysis is considered Failed." (The controller allows three, and fails at the fourth: five minutes later.)
   */
  failures: 3,
} as const;

/**
 * As documented: measurements that fail are counted over all of the analysis; where it fails, the weight goes back
 * to 0; where the steps end first, all traffic is the candidate's and the analysis is stopped. NaN, from no traffic,
 * fails a success condition. It has no metric of latency.
 *
 * Its query is `irate` over five minutes, which is the rate between the last two samples. They are taken a minute
 * apart (Prometheus' default), and its service name is taken to be the candidate's alone: both help it.
 */
function follow(): Follower {
  let failed = 0;
  const { weights, pauseMinutes, startMinute, intervalMinutes } = EXAMPLE;
  return {
    share: weights[0],
    look: (minute, bins) => {
      const isMeasured = minute >= startMinute && (minute - startMinute) % intervalMinutes === 0;
      if (isMeasured && !succeeds(bins)) failed += 1;
      if (failed >= EXAMPLE.failures) return { to: "rolled back" };
      const share = weights[Math.floor(minute / pauseMinutes)];
      return share === undefined ? { to: "the end" } : { to: "share", share };
    },
  };
}

function succeeds(bins: readonly Bin[]): boolean {
  const requests = sum(bins, ({ candidate }) => candidate.requests);
  const errors = sum(bins, ({ candidate }) => candidate.errors);
  return (requests - errors) / requests >= EXAMPLE.success;
}

export const argo: Rule = {
  name: "Argo",
  source: "Argo Rollouts 1.9.1, docs: features/analysis, Background Analysis",
  follow,
};
