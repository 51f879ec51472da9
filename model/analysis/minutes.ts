import type { Colour } from "../release";
import type { Look, Observation } from "./observation";
import { SLOW_SECONDS } from "./thresholds";

/** How long a minute is, in milliseconds. */
const MINUTE = 60_000;

/** What a load balancer measured of a target group in one minute of the clock. */
export interface Minute {
  /** ISO time at which it ended. */
  readonly at: string;
  /** Requests that were sent to a target. 0: only answers to earlier ones came. */
  readonly requests: number;
  /** Answers by 5xx, and connections that a target did not take. */
  readonly errors: number;
  /** Answers that took longer than `SLOW_SECONDS`. */
  readonly slow: number;
  /** Requests of which it is known how they ended: answered, by whatever status, or not taken by a target. */
  readonly ended: number;
}

/** Time from one full minute to a later one, as ISO times. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/**
 * For so many seconds after its end a minute may be published in part: its requests without their answers, or without
 * those by 5xx. The first look as if nobody had answered, and the second as if all were well.
 */
export const SETTLING_SECONDS = 120;

/** The minutes that lie in a time as a whole, and are published as a whole by its end; undefined where none is. */
export const settledMinutes = ({ from, to }: Span): Span | undefined =>
  wholeMinutes({ from, to: isoOf(timeOf(to) - 1_000 * SETTLING_SECONDS) });

/**
 * The minutes that lie in a time as a whole: metrics are of minutes, and a part of one is not to be had.
 *
 * @returns undefined where there is none
 * @throws RangeError where a time is none
 */
export function wholeMinutes({ from, to }: Span): Span | undefined {
  const start = Math.ceil(timeOf(from) / MINUTE) * MINUTE;
  const end = Math.floor(timeOf(to) / MINUTE) * MINUTE;
  return start < end ? { from: isoOf(start), to: isoOf(end) } : undefined;
}

/**
 * What a colour of a service did from a moment on, minute by minute, as analysis judges it.
 *
 * - Nothing is counted twice: of two readings of a minute the later in the list holds, for data may come late.
 * - A minute without requests has no look. A time without requests is a gap, and its end a datum that grows stale.
 * - Errors and slow answers are counted with the requests that they belong to at the latest: a minute cannot have
 *   more of them than requests, so what is over, such as an answer to a request of the minute before, waits.
 * - Requests that nobody answered are errors. A load balancer counts neither those of a target that broke off nor
 *   those of one that kept silent by target group, so they are what remains: see {@link Unanswered}.
 *
 * @param from ISO time; what was before does not count. The totals begin with 0 at the first full minute.
 * @param minutes in any order
 * @throws RangeError where a time is none
 */
export function observationOf(
  service: string,
  colour: Colour,
  from: string,
  minutes: readonly Minute[],
): Observation {
  const start = Math.ceil(timeOf(from) / MINUTE) * MINUTE;
  const looks: [Look & Totals, ...(Look & Totals)[]] = [
    { at: isoOf(start), requests: 0, errors: 0, slow: 0 },
  ];
  const totals = { requests: 0, errors: 0, slow: 0 };
  const unanswered = new Unanswered();
  for (const minute of ascending(minutes, start)) {
    totals.requests += minute.requests;
    totals.errors += minute.errors;
    totals.slow += minute.slow;
    const lost = unanswered.after(minute);
    if (minute.requests === 0) continue;
    const last = looks.at(-1) ?? looks[0];
    const most = totals.requests - last.requests;
    looks.push({
      at: minute.at,
      requests: totals.requests,
      errors: last.errors + Math.min(most, totals.errors + lost - last.errors),
      slow: last.slow + Math.min(most, totals.slow - last.slow),
    });
  }
  return { service, colour, looks };
}

interface Totals {
  readonly requests: number;
  readonly errors: number;
  readonly slow: number;
}

/**
 * How many requests were never answered, by what was sent and what ended.
 *
 * What has not ended when a minute does may still be answered. So as many as arrive within `SLOW_SECONDS` may be under
 * way, and more are lost only when they are missing a minute later as well: a burst at the end of a minute is not.
 * Clients that leave before they are answered, and WebSockets if the load balancer measures no response time of them,
 * look the same; they do in both colours.
 */
class Unanswered {
  #open = 0;
  #missing = 0;
  #lost = 0;

  /** @returns those lost so far, which never become fewer */
  after({ requests, ended }: Minute): number {
    const before = this.#missing;
    this.#open += requests - ended;
    this.#missing = this.#open - (requests * 1_000 * SLOW_SECONDS) / MINUTE;
    this.#lost = Math.max(this.#lost, Math.floor(Math.min(before, this.#missing)));
    return this.#lost;
  }
}

/** The minutes that began at `start` or later, each once. */
function ascending(minutes: readonly Minute[], start: number): Minute[] {
  const byEnd = new Map(minutes.map((minute) => [timeOf(minute.at), minute]));
  return [...byEnd]
    .filter(([end]) => end >= start + MINUTE)
    .sort(([a], [b]) => a - b)
    .map(([, minute]) => minute);
}

const isoOf = (time: number): string => new Date(time).toISOString();

function timeOf(iso: string): number {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) throw new RangeError(`"${iso}" is no time; an ISO time is, such as ${isoOf(0)}`);
  return time;
}
