import type { Colour, Release } from "../release";
import type { Move } from "../rollback";
import type { Violation } from "../rule";
import type { Gate } from "./gate";

/** Why something is decided, or what stands against a rise. */
export const CODES = [
  "asked",
  "bake",
  "behind",
  "capacity",
  "clock",
  "deploy",
  "drift",
  "failing",
  "fence",
  "finished",
  "gate",
  "inconclusive",
  "lock",
  "no-target",
  "passed",
  "remark",
  "rule",
  "stopped",
  "targets",
  "uneven",
  "unobserved",
  "validation",
  "weightless",
] as const;
export type Code = (typeof CODES)[number];

/**
 * What ends it: the passing of time, more requests, pods that become ready, an answer of a gate or of validation,
 * the end of somebody's update, a look that succeeds, or a person's deed. A loop need not wait for the last.
 */
export type Awaited = "time" | "metrics" | "targets" | "answer" | "update" | "look" | "person";

/** One reason, for machines and for people. */
export interface Reason {
  readonly code: Code;
  /** A sentence without a full stop; a rule's message has its own. */
  readonly text: string;
  /** Of what stands against a rise only. */
  readonly awaits?: Awaited;
  /** ISO time before which it does not end; absent where nobody can say. */
  readonly until?: string;
  /** The rule's id, of what a rule refuses. */
  readonly rule?: string;
}

/** What configuration is to say instead; what is not named stays as it is. */
export type Edit = Partial<Pick<Release, "live" | "traffic" | "capacity">>;

/** Nothing is changed. */
export interface Hold {
  readonly kind: "hold";
  /** Everything that stands against going on, the decisive first. */
  readonly reasons: readonly Reason[];
  /** What has to be asked next: everything else is as it should be. Empty where asking would help nothing yet. */
  readonly asks: readonly Ask[];
}

/** The requests by the preview header, or one of the step's gates. */
export type Ask = "validation" | Gate;

/** An update after an edit of configuration: `prepare` moves no traffic, `shift` does, `promote` changes `live`. */
export interface Change {
  readonly kind: "prepare" | "shift" | "promote";
  readonly edit: Edit;
  /** What configuration asks for then; every rule permits it now. */
  readonly release: Release;
  readonly reasons: readonly Reason[];
}

/**
 * Traffic is taken from a version: `retreat` takes it back, `level` ends an update that was broken off, `adopt` follows
 * somebody who has lowered it at the load balancer.
 */
export interface Lowering {
  readonly kind: "retreat" | "level" | "adopt";
  /** The version to fence before traffic moves; absent where there is none to be fenced. */
  readonly fence?: string;
  /** Rules to be changed at the load balancer before anything else; empty where the update does it. */
  readonly moves: readonly Move[];
  /** Empty where configuration stays as it is; then no update follows. */
  readonly edit: Edit;
  /** What configuration asks for then. */
  readonly release: Release;
  /** Why the update is left to somebody, although traffic and configuration are not; empty where it is not. */
  readonly refused: readonly Violation[];
  readonly reasons: readonly Reason[];
}

/** Nothing is left to be done. */
export interface Done {
  readonly kind: "done";
  readonly reasons: readonly Reason[];
}

/** What is to be done next. */
export type Action = Hold | Change | Lowering | Done;

/** Something that stands against going on. */
export interface Obstacle extends Reason {
  readonly awaits: Awaited;
}

export const hold = (reasons: readonly Obstacle[], asks: readonly Ask[] = []): Hold => ({
  kind: "hold",
  reasons,
  asks,
});

/** The earliest ISO time at which everything that only time ends has ended; undefined where nothing waits for it. */
export function earliest({ reasons }: Pick<Hold, "reasons">): string | undefined {
  const times = reasons.flatMap(({ until }) => until ?? []).map((until) => Date.parse(until));
  return times.length === 0 ? undefined : new Date(Math.max(...times)).toISOString();
}

/** `green 2.4.0`. */
export const named = (release: Release, colour: Colour): string =>
  [colour, release[colour].version].filter(Boolean).join(" ");
