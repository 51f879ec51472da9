import { hashOf } from "./names";
import type { RolloutEvent } from "./rolloutEvent";
import type { Environment } from "./environments";

/** What was told already: digests of events, each with the ISO time at which it last happened. */
export type Told = Readonly<Record<string, string>>;

/** The SSM parameter that keeps what was told from one tick to the next. */
export const toldParameter = (app: string, environment: Environment): string =>
  `/sluice/${app}/${environment}/notified`;

/** What was told is news again once it has not happened for so long, in milliseconds. */
const QUIET = 3_600_000;

/** While it goes on happening, its time is kept this exact, in milliseconds: every tick would write it otherwise. */
const EXACT = 900_000;

/** Holds that are kept in mind at most; a parameter has 4 KiB. */
const MOST = 50;

/** Whether somebody has to be told of an event, and what was told then. */
export interface Heard {
  readonly isNews: boolean;
  readonly told: Told;
}

/**
 * A schedule meets the same hold every minute, and a step that fails again and again: each is news once, until it has
 * been quiet for an hour or something else was done. That a step bakes is no news: its shift has said so.
 *
 * @param event its `at` counts as now
 */
export function heard(event: RolloutEvent, told: Told): Heard {
  if (isExpected(event)) return { isNews: false, told };
  const digest = digestOf(event);
  const now = Date.parse(event.at);
  const before = Object.entries(told).filter(([, at]) => now - Date.parse(at) < QUIET);
  const last = before.find(([one]) => one === digest)?.[1];
  if (last !== undefined) {
    const isExact = now - Date.parse(last) < EXACT;
    return { isNews: false, told: isExact ? told : { ...Object.fromEntries(before), [digest]: event.at } };
  }
  const kept = event.kind === "hold" ? before.slice(1 - MOST) : [];
  return { isNews: true, told: { ...Object.fromEntries(kept), [digest]: event.at } };
}

/** A hold that time alone ends. */
const isExpected = ({ kind, reasons }: RolloutEvent): boolean =>
  kind === "hold" && reasons.length > 0 && reasons.every(({ awaits }) => awaits === "time");

/** Figures in a reason change with each look, and so do times. */
const digestOf = ({ kind, colour, version, flag, from, to, exit, reasons }: RolloutEvent): string =>
  hashOf([kind, flag ?? [colour, version], from, to, exit, reasons.map(({ code, rule }) => [code, rule])]);

/** What a parameter says was told; nothing where it says something else. */
export function parseTold(text: string): Told {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== "object" || read === null || Array.isArray(read)) return {};
    return Object.fromEntries(
      Object.entries(read).filter(([, at]) => typeof at === "string" && !Number.isNaN(Date.parse(at))),
    );
  } catch {
    return {};
  }
}
