/** How a colour answers. */
export interface Behaviour {
  /** Requests that fail, in percent. */
  readonly errors: number;
  /**
   * How long answers take: a log-logistic distribution, the part slower than x seconds being
   * 1 / (1 + (x / median) ** steepness). The lower the steepness, the heavier the tail.
   */
  readonly latency: { readonly medianSeconds: number; readonly steepness: number };
}

/** Minutes in which more requests fail, again and again, from a phase that is drawn for each canary. */
export interface Bursts {
  readonly everyMinutes: number;
  readonly minutes: number;
  /** Requests that fail meanwhile, in percent. */
  readonly errors: number;
  readonly meet: "both" | "candidate";
}

/**
 * What a candidate is by what we promise (`MARGINS` in model/analysis/questions.ts), declared before any result.
 *
 * - `good`: worse than live by what is harmless at most. To roll it back is false.
 * - `between`: worse by more than what is harmless and by less than what is harmful. Either end is right.
 * - `bad`: worse by what is harmful or more. To reach the end with it is a miss.
 */
export type Worth = "good" | "between" | "bad";

/** One kind of release. */
export interface Scenario {
  readonly name: string;
  readonly candidateIs: Worth;
  /** Why it is that. */
  readonly because: string;
  /** Name of the scenario that differs only in the candidate's being good. Of every bad one. */
  readonly twin?: string;
  /** Requests of both colours in a minute, on average: Poisson's distribution. */
  readonly perMinute: number;
  /** How long it is followed. What a missed candidate does until then counts; people find it after that. */
  readonly minutes: number;
  readonly live: Behaviour;
  readonly candidate: Behaviour;
  /** Default: none. */
  readonly bursts?: Bursts;
  /** Chance of its canary k is seeded by this and k. */
  readonly seed: number;
}
