import { plainLine } from "./masked";
import { parseMessage } from "./message";
import type { Recorded } from "./release";
import type { RolloutEvent } from "./rolloutEvent";
import { type Configured, type Stand, changesBetween, standIn, standOf } from "./stand";

/** An update as `pulumi stack history --json` has it; what is not needed here is left out. */
export interface Update {
  /** Counts up in Pulumi's service; 0 in folders and buckets. */
  readonly version?: number;
  readonly kind: string;
  /** ISO time. */
  readonly startTime: string;
  /** ISO time; absent while it goes on. */
  readonly endTime?: string;
  readonly message: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly config?: Readonly<Record<string, Configured>>;
  readonly result?: string;
  readonly resourceChanges?: Readonly<Record<string, number>>;
}

/** One update, read. */
export interface Entry {
  readonly kind: string;
  /** `running`: it has not ended yet, or nobody recorded its end. */
  readonly result: "succeeded" | "failed" | "running";
  /** ISO times; the end is absent while it goes on. */
  readonly at: string;
  readonly ended?: string;
  /** Its message as it was given. */
  readonly message: string;
  /** Absent: nobody made it through `sluice`. */
  readonly event?: RolloutEvent;
  /** Who, as the message says. Absent: it does not. */
  readonly by?: string;
  /** What it was made from, a commit or a run of CI. Absent: the engine was not told. */
  readonly origin?: string;
  /** What configuration asked for before, in the last update that succeeded, and in this one. */
  readonly from?: Stand;
  readonly to?: Stand;
  /** How many resources it changed, by what was done to them. */
  readonly changes: Readonly<Record<string, number>>;
  /** Why an update between the one before and this one must be missing. Absent: nothing says so. */
  readonly gap?: string;
}

/** Updates, the newest first; and why one after the newest must be missing, where something says so. */
export interface History {
  readonly entries: readonly Entry[];
  readonly gap?: string;
}

/**
 * What happened to a stack.
 *
 * @param updates the newest first, as the engine has them
 * @param recorded what the state has now. Absent: nothing, or nobody could see
 */
export function historyOf(updates: readonly Update[], recorded?: Recorded): History {
  const entries: Entry[] = [];
  // Where the release can be: what the last success asked for, or a failure since. Empty where nobody knows.
  let possible: readonly Stand[] = [];
  let before: Update | undefined;
  for (const update of updates.toReversed()) {
    const entry = entryOf(update, possible[0]);
    const gap = skipped(before, update) ?? unlike(possible, entry.event);
    entries.unshift({ ...entry, ...(gap !== undefined && { gap }) });
    possible = after(entry, possible);
    before = update;
  }
  const gap = recorded && outrun(possible, recorded);
  return { entries, ...(gap !== undefined && { gap }) };
}

function after({ kind, result, to }: Entry, possible: readonly Stand[]): readonly Stand[] {
  if (kind === "destroy") return [];
  if (kind !== "update" || !to) return possible;
  if (result === "succeeded") return [to];
  // What came before the oldest entry is not known, so neither is what its failure left.
  return possible.length === 0 ? [] : [...possible, to];
}

function entryOf(update: Update, from: Stand | undefined): Entry {
  const { kind, startTime, endTime, message, result, resourceChanges: changes = {} } = update;
  const event = parseMessage(message);
  const origin = originIn(update.environment ?? {});
  const to = standIn(update.config?.["sluice:release"] ?? {});
  return {
    kind,
    result: result === "succeeded" || result === "failed" ? result : "running",
    at: startTime,
    ...(endTime !== undefined && { ended: endTime }),
    message,
    ...(event && { event }),
    ...(event && { by: event.by }),
    ...(origin !== undefined && { origin }),
    ...(from && { from }),
    ...(to && { to }),
    changes,
  };
}

/** What the engine was told by the folder and the machine; who really called it is nowhere in a folder or bucket. */
function originIn(environment: Readonly<Record<string, string>>): string | undefined {
  const { "git.author": author, "git.head": head, "ci.system": system, "ci.build.url": url } = environment;
  const build = url ?? environment["ci.build.number"] ?? environment["ci.build.id"];
  const parts = [
    ...(system === undefined ? [] : [[system, build].filter(Boolean).join(" ")]),
    ...(head === undefined
      ? []
      : [`commit ${head.slice(0, 9)}${author === undefined ? "" : ` by ${author}`}`]),
  ];
  return parts.length === 0 ? undefined : plainLine(parts.join(", "), 200);
}

/** Pulumi's service numbers updates. */
function skipped({ version: before = 0 }: Partial<Update> = {}, { version = 0 }: Update): string | undefined {
  if (before === 0 || version <= before + 1) return undefined;
  return `updates ${before + 1} to ${version - 1} are missing`;
}

/** What says that it began with a share which no update that is known has asked for. */
function unlike(possible: readonly Stand[], event: RolloutEvent | undefined): string | undefined {
  if (!event || event.flag !== undefined || event.from === undefined || possible.length === 0)
    return undefined;
  // A retreat and an adoption begin where the load balancer is, which somebody may have changed by hand.
  if (!["start", "shift", "prepare", "promote"].includes(event.kind)) return undefined;
  const { colour, from } = event;
  const known = [...new Set(possible.map(({ traffic }) => traffic[colour]))];
  if (known.includes(from)) return undefined;
  return `${colour} had ${known.join(" % or ")} % before, and ${from} % when the next began`;
}

/** What says that the state was changed after the newest update that is known. */
function outrun(possible: readonly Stand[], { release }: Recorded): string | undefined {
  const now = standOf(release);
  const [changes = [], ...others] = possible.map((stand) => changesBetween(stand, now));
  if ([changes, ...others].some(({ length }) => length === 0)) return undefined;
  return `the state has what no update here asked for: ${changes.join(", ")}`;
}
