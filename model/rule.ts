import type { Limits } from "./limits";
import type { Recovery } from "./recovery";
import type { Footprint, Recorded, Release } from "./release";

/** From what the state recorded to what configuration asks for. */
export interface Transition {
  /** Absent: a new stack, nothing has been recorded. */
  readonly from: Recorded | undefined;
  readonly to: Release;
  /** Every service of the stack as it will be. */
  readonly services: Readonly<Record<string, Footprint>>;
  readonly limits: Limits;
  /** What is to be undone or brought back. Absent: nothing. */
  readonly recovery?: Recovery;
  /** ISO time of the judgement. */
  readonly now: string;
}

/** Why a transition is refused. */
export interface Violation {
  /** The rule's, for example `T1`. */
  readonly id: string;
  readonly severity: "critical" | "high";
  /** One or more sentences that name what was found, the limit and the way out. */
  readonly message: string;
  /** Path in configuration, for example `sluice:release.traffic.green`. */
  readonly where: string;
  readonly found: string;
  readonly limit: string;
  /** The exact command that mends it, or what to wait for. */
  readonly remedy: string;
}

/** One rule about transitions. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  /** What suffers where the rule is not kept. */
  readonly protects: string;
  /** Whether it is asked about a retreat too; every other rule gives way to one. Default: no. */
  readonly judgesRetreat?: boolean;
  /** Empty where the transition is permitted. */
  readonly judge: (transition: Transition) => Violation[];
}
