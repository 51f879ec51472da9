import type { Colour } from "../release";
import type { Look, Observation } from "./observation";
import type { Ago } from "./queries";

/** Where the times end of which requests are counted, in seconds before now: the windows of limits, and then wider. */
export const EDGES = [0, 300, 900, 3_600, 21_600, 86_400] as const;
/** A shorter time has too few scrapes to count by, in seconds. */
const LEAST = 60;

/**
 * The times of which an application's requests are counted, oldest first, each from where the one before it ends.
 * Little traffic thus lengthens the window that a limit is judged by, as it does with the load balancer's minutes.
 *
 * @param age for how long all that was counted is about this version, in seconds
 */
export function agesOf(age: number): Ago[] {
  const edges = [
    ...EDGES.filter((edge) => edge < age),
    Math.min(Math.floor(age), EDGES[EDGES.length - 1] ?? 0),
  ];
  const all = edges.slice(1).map((from, index) => ({ from, to: edges[index] ?? 0 }));
  return all.filter(({ from, to }) => from - to >= LEAST).reverse();
}

/** What an application counted in a time. Undefined: no series of that kind was there. */
export interface Counted {
  readonly requests?: number | undefined;
  readonly errors?: number | undefined;
  /** Requests whose time to answer was measured, and of these those within `SLOW_SECONDS`. */
  readonly measured?: number | undefined;
  readonly quick?: number | undefined;
  /** Those within the service's p95 objective. Undefined: no bucket is there. */
  readonly prompt?: number | undefined;
}

/** What was counted of a colour of a service. */
export interface Application {
  readonly service: string;
  readonly colour: Colour;
  /** Oldest first. */
  readonly counted: readonly (Counted & { readonly ago: Ago })[];
  /** ISO time up to which series are known, the same for both colours of a service. Absent: none is there now. */
  readonly latest?: string | undefined;
}

/**
 * What an application counted, as analysis judges it.
 *
 * - No series of requests in the newest time is nothing seen; in an older one it is a time before the first pod.
 * - No series of errors, where there are requests, is no error: a counter by code begins with the first answer of it.
 * - No bucket at `SLOW_SECONDS` where answers were measured is not known, and not none.
 * - Counts are of scrapes and therefore not whole, so of one kind there may be a little more than of requests.
 */
export function observedBy({ service, colour, counted, latest }: Application): Observation {
  const whole = counted.filter(({ requests }) => requests !== undefined);
  const newest = whole.at(-1);
  if (latest === undefined || !newest || newest.ago.to !== 0) {
    return { service, colour, looks: [], missing: ["http_requests_total"] };
  }
  // What is counted up to now is counted up to the last scrape.
  const at = (seconds: number) => new Date(Date.parse(latest) - 1_000 * seconds).toISOString();
  const isPromised = whole.some(({ prompt }) => prompt !== undefined);
  let [totals, late] = [{ requests: 0, errors: 0, slow: 0 }, 0];
  const look = (seconds: number): Look => ({ at: at(seconds), ...totals, ...(isPromised && { late }) });
  const looks = [look(whole[0]?.ago.from ?? 0)];
  for (const { ago, requests = 0, errors = 0, measured, quick, prompt } of whole) {
    const most = Math.max(0, requests);
    const beyond = (bucket: number | undefined) =>
      measured === 0 ? 0 : within((measured ?? Number.NaN) - (bucket ?? Number.NaN), most);
    totals = {
      requests: totals.requests + most,
      errors: totals.errors + within(errors, most),
      slow: totals.slow + beyond(quick),
    };
    late += beyond(prompt);
    looks.push(look(ago.to));
  }
  return { service, colour, looks };
}

const within = (count: number, most: number): number => Math.min(most, Math.max(0, count));
