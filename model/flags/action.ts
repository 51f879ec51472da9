import type { Obstacle, Reason } from "../rollout/action";
import type { Gate } from "../rollout/gate";
import type { FlagValue } from "./flag";

/** What configuration is to say of a flag instead; what is absent stays as it is. */
export interface FlagEdit {
  readonly enabled?: false;
  /** In percent of sessions. */
  readonly percentage?: number;
  /** Why its plan goes no further before somebody has looked. */
  readonly hold?: string;
}

interface OfFlag {
  /** Its name. */
  readonly flag: string;
  /** Of the sessions that have it, in percent: what SSM says, or the state where SSM could not be seen. */
  readonly from: number;
}

/** Nothing is changed. */
export interface FlagHold extends OfFlag {
  readonly kind: "hold";
  /** Everything that stands against more sessions, the decisive first. */
  readonly reasons: readonly Obstacle[];
  /** Gates that have to be asked next: everything else is as it should be. */
  readonly asks: readonly Gate[];
}

/** More sessions get it, by an update after an edit of configuration. */
export interface FlagRaise extends OfFlag {
  readonly kind: "raise";
  readonly to: number;
  readonly edit: FlagEdit;
  /** Whether configuration asks for it already; else its plan does. */
  readonly isAsked: boolean;
  readonly reasons: readonly Reason[];
}

/**
 * Fewer sessions keep it: `lower` because an alarm went off or configuration asks for it, `adopt` because somebody has
 * lowered it in SSM.
 */
export interface FlagFall extends OfFlag {
  readonly kind: "lower" | "adopt";
  readonly to: number;
  /** What SSM is to say before anything else. Absent: it says so already, or the update does it. */
  readonly value?: FlagValue;
  /** Empty where configuration says so already. */
  readonly edit: FlagEdit;
  readonly reasons: readonly Reason[];
}

/** Nothing is left to be done. */
export interface FlagDone extends OfFlag {
  readonly kind: "done";
  readonly reasons: readonly Reason[];
}

/** What is to be done about a flag next. */
export type FlagAction = FlagHold | FlagRaise | FlagFall | FlagDone;

export const isFall = (action: FlagAction): action is FlagFall =>
  action.kind === "lower" || action.kind === "adopt";

/** Whether a flag loses sessions because something turned bad, and not because somebody asks for it. */
export const isTakenBack = (action: Pick<FlagAction, "kind" | "reasons">): boolean =>
  action.kind === "lower" && action.reasons.some(({ code }) => code !== "asked");
