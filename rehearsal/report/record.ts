import type { Colour, Shares } from "../../model/release";
import type { Changes } from "../engine/outcome";
import type { Refusal } from "../refusal";
import { type ByColour, sum } from "../traffic/counts";

/** What a step of a rehearsal is. */
export type StepKind = "deploy" | "shift" | "promote" | "flip" | "rollback" | "refused" | "fault" | "hold";

/** One step of a rehearsal, as it was measured. Shares are green's, in percent. */
export interface StepRecord {
  readonly name: string;
  readonly kind: StepKind;
  /** Whether users must notice nothing. */
  readonly planned: boolean;
  readonly live: Colour;
  readonly traffic: Shares;
  /** Of a refusal: what the preview had planned before it ended. None of it is done. */
  readonly changes: Changes;
  /** URNs of what was updated in place. */
  readonly updated: readonly string[];
  readonly seconds: number;
  /** Requests sent during the step, by the colour that answered. */
  readonly requests: ByColour;
  /** Every request that a user would call failed: timeouts and resets included, no retries. */
  readonly failed: ByColour;
  /** First requests of new sessions after the change had landed: what the weights decided. */
  readonly assigned: ByColour;
  readonly expectedShare: number;
  /** Of `assigned`; absent where nothing was assigned. */
  readonly observedShare?: number;
  /** Where the observed share of that many sessions lies 999 times in 1,000, in percent. */
  readonly interval?: readonly [number, number];
  /** Of an edit that should be refused: all that should refuse it, the one that it is about first. */
  readonly expected?: readonly string[];
  /** Of such an edit: all that did refuse it, and in which layer. */
  readonly refusals?: readonly Refusal[];
  /** Of those the one that it is about, or another where that one did not refuse it. */
  readonly rule?: string;
  /** What that one said; where a preview failed and nothing refused the edit, what the engine said. */
  readonly message?: string;
}

/** The JSON record of a rehearsal. */
export interface Record1 {
  readonly schema: 1;
  readonly stack: string;
  /** Name of what was rehearsed. */
  readonly scenario: string;
  readonly engine: { readonly version: string; readonly source: string };
  readonly steps: readonly StepRecord[];
  readonly totals: { readonly seconds: number; readonly requests: number; readonly failed: number };
}

/** The record of what was measured. */
export const recordOf = (
  stack: string,
  scenario: string,
  engine: Record1["engine"],
  steps: readonly StepRecord[],
  seconds: number,
): Record1 => ({
  schema: 1,
  stack,
  scenario,
  engine: { version: engine.version, source: engine.source },
  steps,
  totals: {
    seconds,
    requests: steps.reduce((total, step) => total + sum(step.requests), 0),
    failed: steps.reduce((total, step) => total + sum(step.failed), 0),
  },
});
