import type { Environment } from "./environments";
import type { Strategy } from "./release";

/**
 * The limits that plan, rules, policies and components share. `sluice:limits` in stack configuration may
 * set each of them within its range.
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
  /** The candidate's shares that a canary passes through, in percent, ascending to 100. */
  readonly steps: readonly number[];
}

/** One limit: what it may be, and where its default comes from. */
export interface LimitFact<Value> {
  readonly unit: "percentage points" | "seconds" | "percent";
  /** Least and greatest permitted value, both inclusive; of each entry where the limit is a list. */
  readonly range: readonly [least: number, greatest: number];
  /** Why the range and the defaults are what they are. */
  readonly source: string;
  readonly defaults: Readonly<Record<Environment, Value>>;
}

const DAY = 86_400;

/** The one home of every limit. */
export const LIMITS: { readonly [Key in keyof Limits]: LimitFact<Limits[Key]> } = {
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
  steps: {
    unit: "percent",
    range: [1, 100],
    source: "dev: phases of the percentage flag; staging: CI's canary inputs; prod: the provider migration",
    defaults: { dev: [10, 50, 100], staging: [10, 25, 75, 100], prod: [10, 25, 50, 75, 100] },
  },
};

/** The names of all limits. */
export const LIMIT_NAMES = Object.keys(LIMITS) as (keyof Limits)[];

/** What applies where `sluice:limits` says nothing. */
export const defaultLimits = (environment: Environment): Limits =>
  Object.fromEntries(
    LIMIT_NAMES.map((name) => [name, LIMITS[name].defaults[environment]]),
  ) as unknown as Limits;

/** The candidate's shares that a release passes through, in percent: only a canary has stops before 100. */
export const stepsOf = (strategy: Strategy, limits: Limits): readonly number[] =>
  strategy === "canary" ? limits.steps : [100];

/**
 * What is judged by: the stricter of the recorded limits and those that an edit asks for, so that a limit
 * which an edit relaxes counts from the update after it.
 *
 * @param recorded absent on a new stack, and where nothing recorded them
 */
export const stricter = (recorded: Limits | undefined, asked: Limits): Limits =>
  recorded
    ? {
        ...asked,
        step: Math.min(recorded.step, asked.step),
        bakeSeconds: Math.max(recorded.bakeSeconds, asked.bakeSeconds),
        warmSeconds: Math.max(recorded.warmSeconds, asked.warmSeconds),
        stickinessSeconds: Math.max(recorded.stickinessSeconds, asked.stickinessSeconds),
        deregistrationSeconds: Math.max(recorded.deregistrationSeconds, asked.deregistrationSeconds),
      }
    : asked;

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
