import type { Beside, Flags } from "../flags";
import { secondsBetween } from "../trust";

/** How long a flag that all sessions have is still an experiment, in seconds: two weeks (guide 004, phase 3). */
export const SETTLES_SECONDS = 14 * 86_400;

/** What a transition says of flags before and after it. */
interface Flagged {
  readonly from?: { readonly flags?: Flags } | undefined;
  readonly flags?: Flags;
  readonly now: string;
}

/** Whether a flag is no experiment any more: somebody says so, or all sessions have had it for two weeks. */
export function isSettled({ from, flags, now }: Flagged, name: string): boolean {
  const [before, after] = [from?.flags?.[name], flags?.[name]];
  if (!after || after.settled) return after?.settled === true;
  const since = after.percentage === 100 && before?.percentage === 100 ? before.since : undefined;
  return since !== undefined && secondsBetween(since, now) >= SETTLES_SECONDS;
}

/**
 * Flags as the update leaves them, each with the time since which so many sessions have it.
 *
 * @param untried the version that has traffic then and is not trusted. Absent: there is none
 */
export function flagsAfter({ from, flags, now }: Flagged, untried?: string): Flags | undefined {
  if (!flags) return undefined;
  const entries = Object.entries(flags).map(([name, flag]) => {
    const before = from?.flags?.[name];
    const since = before?.percentage === flag.percentage ? (before.since ?? now) : now;
    const beside = flag.settled ? undefined : besideOf(flag, before, untried);
    return [name, { ...flag, since, ...(beside && { beside }) }] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * A flag that rises while a version is tried belongs to that version's release: which of the two is at fault nobody can
 * tell then. One that had its sessions before the version had any has shown itself without it, and stays on its own way.
 */
function besideOf(
  { percentage }: Flags[string],
  before: Flags[string] | undefined,
  untried: string | undefined,
): Beside | undefined {
  const [had, last] = [before?.percentage ?? 0, before?.beside];
  if (percentage > had && untried !== undefined) {
    return last?.version === untried ? last : { version: untried, was: had };
  }
  return last && percentage > last.was ? last : undefined;
}
