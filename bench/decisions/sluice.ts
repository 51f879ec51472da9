import { analyse } from "../../model/analysis/analyse";
import { isBeyond } from "../../model/analysis/chance";
import type { Finding } from "../../model/analysis/finding";
import { FALSE_PASS, alarmOf } from "../../model/analysis/questions";
import { SIGNALS } from "../../model/analysis/observation";
import { type Pair, judgeRate } from "../../model/analysis/rates";
import { windowOf } from "../../model/analysis/samples";
import { stopsOf } from "../../model/rollout/plan";
import { defaultPlan } from "../../model/rollout/plans";
import { THRESHOLDS } from "../../model/analysis/thresholds";
import { type Gathered, gatherer } from "./gathered";
import { Log, timeOf } from "./log";
import type { Follower, Move, Rule } from "./rule";
import { BAKE_MINUTES } from "./scenarios";

const STEPS = stopsOf(defaultPlan("prod"));
const LIMITED = [THRESHOLDS.errorRate, THRESHOLDS.errorGate, THRESHOLDS.latency] as const;

/** How often `analyse` is asked. */
export interface Asking {
  /** Only where its answer can move the candidate. Default: yes. */
  readonly sparing?: boolean;
}

/**
 * Our rule: `analyse` at every minute. A failure whose urgency is `retreat` rolls back; a step passes on success
 * alone, after its bake; all else holds.
 *
 * `analyse` reads a whole release from its beginning, and a minute's answer is mostly to hold. So it is asked only
 * where it may say something else: where evidence, gathered as it gathers it, has reached what an alarm or a pass
 * takes, or a limit that retreats is breached. What it says then decides. Asked at every minute it decides the same;
 * a test holds that.
 */
export const asking = ({ sparing = true }: Asking = {}): Rule => ({
  name: "Sluice",
  source: "model/analysis, with the steps of prod",
  follow: () => follow(sparing),
});

export const sluice: Rule = asking();

function follow(sparing: boolean): Follower {
  const log = new Log();
  const gather = gatherer();
  let step = 0;
  let since = 0;
  const share = () => STEPS[step] ?? 100;

  const pairAt = (minute: number): Pair => ({
    ...log.observations(minute, share() === 100 ? since : undefined),
    now: timeOf(minute),
  });
  const judge = (minute: number) => {
    const { now, ...service } = pairAt(minute);
    return analyse({ services: [service], since: timeOf(since), now });
  };
  const mayMove = (minute: number, evidence: Gathered) => {
    const breached = LIMITED.filter((threshold) => isBreached(threshold, log));
    const isBaked = minute - since >= BAKE_MINUTES;
    return (
      (isBaked && breached.length === 0 && Math.min(...evidence.well) >= Math.log(1 / FALSE_PASS)) ||
      Math.max(...evidence.worse) >= Math.log(1 / alarmOf(SIGNALS.length)) ||
      breached.some((threshold) => retreats(threshold) && retreats(judgeRate("", threshold, pairAt(minute))))
    );
  };
  const decide = (minute: number): Move => {
    const { verdict, urgency } = judge(minute);
    if (verdict === "failure" && urgency === "retreat") return { to: "rolled back" };
    if (verdict !== "success" || minute - since < BAKE_MINUTES) return { to: "share", share: share() };
    if (share() === 100) return { to: "the end" };
    step += 1;
    since = minute;
    return { to: "share", share: share() };
  };

  return {
    share: share(),
    look: (minute, bins) => {
      log.add(minute, bins);
      const evidence = gather(minute, since, bins, share() === 100);
      return !sparing || mayMove(minute, evidence) ? decide(minute) : { to: "share", share: share() };
    },
  };
}

const retreats = ({ urgency }: Pick<Finding, "urgency">): boolean => urgency === "retreat";

/** Whether a limit is breached, were nothing excused by a live colour that is as bad. */
function isBreached(
  { signal, above, windowSeconds, samples }: (typeof LIMITED)[number],
  { candidate }: Log,
): boolean {
  const seen = candidate.samples[signal];
  if (isBeyond(windowOf(seen, windowSeconds, 0), above / 100)) return true;
  const { requests, bad } = windowOf(seen, windowSeconds, samples);
  return requests >= samples && 100 * bad > above * requests;
}
