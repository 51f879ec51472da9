/** Days of a week, as people write them. */
export const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type Day = (typeof DAYS)[number];

/** A time in which nothing is released: once, or every week. Going back is always possible. */
export type Freeze = Dated | Weekly;

/** From one moment to another. */
export interface Dated {
  readonly reason: string;
  /** ISO times, with an offset or Z; `until` is the first moment after it. */
  readonly from: string;
  readonly until: string;
}

/** The same hours of some days of every week. */
export interface Weekly {
  readonly reason: string;
  readonly days: readonly Day[];
  /** Times of day, `00:00` to `24:00`, in `zone`; `until` is the first minute after it and later than `from`. */
  readonly from: string;
  readonly until: string;
  /** IANA time zone. Default: `UTC`. */
  readonly zone?: string;
}

/** The freezes of one moment. */
export interface Frozen {
  /** Why, in the order of the list. */
  readonly reasons: readonly string[];
  /** ISO time of the first moment outside all freezes. Absent: there is none within a year. */
  readonly until?: string;
}

const DAY = 86_400_000;
const MINUTE = 60_000;

/** Zones change their offset by the rules of a year, so what has not ended after one does not end. */
const YEAR = 366 * DAY;

/**
 * What freezes a moment, and until when: freezes that touch or overlap are one.
 *
 * @param at ISO time
 * @returns undefined where nothing does
 */
export function frozen(freezes: readonly Freeze[], at: string): Frozen | undefined {
  const start = Date.parse(at);
  const reasons = freezes.filter((freeze) => covers(freeze, start)).map(({ reason }) => reason);
  if (reasons.length === 0) return undefined;
  const last = Math.max(start, ...freezes.map((freeze) => (isWeekly(freeze) ? start : end(freeze))));
  let until = start;
  for (;;) {
    const ends = freezes.filter((freeze) => covers(freeze, until)).map((freeze) => endOf(freeze, until));
    if (ends.length === 0) return { reasons: [...new Set(reasons)], until: new Date(until).toISOString() };
    until = Math.max(...ends);
    if (until > last + YEAR) return { reasons: [...new Set(reasons)] };
  }
}

const isWeekly = (freeze: Freeze): freeze is Weekly => "days" in freeze;

const end = ({ until }: Dated): number => Date.parse(until);

/** Whether a moment is inside. */
function covers(freeze: Freeze, moment: number): boolean {
  if (!isWeekly(freeze)) return Date.parse(freeze.from) <= moment && moment < end(freeze);
  const local = moment + offsetAt(freeze.zone, moment);
  const minute = Math.floor((local % DAY) / MINUTE);
  // The week begins with Monday here, and with Sunday there.
  const day = DAYS[(new Date(local).getUTCDay() + 6) % 7];
  return (
    freeze.days.some((name) => name === day) &&
    minutes(freeze.from) <= minute &&
    minute < minutes(freeze.until)
  );
}

/** The first moment after one that is inside at which this freeze does not cover it any more. */
function endOf(freeze: Freeze, inside: number): number {
  if (!isWeekly(freeze)) return end(freeze);
  const offset = offsetAt(freeze.zone, inside);
  const local = inside + offset;
  const ending = inside - (local % DAY) + minutes(freeze.until) * MINUTE;
  if (offsetAt(freeze.zone, ending) === offset) return ending;
  // The clocks are changed in between, which may end it early or prolong it.
  const changed = change(freeze.zone, inside, ending);
  return covers(freeze, changed) ? endOf(freeze, changed) : changed;
}

/** When the offset changes between two moments at which it differs, to the millisecond. */
function change(zone: string | undefined, before: number, after: number): number {
  const offset = offsetAt(zone, before);
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle) === offset) low = middle;
    else high = middle;
  }
  return high;
}

/** Minutes since midnight of a time of day. */
const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** Making one takes far longer than asking it. */
const clocks = new Map<string, Intl.DateTimeFormat>();

const clockOf = (zone: string): Intl.DateTimeFormat => {
  const known = clocks.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone: zone, calendar: "gregory", numberingSystem: "latn", hourCycle: "h23" },
    ...({ year: "numeric", month: "numeric", day: "numeric" } as const),
    ...({ hour: "numeric", minute: "numeric", second: "numeric" } as const),
  });
  clocks.set(zone, made);
  return made;
};

/** What a zone's clocks show more than UTC's, in milliseconds. */
function offsetAt(zone: string | undefined, moment: number): number {
  if (zone === undefined) return 0;
  const parts = clockOf(zone).formatToParts(moment);
  const part = (name: Intl.DateTimeFormatPartTypes) => Number(parts.find(({ type }) => type === name)?.value);
  const shown = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return shown - Math.floor(moment / 1000) * 1000;
}
