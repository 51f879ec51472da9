import type { BakedBefore } from "./baked";
import type { Flags } from "./flags";
import type { Limits } from "./limits";
import type { Override } from "./override";
import type { Platform } from "./platform";
import type { Declared } from "./providers/providers";
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
  /** Cluster and backends as they will be. Absent: not judged. */
  readonly platform?: Platform;
  /** Absent: no environment comes before this one. */
  readonly baked?: BakedBefore;
  /** Percentage flags as they will be. Absent: there are none. */
  readonly flags?: Flags;
  /** Providers of models as they will be declared. Absent: there are none. */
  readonly providers?: Declared;
  /** What somebody answers for. Default: none. */
  readonly overrides?: readonly Override[];
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
  readonly severity: Violation["severity"];
  /** What suffers where the rule is not kept. */
  readonly protects: string;
  /** What somebody does who is refused by it, in a sentence. */
  readonly wayOut: string;
  /** Whether no override lifts it, because what it refuses cannot work. Default: no. */
  readonly absolute?: boolean;
  /** Whether it is asked about a retreat too; every other rule gives way to one. Default: no. */
  readonly judgesRetreat?: boolean;
  /** Empty where the transition is permitted. */
  readonly judge: (transition: Transition) => Violation[];
}
