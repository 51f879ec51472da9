import type { Environment } from "./environments";
import { COLOURS, type Colour, type Recorded, type Release, otherColour } from "./release";
import type { Action, Reason } from "./rollout/action";

/**
 * What can happen to a release, in the words of history and notifications. A shift from 0 is its `start`; a retreat is
 * a `rollback`, whoever decided it; `prepare` moves no traffic.
 */
export const EVENT_KINDS = [
  "start",
  "prepare",
  "shift",
  "promote",
  "hold",
  "rollback",
  "level",
  "adopt",
  "done",
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Why, as an action has it. */
export type EventReason = Pick<Reason, "code" | "text" | "awaits" | "until" | "rule">;

/** Something that happened to a release. */
export interface RolloutEvent {
  readonly kind: EventKind;
  /** The stack's name. Absent: it was named by application and environment alone. */
  readonly stack?: string;
  readonly app: string;
  readonly environment: Environment;
  /** The colour that it is about: the candidate, or what became live. */
  readonly colour: Colour;
  /** What that colour runs. Absent: nothing, or nobody could see. */
  readonly version?: string;
  /** The flag that it is about, instead of a colour: then shares are of its sessions. Absent: it is about the release. */
  readonly flag?: string;
  /** That colour's share before and after, in percent. Absent: nobody could see. */
  readonly from?: number;
  readonly to?: number;
  /** Who, by AWS's word where it answered. */
  readonly by: string;
  /** ISO time. */
  readonly at: string;
  /** With their evidence, the decisive first. */
  readonly reasons: readonly EventReason[];
  /** How the command ended. Absent: it goes on, or does not know yet. */
  readonly exit?: number;
  /** How many reasons were left out, where there was no room for all. Default: 0. */
  readonly omitted?: number;
}

/** Where an event happened, and who did it when. */
export type Occasion = Pick<RolloutEvent, "stack" | "app" | "environment" | "by" | "at" | "exit">;

/** What an action does to a release, as an event. @param state what is recorded before it; absent: unknown */
export function eventOf(
  action: Action,
  { release: asked }: { readonly release: Release },
  state: Recorded | undefined,
  occasion: Occasion,
): RolloutEvent {
  const before = state?.release ?? asked;
  const after = "release" in action ? action.release : before;
  const colour = colourOf(action, before, after);
  const version = after[colour].version ?? before[colour].version;
  const to = after.traffic[colour];
  const from = Math.max(...heldAtRules(action, colour), ...(isMoved(action) ? [] : [before.traffic[colour]]));
  return {
    ...occasion,
    kind: kindOf(action, from, to),
    colour,
    ...(version !== undefined && { version }),
    ...(state && { from, to }),
    reasons: action.reasons,
  };
}

const isMoved = (action: Action): boolean => "moves" in action && action.moves.length > 0;

/** The shares that are taken away at the load balancer, where traffic is before configuration and state know. */
const heldAtRules = (action: Action, colour: Colour): number[] =>
  "moves" in action ? action.moves.map(({ rule }) => rule.shares[colour]) : [];

/** What is done is told of the live colour; a retreat of the one that loses traffic; all else of the candidate. */
function colourOf(action: Action, before: Release, after: Release): Colour {
  if (action.kind === "done" || action.kind === "promote") return after.live;
  const loser = COLOURS.find((colour) => after.traffic[colour] < before.traffic[colour]);
  if (action.kind === "retreat" && loser) return loser;
  return otherColour(before.live);
}

function kindOf({ kind }: Action, from: number, to: number): EventKind {
  if (kind === "retreat") return "rollback";
  return kind === "shift" && from === 0 && to > 0 ? "start" : kind;
}

/** A rollback that somebody asked for, as an event. */
export function rollbackEvent(
  {
    to,
    share,
    reason,
    ...seen
  }: {
    /** Where traffic goes. */
    readonly to: Colour;
    /** Of that colour, in percent. */
    readonly share: number;
    readonly reason: string;
    /** What the colour that loses traffic runs. */
    readonly version?: string;
    /** The largest share that it had at a rule, in percent. */
    readonly from?: number;
  },
  occasion: Occasion,
): RolloutEvent {
  return {
    ...occasion,
    kind: "rollback",
    colour: otherColour(to),
    ...seen,
    to: 100 - share,
    reasons: [{ code: "asked", text: reason }],
  };
}
