import type { Environment } from "../environments";
import type { Flags } from "../flags";
import { isRecord } from "../schema/faults";
import type { WatchedAlarm } from "./alarms";
import type { Flag } from "./flag";
import type { WatchedFlag } from "./retreat";
import { isSettled } from "./settled";

/** What a watcher must know of a flag, for it has neither configuration nor state. */
export interface FlagPublished {
  /** Of the sessions that have it by the last update, in percent. */
  readonly percentage: number;
  /** ISO time since which they do. Absent: not recorded yet. */
  readonly since?: string;
  /** The shares of its plan's steps, in percent. */
  readonly stops: readonly number[];
  readonly alarms: readonly WatchedAlarm[];
}

/** By name. */
export type FlagsPublished = Readonly<Record<string, FlagPublished>>;

/** The SSM parameter in which a stack says, outside the engine, what takes its flags back. */
export const flagsParameter = (app: string, environment: Environment): string =>
  `/sluice/${app}/${environment}/flags`;

/** The flags that alarms may take back. @param recorded as the update leaves them */
export const publishedFlags = (
  flags: Readonly<Record<string, Pick<Flag, "alarms" | "plan" | "settled">>>,
  recorded: Flags = {},
): FlagsPublished =>
  Object.fromEntries(
    Object.entries(flags).flatMap(([name, { alarms, plan, settled }]): [string, FlagPublished][] => {
      if (settled || alarms.length === 0) return [];
      const { percentage = 0, since } = recorded[name] ?? {};
      const stops = plan.steps.map(({ share }) => share);
      return [[name, { percentage, ...(since !== undefined && { since }), stops, alarms }]];
    }),
  );

/** For the parameter; the inverse of {@link parsePublished}. */
export const formatPublished = (flags: FlagsPublished): string => JSON.stringify(flags);

/** @throws Error where a part is missing or of another kind: what nobody can read is not as good as no flags */
export function parsePublished(text: string): FlagsPublished {
  let flags: unknown;
  try {
    flags = JSON.parse(text);
  } catch {
    flags = undefined;
  }
  if (isRecord(flags) && Object.values(flags).every(isPublished)) return flags as FlagsPublished;
  throw new Error(`what the stack publishes of its flags lacks a part: found ${text}`);
}

const isPublished = (flag: unknown): boolean =>
  isRecord(flag) &&
  typeof flag["percentage"] === "number" &&
  Array.isArray(flag["stops"]) &&
  Array.isArray(flag["alarms"]) &&
  flag["alarms"].every((one) => isRecord(one) && typeof one["name"] === "string");

/** A flag as whoever has nothing but credentials sees it: configuration asks for what the last update has recorded. */
export function watchedFlag(
  name: string,
  { percentage, since, stops, alarms: watchedBy }: FlagPublished,
  seen: Pick<WatchedFlag, "live" | "alarms" | "now">,
): WatchedFlag {
  const flags = { [name]: { percentage, settled: false, ...(since !== undefined && { since }) } };
  return {
    ...{ name, watchedBy, stops, since, configured: percentage, recorded: percentage, ...seen },
    isSettled: isSettled({ from: { flags }, flags, now: seen.now }, name),
  };
}
