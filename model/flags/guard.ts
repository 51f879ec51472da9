import type { Seen } from "../rollout/seen";
import { set } from "../schema/faults";
import { type FlagValue, exposureOf } from "./flag";

/** A write to a flag's parameter that an update is about to make. */
export interface FlagWrite {
  readonly flag: string;
  /** Of the sessions that have it once it is written, in percent. */
  readonly after: number;
  /** Likewise, as the last update has recorded it. Absent: no update has written it. */
  readonly recorded?: number | undefined;
  /** What the parameter says in this moment; undefined where there is none. */
  readonly live: Seen<FlagValue | undefined>;
}

/** Why a write is refused; `unseen`: nobody could look, so that a preview leaves it to the update. */
export interface FlagRefusal {
  readonly kind: "drift" | "unseen";
  readonly why: string;
}

/**
 * Whether an update may write a flag. A kill switch acts on the parameter alone, and configuration may be older than
 * it: so nothing that somebody has lowered is raised again before that was taken into configuration.
 */
export function refuseWrite({ flag, after, recorded, live }: FlagWrite): FlagRefusal | undefined {
  if (after === 0) return undefined;
  if (!("value" in live)) {
    // What falls may be lower already, but not by more than by what this takes away.
    if (after < (recorded ?? 0)) return undefined;
    return {
      kind: "unseen",
      why: `${flag} would have ${after} % of the sessions, and what it has now could not be seen: ${live.unseen}`,
    };
  }
  if (live.value === undefined) return undefined;
  const has = exposureOf(live.value);
  if (after <= has || has === recorded) return undefined;
  const said = recorded === undefined ? "no update has written it" : `the last update left ${recorded} %`;
  const what = `${flag} would rise to ${after} % of the sessions. It has ${has} %, and ${said}: somebody has set it since`;
  return {
    kind: "drift",
    why: `${what}. Take that into configuration first: ${adopt(flag, live.value)} && pulumi up`,
  };
}

/** The command that makes configuration say what the parameter says. */
const adopt = (flag: string, { enabled, percentage }: FlagValue): string =>
  enabled ? set(["flags", flag, "rollout_percentage"], percentage) : set(["flags", flag, "enabled"], false);
