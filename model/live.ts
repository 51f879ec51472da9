import type { Colour, Shares } from "./release";

/** A weighted rule as the load balancer has it now. */
export interface LiveRule {
  readonly service: string;
  readonly arn: string;
  /** Both 0 where neither colour has a weight. */
  readonly shares: Shares;
  /** Whether a client stays with the colour that it got. */
  readonly sticky: boolean;
  /** For how long, in seconds, whether or not it is on. */
  readonly stickySeconds: number;
  /** ARN of each colour's target group. */
  readonly targetGroups: Readonly<Record<Colour, string>>;
}

/** Targets of a colour that pass their health check, and all of them but those that leave. */
export interface Targets {
  readonly healthy: number;
  readonly registered: number;
}

/** By service and colour. What could not be observed is absent. */
export type LiveTargets = Readonly<Record<string, Partial<Readonly<Record<Colour, Targets>>>>>;
