import type { Colour } from "../../model/release";
import type { Scene } from "../scene";

/** Something to be broken, as scenarios and people ask for it. */
export interface Fault {
  readonly kind: FaultName;
  /** How much of it, in the kind's unit. Default: the kind's. */
  readonly amount?: number;
  /** Whose, of what is a colour's. Default: the candidate. */
  readonly colour?: Colour;
  /** Which provider of models, of what is one's. Default: all. */
  readonly provider?: string;
}

/** What can be broken. */
export type FaultName =
  | "crash"
  | "edited-rule"
  | "error-rate"
  | "failed-migration"
  | "killed-process"
  | "latency"
  | "lost-credentials"
  | "lost-pod"
  | "metrics-outage"
  | "no-traffic"
  | "provider-outage"
  | "second-operator"
  | "unhealthy-target";

/** A fault with nothing left open. */
export interface Asked {
  readonly amount: number;
  readonly colour: Colour;
  readonly provider?: string;
}

/** Ends what was broken. Where nothing has to be done for that, it does nothing. */
export type Mend = () => Promise<void>;

/** How much of a fault may be asked for. */
export interface Amount {
  readonly unit: "%" | "ms" | "pods" | "effects";
  readonly least: number;
  readonly most: number;
  readonly byDefault: number;
}

/** One kind of fault. */
export interface FaultKind {
  /** For lists: a line without a full stop. */
  readonly does: string;
  /** Absent: there is no more or less of it. */
  readonly amount?: Amount;
  /** Whether it is one colour's, so that the other's users must not notice it. */
  readonly isColours?: boolean;
  /** Whether only metrics tell of it. */
  readonly isMeasured?: boolean;
  /** What happens, for the report: a clause. */
  readonly told: (asked: Asked) => string;
  /** Breaks it. @throws Error where it cannot be broken now */
  readonly strike: (scene: Scene, asked: Asked) => Promise<Mend>;
}
