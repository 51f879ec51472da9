import { type Colour, type Shares, otherColour } from "../../model/release";
import type { CallRecord } from "../call";
import type { Rescue } from "../emergency";
import type { Changes } from "../engine/outcome";
import type { FallbackRecord } from "../fallbacks";
import type { SessionsRecord } from "../sessions";
import type { Reaction } from "../reaction";
import type { Refusal } from "../refusal";
import { type ByColour, sum } from "../traffic/counts";
import type { Blocks } from "../traffic/independence";
import type { ResourceChange } from "./changes";
import type { Sample } from "./samples";

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
  /** Those in blocks; absent where all went to one colour. */
  readonly blocks?: Blocks;
  /**
   * Requests of sessions that a cookie bound to a colour which the rules kept them with, and that the other answered.
   * Absent where no rule was seen to keep anybody, so that nothing could be seen: where both colours have users it should.
   */
  readonly strayed?: number;
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
  /** Seconds from the rehearsal's beginning to the step's. */
  readonly began?: number;
  /** What the engine changed, all updates together; of a preview, what it would have changed. */
  readonly resources?: readonly ResourceChange[];
  /** Of a step in which traffic was taken back while another update held the lock: what it took. */
  readonly rescue?: Rescue;
  /** Of a step that calls the command line: what each call came to. */
  readonly calls?: readonly CallRecord[];
  /** Of a step in which a provider of models failed: what the pods counted. */
  readonly fallbacks?: FallbackRecord;
  /** Of a step after which sessions asked for a flag: who has it. */
  readonly sessions?: SessionsRecord;
  /** Of a step in which something was broken that a colour's users met: how the program reacted. */
  readonly reaction?: Reaction;
  /** In what it fell short of what is promised. */
  readonly broken?: readonly string[];
}

/** Something beside the steps that one must know of to read the measurements. */
export interface RunEvent {
  /** Something was broken on purpose or mended again, the program decided something, or the machine stood still. */
  readonly kind: "fault" | "mended" | "decision" | "standstill";
  /** ISO time. */
  readonly at: string;
  /** The same in seconds from the rehearsal's beginning. */
  readonly seconds: number;
  /** What happened; of a decision also the evidence. */
  readonly text: string;
  /** Whom it is about, where it is one. */
  readonly colour?: Colour;
}

/** What users had to bear of the first fault. */
export interface Exposure {
  /** What was broken. */
  readonly fault: string;
  /** The colour that it was broken in. */
  readonly colour: Colour;
  /** When, in seconds from the rehearsal's beginning. */
  readonly seconds: number;
  /** From then until the rules gave that colour no new users, in seconds; absent where they always did. */
  readonly moved?: number;
  /** Requests that failed from then on until the end. */
  readonly failed: number;
}

/** The step that a rehearsal could not get past. */
export interface Failure {
  /** Its number, from 1. */
  readonly step: number;
  readonly name: string;
  /** Why, as it was told. */
  readonly message: string;
  /** When, in seconds from the rehearsal's beginning. */
  readonly seconds: number;
}

/** What there is to tell of a rehearsal beside its steps. */
export interface Course {
  /** ISO time. */
  readonly began?: string;
  /** How many times faster than the machine's time a release's passed. */
  readonly speed?: number;
  /** Of all that was left to chance, where it can be had again. */
  readonly seed?: number;
  /** The most memory that all processes together took, in MiB. */
  readonly memory?: number;
  /** About one a second, from when there is traffic. */
  readonly samples?: readonly Sample[];
  readonly events?: readonly RunEvent[];
  /** Absent where all steps were taken. */
  readonly failure?: Failure;
}

/** The JSON record of a rehearsal. */
export interface Record1 extends Course {
  readonly schema: 1;
  readonly stack: string;
  /** Name of what was rehearsed. */
  readonly scenario: string;
  readonly engine: { readonly version: string; readonly source: string };
  readonly steps: readonly StepRecord[];
  readonly totals: { readonly seconds: number; readonly requests: number; readonly failed: number };
  /** Absent where nothing was broken on purpose. */
  readonly exposure?: Exposure;
}

/** The record of what was measured. */
export function recordOf(
  stack: string,
  scenario: string,
  engine: Record1["engine"],
  steps: readonly StepRecord[],
  seconds: number,
  course: Course = {},
): Record1 {
  const exposure = exposureOf(steps, course);
  return {
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
    ...course,
    ...(exposure && { exposure }),
  };
}

/** What users had to bear of the first fault; undefined where there was none. */
export function exposureOf(
  steps: readonly StepRecord[],
  { samples = [], events = [] }: Course,
): Exposure | undefined {
  const told = events.flatMap(({ kind, text, seconds, colour }) =>
    kind === "fault" && colour ? [{ text, seconds, colour }] : [],
  );
  // A step that is a fault begins before what it breaks does, if that is told apart.
  const begun = steps.flatMap(({ kind, name, live, began }) =>
    kind === "fault" && began !== undefined
      ? [{ text: name, seconds: began, colour: otherColour(live) }]
      : [],
  );
  const faults = told.length > 0 ? told : begun;
  const first = faults.sort((one, other) => one.seconds - other.seconds)[0];
  if (!first) return undefined;
  const { text: fault, seconds, colour } = first;
  const after = samples.filter((sample) => sample.seconds > seconds);
  const moved = after.find(({ configured }) => configured?.[colour] === 0);
  return {
    fault,
    colour,
    seconds,
    // The rules stayed as they were throughout a sample, so they moved when it began.
    ...(moved && { moved: Math.max(0, Math.round(1000 * (moved.seconds - moved.lasted - seconds)) / 1000) }),
    failed: after.reduce((total, { failed }) => total + sum(failed), 0),
  };
}
