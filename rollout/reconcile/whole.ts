import type { Change, Lowering } from "../../model/rollout/action";
import { besideTraffic } from "../rollback/followed";
import type { Observed } from "./observe";

type Updating = Change | Lowering;

/** Whether an action's update is of the whole stack; else it is of rules, transition and flags alone. */
export const isWhole = (action: Updating, observed: Observed): boolean =>
  action.kind === "prepare" || !isTrafficAlone(action, observed);

/** Workers and singletons follow the live colour. */
const isTrafficAlone = (action: Updating, observed: Observed): boolean =>
  recordedOf(observed)?.release.live === action.release.live && isRecordable(action, observed);

/** Whether rules and transition may be updated alone: what is not deployed must not be recorded. */
export function isRecordable({ release }: Updating, observed: Observed): boolean {
  const recorded = recordedOf(observed);
  return recorded !== undefined && besideTraffic({ ...observed.settings, release }, recorded).length === 0;
}

/** Nothing is decided without it. */
const recordedOf = ({ state }: Observed) => ("value" in state ? state.value.recorded : undefined);
