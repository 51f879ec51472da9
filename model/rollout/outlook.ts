import { next } from "../next";
import { NoPlanError, plan } from "../plan";
import type { Recorded } from "../release";
import { leastOf } from "../shares";
import { finished, goalOf, pending } from "./course";
import type { Gate } from "./gate";
import { stepAt } from "./plan";
import type { Scene } from "./situation";

/** One stop of the plan, and when the release may be there. */
export interface Stop {
  /** The candidate's share, in percent. */
  readonly share: number;
  /** How long the release stays there at least, in seconds; at the last stop also for T5's limit. */
  readonly bakeSeconds: number;
  readonly gates: readonly Gate[];
  readonly place: "behind" | "here" | "ahead";
  /** ISO time before which it is not reached; absent where it has been, or nothing leads there. */
  readonly notBefore?: string;
}

/** A plan's way from where the release is, if all goes well. */
export interface Outlook {
  readonly stops: readonly Stop[];
  /** ISO time before which the candidate does not become live; absent where nothing leads there. */
  readonly promoteNotBefore?: string;
  /** Why it goes nowhere. */
  readonly standsStill?: string;
}

/** Far above what any plan needs. */
const LONGEST = 250;

/** Why nothing is under way; undefined where something is, or is asked for. */
export const standsStill = (scene: Scene): string | undefined =>
  pending(scene) ? undefined : finished(scene);

/** Where a release is on its plan, and when it may be at its end at the earliest, by its bake times and the rules. */
export function outlook(scene: Scene): Outlook {
  const { state, asked, colour } = scene;
  const share = leastOf(state, colour);
  const over = standsStill(scene);
  const way = over === undefined ? ahead(scene) : { arrivals: [], why: over };
  // Only a canary stops between nothing and all.
  const steps = asked.plan.steps.filter(
    (step) => asked.release.strategy === "canary" || step.share === 0 || step.share === 100,
  );
  const here = stepAt({ ...asked.plan, steps }, share).share;
  const stops = steps.map((step): Stop => {
    const arrival = way.arrivals.find((one) => one.share >= step.share && !one.isLive);
    const place = over !== undefined || step.share > here ? "ahead" : step.share === here ? "here" : "behind";
    return { ...step, place, ...(place === "ahead" && arrival && { notBefore: arrival.at }) };
  });
  const promote = way.arrivals.find(({ isLive }) => isLive);
  return {
    stops,
    ...(promote && { promoteNotBefore: promote.at }),
    ...(way.why !== undefined && { standsStill: way.why }),
  };
}

/** The candidate's share from a time on, and whether it is live then. */
interface Arrival {
  readonly share: number;
  readonly isLive: boolean;
  readonly at: string;
}

/** Each update of the way, at the first moment at which its rules and the plan's bake times permit it. */
function ahead(scene: Scene): { arrivals: Arrival[]; why?: string } {
  const { asked, colour, now } = scene;
  const { release: _, plan: course, ...circumstances } = asked;
  const goal = goalOf(scene);
  const arrivals: Arrival[] = [];
  let state: Recorded = scene.state;
  let clock = now;
  try {
    while (state.release.live !== goal.live && arrivals.length < LONGEST) {
      const { bakeSeconds } = stepAt(course, leastOf(state, colour));
      const baked = Date.parse(state.since) + 1_000 * bakeSeconds;
      // What is asked for beside traffic does not bake first.
      const isDeployed = state !== scene.state || pending(scene) === undefined;
      if (isDeployed && baked > Date.parse(clock)) clock = new Date(baked).toISOString();
      const [step] = plan(state, goal, asked.limits, clock);
      if (!step) break;
      clock = new Date(Date.parse(clock) + 1_000 * step.waitSeconds).toISOString();
      state = next({ ...circumstances, from: state, to: step.release, now: clock });
      const { live, traffic } = state.release;
      arrivals.push({ share: traffic[colour], isLive: live === colour, at: clock });
    }
  } catch (error) {
    if (!(error instanceof NoPlanError)) throw error;
    return { arrivals, why: error.message };
  }
  return { arrivals };
}
