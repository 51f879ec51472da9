import type { Reason } from "../rollout/action";
import type { Seen } from "../rollout/seen";
import { type AlarmsSeen, type WatchedAlarm, alarmed } from "./alarms";
import { exposureOf } from "./flag";
import { isSettled } from "./settled";
import type { FlagSeen, FlagSituation } from "./situation";
import { stopBefore } from "./steps";

/** All that is needed to see that a flag must fall now. Percentages are of the sessions that have it. */
export interface WatchedFlag {
  readonly name: string;
  readonly watchedBy: readonly WatchedAlarm[];
  /** Shares of its plan's steps. */
  readonly stops: readonly number[];
  readonly configured: number;
  readonly recorded: number;
  /** ISO time of the update since which it is so recorded. Absent: nobody knows. */
  readonly since?: string | undefined;
  /** What is no experiment any more is watched as everything else is. */
  readonly isSettled: boolean;
  /** Undefined where SSM has no such parameter. */
  readonly live: Seen<FlagSeen | undefined>;
  readonly alarms: Seen<AlarmsSeen>;
  /** ISO time. */
  readonly now: string;
}

/** A flag that alarms take back. */
export interface AlarmFall {
  readonly kind: "lower";
  readonly flag: string;
  /** Of the sessions that have it before and after, in percent. */
  readonly from: number;
  readonly to: number;
  /** Whether it is turned off. Else it keeps the stop before. */
  readonly isOff: boolean;
  readonly reasons: readonly Reason[];
}

/** To the stop before, or off; undefined where no alarm asks for it, or nobody has the flag. */
export function retreat(watched: WatchedFlag): AlarmFall | undefined {
  const { name: flag, watchedBy, stops, configured, recorded, live, alarms, now } = watched;
  const held = "value" in live ? live.value : undefined;
  const from = held ? exposureOf(held.value) : recorded;
  if (from === 0 || watched.isSettled || !("value" in alarms)) return undefined;
  const found = alarmed(watchedBy, alarms.value, { since: latest(watched.since, held?.at), now });
  if (found.length === 0) return undefined;
  const reasons = found.map(({ text }): Reason => ({ code: "failing", text }));
  // What is disabled no plan enables: that takes a person.
  const isOff = found.some((one) => one.retreat === "off");
  // What was given by hand past what was agreed to is nowhere on the way.
  const agreed = Math.min(from, Math.max(recorded, configured));
  const to = isOff ? 0 : Math.min(stopBefore(stops, agreed), configured);
  return { kind: "lower", flag, from, to, isOff, reasons };
}

const latest = (...times: (string | undefined)[]): string | undefined =>
  times.flatMap((time) => time ?? []).sort((one, other) => Date.parse(other) - Date.parse(one))[0];

/** The part of a situation that can be watched without an engine. */
export function watchedIn(scene: FlagSituation): WatchedFlag {
  const { name, flag, state, asked, live, alarms, now } = scene;
  const before = state.flags?.[name];
  return {
    ...{ name, live, alarms, now, watchedBy: flag.alarms, stops: flag.plan.steps.map(({ share }) => share) },
    ...{ configured: exposureOf(flag), recorded: before?.percentage ?? 0, since: before?.since },
    isSettled: isSettled({ from: state, ...(asked.flags && { flags: asked.flags }), now }, name),
  };
}
