import { sleep } from "../../cloud/clock";
import { LoadBalancing } from "../../cloud/loadBalancing";
import type { Prometheus } from "../../cloud/prometheus";
import type { AnalysisAsked } from "../../model/analysis/asked";
import { type Condition, type ConditionFigure, staleness } from "../../model/analysis/observation";
import { restartsQuery, unreadyQuery } from "../../model/analysis/queries";
import { THRESHOLDS } from "../../model/analysis/thresholds";
import type { Seen } from "../../model/rollout/seen";
import { reasonOf } from "../failure";
import type { Subject } from "../subject";

/** Waits so many milliseconds. */
export type Pause = (milliseconds: number) => Promise<unknown>;

/** The same by the clock. */
export const paused: Pause = (milliseconds) => sleep(milliseconds / 1_000);

/** How often it is looked whether a target has become healthy, in milliseconds. */
const AGAIN = 5_000;

/**
 * Our target groups call a target unhealthy when three checks in a row have failed (`components/service/exposure.ts`),
 * and the load balancer tells no count.
 */
const UNHEALTHY = THRESHOLDS.failedChecks.above + 1;

/** What a figure is, or why it is not known. */
type Figure = readonly [ConditionFigure, Seen<number>];

/**
 * How a colour's targets are, by the load balancer. Where users reach a colour without a healthy target it is looked
 * again until one is, or the limit has passed: no memory is needed, and nobody waits where all is well.
 *
 * @param arn the colour's target group
 * @param isServing whether users reach it; if not, it lacks a target to nobody's harm
 */
export async function targetFigures(
  { region }: Subject,
  arn: string,
  isServing: boolean,
  pause: Pause,
): Promise<Figure[]> {
  try {
    const balancing = new LoadBalancing(region);
    let states = await balancing.states(arn);
    const lacks = () => isServing && !states.includes("healthy");
    const limit = 1_000 * THRESHOLDS.unavailable.above;
    let waited = 0;
    for (; lacks() && waited <= limit; waited += AGAIN) {
      await pause(AGAIN);
      states = await balancing.states(arn);
    }
    return [
      ["failedChecks", { value: states.includes("unhealthy") ? UNHEALTHY : 0 }],
      ["unavailableSeconds", { value: lacks() ? waited / 1_000 : 0 }],
    ];
  } catch (error) {
    const unseen = `the health of its targets could not be seen: ${reasonOf(error)}`;
    return [
      ["failedChecks", { unseen }],
      ["unavailableSeconds", { unseen }],
    ];
  }
}

/** How a colour's pods are, by kube-state-metrics. */
export async function podFigures(
  prometheus: Prometheus,
  { app }: Subject,
  service: string,
  { colour, now }: AnalysisAsked,
): Promise<Figure[]> {
  const ask = async (figure: ConditionFigure, what: string, query: string): Promise<Figure> => {
    try {
      const { value, at } = await prometheus.number(query);
      const stale = staleness(at, now);
      if (stale === undefined) return [figure, { value }];
      return [figure, { unseen: `Prometheus' clock: ${stale}` }];
    } catch (error) {
      return [figure, { unseen: `${what} could not be seen in Prometheus: ${reasonOf(error)}` }];
    }
  };
  const { crashLoop, readiness } = THRESHOLDS;
  // Far enough back to see that the limit has passed.
  const most = readiness.above + crashLoop.windowSeconds;
  return Promise.all([
    ask("restarts", "restarts", restartsQuery(app, service, colour, crashLoop.windowSeconds)),
    ask("unreadySeconds", "how long pods wait to be ready", unreadyQuery(app, service, colour, most)),
  ]);
}

/** The figures together. */
export const conditionOf = (figures: readonly Figure[], at: string): Condition => ({
  at,
  ...Object.fromEntries(figures.flatMap(([name, seen]) => ("value" in seen ? [[name, seen.value]] : []))),
  unknown: Object.fromEntries(
    figures.flatMap(([name, seen]) => ("unseen" in seen ? [[name, seen.unseen]] : [])),
  ),
});
