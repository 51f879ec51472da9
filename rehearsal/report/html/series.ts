import { REPORTED_RISK, binomialInterval } from "../../traffic/interval";
import type { Sample } from "../samples";

/** Green's share of new sessions around a moment, and where chance lets it lie. Shares in percent. */
export interface ShareSeen {
  readonly seconds: number;
  readonly observed: number;
  readonly low: number;
  readonly high: number;
}

/** Seconds that a share is observed over: in one alone there are few new sessions. */
const WINDOW = 10;

/** Of fewer new sessions a share tells nothing. */
const LEAST = 30;

/**
 * Green's share of the sessions that were new in the last ten seconds, since the rules have stood as they do. There
 * is no point where there were too few.
 */
export function observedShares(samples: readonly Sample[]): ShareSeen[] {
  return samples.flatMap(({ seconds, configured }, at) => {
    if (!configured) return [];
    let [blue, green] = [0, 0];
    for (let back = at; back >= 0; back -= 1) {
      const sample = samples[back] as Sample;
      if (sample.configured?.green !== configured.green || sample.seconds <= seconds - WINDOW) break;
      blue += sample.assigned.blue;
      green += sample.assigned.green;
    }
    const assigned = blue + green;
    if (assigned < LEAST) return [];
    const { low, high } = binomialInterval(assigned, configured.green, REPORTED_RISK);
    return [{ seconds, observed: (100 * green) / assigned, low, high }];
  });
}

/** When the rules came to give green which share, with the first that they were seen with. */
export function movesOf(samples: readonly Sample[]): { readonly seconds: number; readonly green: number }[] {
  const known = samples.flatMap(({ seconds, lasted, configured }) =>
    configured ? [{ seconds: seconds - lasted, green: configured.green }] : [],
  );
  return known.filter(({ green }, at) => green !== known[at - 1]?.green);
}

/** Parts of a line, broken where samples are further apart than this many seconds. */
export function unbroken<Point extends { readonly seconds: number }>(
  points: readonly Point[],
  apart = 5,
): Point[][] {
  const parts: Point[][] = [];
  for (const point of points) {
    const part = parts.at(-1);
    if (part && point.seconds - (part.at(-1) as Point).seconds <= apart) part.push(point);
    else parts.push([point]);
  }
  return parts;
}
