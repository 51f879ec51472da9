import type { Colour } from "../release";
import type { EventKind, Occasion, RolloutEvent } from "../rolloutEvent";
import { type FlagAction, isTakenBack } from "./action";
import type { AlarmFall } from "./retreat";

/** What a decision does to a flag, as an event: a rise from 0 is its start, and one that an alarm takes back a rollback. */
export function flagEvent(action: FlagAction | AlarmFall, live: Colour, occasion: Occasion): RolloutEvent {
  const { flag, from, reasons } = action;
  const to = "to" in action ? action.to : from;
  return { ...occasion, kind: kindOf(action), colour: live, flag, from, to, reasons };
}

function kindOf(action: FlagAction | AlarmFall): EventKind {
  switch (action.kind) {
    case "raise":
      return action.from === 0 ? "start" : "shift";
    case "lower":
      return isTakenBack(action) ? "rollback" : "shift";
    default:
      return action.kind;
  }
}
