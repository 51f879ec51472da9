import type { Environment } from "../environments";
import type { Plan, PlanStep } from "./plan";

/** A plan with a name, and who asks for it. */
export interface NamedPlan {
  readonly steps: readonly PlanStep[];
  /** Labels of the guides in docs/seeds.md, and where the rest of the figures comes from. */
  readonly source: string;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Steps without gates of their own: the analysis is asked at each of them anyway. */
const steps = (...stops: readonly (readonly [share: number, bakeSeconds: number])[]): readonly PlanStep[] =>
  stops.map(([share, bakeSeconds]) => ({ share, bakeSeconds, gates: [] }));

/**
 * The one home of steps. How long all traffic bakes before a promote is a limit (`bakeSeconds`, T5), so the last
 * step of none adds to it.
 */
export const PLANS = {
  gradual: {
    steps: steps([10, DAY], [25, 12 * HOUR], [50, 12 * HOUR], [75, DAY], [100, 0]),
    source: "000: 10 % for 24 h, 25 % and 50 % for 12 h, 75 % for 24 h, then all",
  },
  careful: {
    steps: steps([5, DAY], [10, DAY], [25, 12 * HOUR], [50, 12 * HOUR], [75, DAY], [100, 0]),
    source: "001: 5, 10, 25, 50, 75, 100 %; it names no times, so they are 000's",
  },
  quick: {
    steps: steps([10, 10 * MINUTE], [25, 10 * MINUTE], [75, 10 * MINUTE], [100, 0]),
    source: "003: 10, 25, 75, 100 %; 10 min a step, as staging bakes all traffic",
  },
  weekly: {
    steps: steps([10, 7 * DAY], [50, 7 * DAY], [100, 0]),
    source: "004: 10 % and 50 % for a week each, then all",
  },
  hotfix: {
    steps: steps([25, 15 * MINUTE], [50, 15 * MINUTE], [75, 15 * MINUTE], [100, 0]),
    source: "002: a hotfix goes out at once; prod's greatest rise, and the error gate's window at each step",
  },
  trial: {
    steps: steps([10, 0], [50, 0], [100, 0]),
    source: "004's shares, without waiting: dev has no users",
  },
} as const satisfies Readonly<Record<string, NamedPlan>>;

export type PlanName = keyof typeof PLANS;

/** The names of all plans. */
export const PLAN_NAMES = Object.keys(PLANS) as PlanName[];

/** The plan where `sluice:plan` names none. */
export const DEFAULT_PLANS: Readonly<Record<Environment, PlanName>> = {
  dev: "trial",
  staging: "quick",
  prod: "gradual",
};

/** A plan by its name. */
export const namedPlan = (name: PlanName): Plan => ({ name, steps: PLANS[name].steps });

/** What applies where `sluice:plan` says nothing. Blue-green has no stops on its way, and rolling has no way. */
export const defaultPlan = (environment: Environment): Plan => namedPlan(DEFAULT_PLANS[environment]);
