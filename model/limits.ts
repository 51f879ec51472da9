import type { Environment } from "./environments";
import type { Freeze } from "./freeze";
import type { Strategy } from "./release";
import { stopsOf } from "./rollout/plan";
import { defaultPlan } from "./rollout/plans";

/**
 * The limits that plan, rules, policies and components share. `sluice:limits` in stack configuration may
 * set each of them within its range; steps come from `sluice:plan`.
 */
export interface Limits {
  /** The largest rise of an untrusted version's share in one update, in percentage points. */
  readonly step: number;
  /** How long the candidate carries 100 % before it may be promoted, in seconds. */
  readonly bakeSeconds: number;
  /** How long the predecessor keeps its full size after a promote, in seconds. */
  readonly warmSeconds: number;
  /** How long after that it keeps its manifest, without replicas, in seconds. */
  readonly coldSeconds: number;
  /** How long a client stays with the colour that it was given while both have a share, in seconds. */
  readonly stickinessSeconds: number;
  /** How long a deregistered target may finish its requests, in seconds. */
  readonly deregistrationSeconds: number;
  /** The candidate's shares that a canary passes through, in percent, ascending to 100: those of `sluice:plan`. */
  readonly steps: readonly number[];
  /**
   * The greatest part of the users who may meet an untrusted version and an unsettled flag at once, in percent: the
   * version's share times the flag's percentage.
   */
  readonly exposure: number;
  /**
   * Requests that a candidate with traffic has answered since its last change, before its share rises again.
   * 0: its metrics are not asked.
   */
  readonly samples: number;
  /** When nothing is released. */
  readonly freezes: readonly Freeze[];
}

/** One limit: what it may be, and where its default comes from. */
export interface LimitFact<Value> {
  readonly unit: "percentage points" | "seconds" | "percent" | "requests";
  /** Least and greatest permitted value, both inclusive. */
  readonly range: readonly [least: number, greatest: number];
  /** Why the range and the defaults are what they are. */
  readonly source: string;
  readonly defaults: Readonly<Record<Environment, Value>>;
}

const DAY = 86_400;

/** The one home of every limit that is a number; of freezes there are none by default. */
export const LIMITS: { readonly [Key in keyof Omit<Limits, "freezes" | "steps">]: LimitFact<Limits[Key]> } = {
  step: {
    unit: "percentage points",
    range: [1, 100],
    source: "canary plans of the provider migration raise by a quarter at most; outside prod half is enough",
    defaults: { dev: 50, staging: 50, prod: 25 },
  },
  bakeSeconds: {
    unit: "seconds",
    range: [0, 14 * DAY],
    source: "the provider migration watches full traffic for a day before it trusts the new version",
    defaults: { dev: 0, staging: 600, prod: DAY },
  },
  warmSeconds: {
    unit: "seconds",
    range: [0, 30 * DAY],
    source: "monitoring after a go-live is enhanced for 24 hours, so going back must be immediate that long",
    defaults: { dev: 600, staging: 3_600, prod: DAY },
  },
  coldSeconds: {
    unit: "seconds",
    range: [0, 90 * DAY],
    source: "the provider migration keeps the former version for seven days",
    defaults: { dev: DAY, staging: DAY, prod: 7 * DAY },
  },
  stickinessSeconds: {
    unit: "seconds",
    range: [1, 604_800],
    source: "range of ELBv2's TargetGroupStickinessConfig; short, because stickiness beats weight",
    defaults: { dev: 60, staging: 60, prod: 60 },
  },
  deregistrationSeconds: {
    unit: "seconds",
    range: [0, 3_600],
    source: "range of ELBv2's deregistration_delay.timeout_seconds; longer than the longest request",
    defaults: { dev: 30, staging: 60, prod: 120 },
  },
  exposure: {
    unit: "percent",
    range: [1, 100],
    source: "two experiments at once tell nothing of either; in prod they meet in a step's part of the users",
    defaults: { dev: 100, staging: 100, prod: 25 },
  },
  samples: {
    unit: "requests",
    range: [0, 1_000_000],
    source: "the error gate's: of fewer requests 1 % is not told from 0.1 %; dev has no users",
    defaults: { dev: 0, staging: 100, prod: 500 },
  },
};

/** The names of all limits that have a fact. */
export const LIMIT_NAMES = Object.keys(LIMITS) as (keyof typeof LIMITS)[];

/** What applies where `sluice:limits` says nothing. */
export const defaultLimits = (environment: Environment): Limits => ({
  ...(Object.fromEntries(
    LIMIT_NAMES.map((name) => [name, LIMITS[name].defaults[environment]]),
  ) as unknown as Omit<Limits, "freezes" | "steps">),
  steps: stopsOf(defaultPlan(environment)),
  freezes: [],
});

/** The candidate's shares that a release passes through, in percent: only a canary has stops before 100. */
export const stepsOf = (strategy: Strategy, limits: Limits): readonly number[] =>
  strategy === "canary" ? limits.steps : [100];

/**
 * What is judged by: the stricter of two sets of limits. Of the recorded ones and those that an edit asks for, so
 * that a limit which an edit relaxes counts from the update after it; and of an organisation's.
 *
 * @param others what is absent, or not among them, leaves `asked` as it is
 */
export function stricter(others: Partial<Limits> | undefined, asked: Limits): Limits {
  if (!others) return asked;
  const least = (name: Least) => Math.min(others[name] ?? Infinity, asked[name]);
  const most = (name: Most) => Math.max(others[name] ?? 0, asked[name]);
  return {
    ...asked,
    step: least("step"),
    exposure: least("exposure"),
    bakeSeconds: most("bakeSeconds"),
    warmSeconds: most("warmSeconds"),
    coldSeconds: most("coldSeconds"),
    stickinessSeconds: most("stickinessSeconds"),
    deregistrationSeconds: most("deregistrationSeconds"),
    samples: most("samples"),
    freezes: union(others.freezes ?? [], asked.freezes),
  };
}

/** Limits of which the smaller is the stricter. */
type Least = "step" | "exposure";

/** Limits of which the greater is the stricter. */
type Most =
  "bakeSeconds" | "warmSeconds" | "coldSeconds" | "stickinessSeconds" | "deregistrationSeconds" | "samples";

const union = (some: readonly Freeze[], others: readonly Freeze[]): readonly Freeze[] => {
  const known = new Set(some.map((freeze) => JSON.stringify(freeze)));
  return [...some, ...others.filter((freeze) => !known.has(JSON.stringify(freeze)))];
};

/** How long a colour may still serve clients after its share became 0, in seconds. */
export const drainSeconds = (limits: Limits): number =>
  limits.stickinessSeconds + limits.deregistrationSeconds;

/** Quotas of one Application Load Balancer: fixed for target groups, the default for rules. */
export const BALANCER = { targetGroups: 100, rules: 100 } as const;

/** What one public service takes of them: a target group a colour; a weighted rule and a header rule a colour. */
export const PER_PUBLIC_SERVICE = { targetGroups: 2, rules: 3 } as const;

/** Public services that one load balancer carries. */
export const PUBLIC_SERVICES = Math.floor(
  Math.min(
    BALANCER.targetGroups / PER_PUBLIC_SERVICE.targetGroups,
    BALANCER.rules / PER_PUBLIC_SERVICE.rules,
  ),
);
