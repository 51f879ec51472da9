import type { Flags } from "../flags";
import type { Plan } from "../rollout/plan";
import type { WatchedAlarm } from "./alarms";

/** A number that a flag carries to the application, its range inclusive at both ends. */
export interface FlagRange {
  readonly least: number;
  readonly most: number;
  /** What the application takes where the flag does not say. */
  readonly usual: number;
}

/** The settings that a flag may carry, by their name in its parameter; ranges and usual values are those of guide 004. */
export const FLAG_SETTINGS = {
  /** Minimum stability score of a partial result that is forwarded. */
  min_stability_threshold: { least: 0.7, most: 0.95, usual: 0.85 },
  /** Maximum time that results are buffered before they are forwarded, in seconds. */
  max_buffer_timeout: { least: 2, most: 10, usual: 5 },
} as const satisfies Readonly<Record<string, FlagRange>>;

export type FlagSetting = keyof typeof FLAG_SETTINGS;

/** The names of {@link FLAG_SETTINGS}. */
export const FLAG_SETTING_NAMES = Object.keys(FLAG_SETTINGS) as FlagSetting[];

/** What a flag's parameter says. */
export interface FlagValue {
  /** Whether any session has it: the kill switch. */
  readonly enabled: boolean;
  /** Of the sessions that have it where it is enabled, in percent, 0–100. */
  readonly percentage: number;
  /** What is absent the parameter does not name. */
  readonly settings: Readonly<Partial<Record<FlagSetting, number>>>;
}

/** The function that processes audio, by the name that guide 004 gives it. */
export const AUDIO_PROCESSOR = "audio-processor";

/** A percentage flag, as configuration declares it. */
export interface Flag extends FlagValue {
  /** Whether somebody says that it is no experiment any more, which only a flag that all sessions have can be. */
  readonly settled: boolean;
  /** The stops on its way up, their shares in percent of sessions. */
  readonly plan: Plan;
  /** What its way up waits for, and what takes it back. Empty: no alarm does. */
  readonly alarms: readonly WatchedAlarm[];
  /** The function that the flag's own alarms, dashboard and queries are about. Default: {@link AUDIO_PROCESSOR}. */
  readonly lambda?: string;
  /** Whether nobody has said which alarms, or that there are none: then no plan gives it to more sessions. */
  readonly isUnwatched?: boolean;
}

/** Of the sessions that have it, in percent. */
export const exposureOf = ({ enabled, percentage }: Pick<FlagValue, "enabled" | "percentage">): number =>
  enabled ? percentage : 0;

/** What a release must know of the flags that configuration declares; undefined where there are none. */
export function exposures(flags: Readonly<Record<string, Flag>>): Flags | undefined {
  const entries = Object.entries(flags).map(
    ([name, flag]) => [name, { percentage: exposureOf(flag), settled: flag.settled }] as const,
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Whether configuration has the flags that the state has, and gives none of them to more sessions. */
export const onlyFall = (asked: Flags = {}, recorded: Flags = {}): boolean =>
  Object.keys({ ...asked, ...recorded }).every((name) => {
    const [after, before] = [asked[name], recorded[name]];
    return after !== undefined && before !== undefined && after.percentage <= before.percentage;
  });

/** Whether two sets have the same flags with the same percentages; none and absent are the same. */
export const sameExposures = (one: Flags = {}, other: Flags = {}): boolean =>
  Object.keys({ ...one, ...other }).every((name) => one[name]?.percentage === other[name]?.percentage);
