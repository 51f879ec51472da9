import type { FlagAction } from "../../../model/flags/action";
import type { AlarmsSeen } from "../../../model/flags/alarms";
import { decideFlag } from "../../../model/flags/decide";
import { type Flag, exposureOf } from "../../../model/flags/flag";
import type { FlagSituation } from "../../../model/flags/situation";
import type { FlagExposure } from "../../../model/flags";
import type { Gate } from "../../../model/rollout/gate";
import { namedPlan } from "../../../model/rollout/plans";
import { LIMITS, SERVICES, at, recorded, release } from "../fixtures";

export const NAME = "partial-results";
export const DAY = 86_400;
export const WEEK = 7 * DAY;

/** Its own alarms in these tests: one that takes it back by a stop, and one that turns it off. */
export const [SLOW, ERRORS] = ["slow", "errors"] as const;

export const QUIET: AlarmsSeen = { [SLOW]: { state: "OK" }, [ERRORS]: { state: "OK" } };

/** What is to be said of a flag's surroundings; what is absent is as it should be for it to rise. */
export interface Told {
  /** By configuration, by the state, and in SSM, in percent of sessions. */
  readonly configured?: number;
  readonly state?: number;
  readonly live?: FlagSituation["live"] | number;
  readonly flag?: Partial<Flag>;
  readonly exposure?: Partial<FlagExposure>;
  readonly alarms?: FlagSituation["alarms"];
  /** Of the present step. */
  readonly gates?: readonly Gate[];
  readonly situation?: Partial<FlagSituation>;
  /** Seconds that it has had so many sessions. */
  readonly seconds?: number;
}

/** A flag at 10 % by all three for a week and a bit, its plan weekly, everything good: it may go to 50 %. */
export function sceneOf({
  configured = 10,
  exposure,
  gates = [],
  seconds = WEEK,
  ...told
}: Told = {}): FlagSituation {
  const { state: had = configured, live: seen = had, alarms = { value: QUIET } } = told;
  const plan = namedPlan("weekly");
  const flag: Flag = {
    ...{ enabled: true, percentage: configured, settings: {}, settled: false },
    plan: { ...plan, steps: plan.steps.map((step) => (step.share === had ? { ...step, gates } : step)) },
    alarms: [
      { name: SLOW, retreat: "step" },
      { name: ERRORS, retreat: "off" },
    ],
    ...told.flag,
  };
  const asked = release(0);
  const flags = { [NAME]: { percentage: exposureOf(flag), settled: flag.settled } };
  return {
    ...{ name: NAME, flag, alarms, gates: {}, beside: [], now: at(seconds) },
    asked: { release: asked, plan: namedPlan("gradual"), services: SERVICES, limits: LIMITS, flags },
    state: recorded(asked, {
      flags: { [NAME]: { percentage: had, settled: false, since: at(0), ...exposure } },
    }),
    live: typeof seen === "number" ? valueAt(seen) : seen,
    fence: { value: undefined },
    lock: { value: undefined },
    skewSeconds: { value: 0 },
    ...told.situation,
  };
}

/** What SSM says of a flag that so many sessions have. */
export const valueAt = (percentage: number, enabled = true): FlagSituation["live"] => ({
  value: { value: { enabled, percentage, settings: {} } },
});

export const decided = (told: Told = {}): FlagAction => decideFlag(sceneOf(told));

/** Codes of what stands against it, or why it is so. */
export const codes = (told: Told = {}): string[] => decided(told).reasons.map(({ code }) => code);
