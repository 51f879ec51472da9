import { judgeThresholds } from "../../model/analysis/analyse";
import type { AnalysisAsked } from "../../model/analysis/asked";
import { together } from "../../model/analysis/finding";
import type { ThresholdName } from "../../model/analysis/thresholds";
import type { Seen } from "../../model/rollout/seen";
import type { Analysed } from "../../model/rollout/situation";
import { reasonOf } from "../failure";
import { type Pause, conditionOf, targetFigures } from "../reconcile/condition";
import { measured } from "../reconcile/measured";
import type { Subject } from "../subject";

/** The limits that the load balancer alone can judge: Prometheus is in the cluster's network, where no watcher is. */
const LIMITS: readonly ThresholdName[] = ["errorRate", "latency", "failedChecks", "unavailable"];

/** What the limits say of a colour. */
export interface Judged {
  readonly analysis: Seen<Analysed>;
  /** What could not be seen of it, a line each. That nobody asks anything of it is not among them. */
  readonly unseen: readonly string[];
}

/**
 * What the absolute limits say of a colour that has users, by what its load balancer measured. Candidate is not held
 * against live: one test for a whole release keeps its promise, and one that begins anew at every look does not.
 * It never throws.
 */
export async function judged(subject: Subject, asked: AnalysisAsked, pause: Pause): Promise<Judged> {
  const { colour, version, rules, since, now } = asked;
  const what = `${colour} ${version}`;
  try {
    const [{ services, unseen }, conditions] = await Promise.all([
      measured(subject, asked),
      Promise.all(
        rules.map(async ({ targetGroups }) =>
          conditionOf(await targetFigures(subject, targetGroups[colour], true, pause), now),
        ),
      ),
    ]);
    const seen = services.map((pair, index) => {
      const condition = conditions[index];
      return { ...pair, candidate: { ...pair.candidate, ...(condition && { condition }) }, now };
    });
    const judgement = together(seen.flatMap((pair) => judgeThresholds(pair, LIMITS)));
    const missing = seen.flatMap(({ candidate: { missing = [], condition } }) => [
      ...missing,
      ...Object.values(condition?.unknown ?? {}),
    ]);
    return {
      analysis: { value: { colour, version, since, at: now, judgement } },
      unseen: [...new Set([...missing, ...unseen])].map((one) => `${what} could not be observed: ${one}`),
    };
  } catch (error) {
    const unseen = `${what} could not be observed: ${reasonOf(error)}`;
    return { analysis: { unseen }, unseen: [unseen] };
  }
}
